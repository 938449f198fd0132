using Pontual.Messaging.Channels.Trust;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Trust;

public class TrustJudgeTests
{
    private static readonly TrustRules Rules = TrustRules.Default;

    /// <summary>A number that nothing is to be said against.</summary>
    private static readonly TrustFacts Best = new()
    {
        Age = TimeSpan.FromDays(90),
        Outages = 0,
        Uptime = 1,
        Delivered = new Share(1_000, 1_000),
        Invalid = new Share(1_000, 0),
        Replied = new Share(200, 100),
        OptedOut = new Share(200, 0),
        Cold = new Share(1_000, 100),
        Sent = 150,
        DailyCap = 600,
        UsualSent = 150,
        Identical = new Share(50, 5),
        TellsRestrictions = true,
    };

    [Fact]
    public void All_points_are_a_hundred_and_the_parts_are_those_of_the_design()
    {
        var score = TrustJudge.Judge(Best, Rules);

        (score.Score, score.Band, score.Confidence).ShouldBe((100, TrustBand.Healthy, TrustConfidence.Full));
        score
            .Components.Select(part => (part.Code, part.Most))
            .ShouldBe([
                ("AGE", 10),
                ("STABILITY", 15),
                ("DELIVERY", 15),
                ("INVALID", 10),
                ("REPLY", 20),
                ("OPTOUT", 10),
                ("COLD", 10),
                ("PACE", 5),
                ("DUPLICATE", 5),
            ]);
        score.Components.Sum(part => part.Most).ShouldBe(100);
        score.Components.ShouldAllBe(part => part.Evidence.Count > 0);
    }

    [Theory]
    [InlineData("AGE", 0, 0)]
    [InlineData("AGE", 30, 5)]
    [InlineData("AGE", 60, 10)]
    [InlineData("AGE", 400, 10)]
    [InlineData("OUTAGES", 0, 15)]
    [InlineData("OUTAGES", 2, 10)]
    [InlineData("OUTAGES", 6, 0)]
    [InlineData("OUTAGES", 60, 0)]
    [InlineData("UPTIME", 99, 15)]
    [InlineData("UPTIME", 89.5, 7.5)]
    [InlineData("UPTIME", 79, 0)]
    [InlineData("DELIVERY", 97, 15)]
    [InlineData("DELIVERY", 88.5, 7.5)]
    [InlineData("DELIVERY", 80, 0)]
    [InlineData("INVALID", 1, 10)]
    [InlineData("INVALID", 5.5, 5)]
    [InlineData("INVALID", 10, 0)]
    [InlineData("REPLY", 30, 20)]
    [InlineData("REPLY", 17.5, 10)]
    [InlineData("REPLY", 5, 0)]
    [InlineData("OPTOUT", 0.5, 10)]
    [InlineData("OPTOUT", 4, 0)]
    [InlineData("COLD", 20, 10)]
    [InlineData("COLD", 50, 5)]
    [InlineData("COLD", 80, 0)]
    [InlineData("QUOTA", 50, 10)]
    [InlineData("QUOTA", 100, 0)]
    [InlineData("PACE", 100, 5)]
    [InlineData("PACE", 150, 2.5)]
    [InlineData("PACE", 200, 0)]
    [InlineData("SPIKE", 150, 5)]
    [InlineData("SPIKE", 200, 0)]
    [InlineData("DUPLICATE", 20, 5)]
    [InlineData("DUPLICATE", 55, 2.5)]
    [InlineData("DUPLICATE", 90, 0)]
    public void Each_part_goes_from_its_full_points_to_none(string measure, double percent, double points)
    {
        // Shares of ten thousand, so that every percentage of the table is a whole number of things.
        var share = new Share(10_000, (int)Math.Round(percent * 100));
        var facts = measure switch
        {
            "AGE" => Best with { Age = TimeSpan.FromDays(percent) },
            "OUTAGES" => Best with { Outages = (int)percent },
            "UPTIME" => Best with { Uptime = percent / 100 },
            "DELIVERY" => Best with { Delivered = share },
            "INVALID" => Best with { Invalid = share },
            "REPLY" => Best with { Replied = share },
            "OPTOUT" => Best with { OptedOut = share },
            "COLD" => Best with { Cold = share },
            "QUOTA" => Best with { Quota = share },
            "PACE" => Best with { Sent = (int)(6 * percent), UsualSent = null },
            "SPIKE" => Best with { Sent = (int)percent, UsualSent = 100 },
            _ => Best with { Identical = share },
        };

        var score = TrustJudge.Judge(facts, Rules);

        var code = measure switch
        {
            "OUTAGES" or "UPTIME" => "STABILITY",
            "QUOTA" => "COLD",
            "SPIKE" => "PACE",
            _ => measure,
        };
        var part = score.Components.Single(component => component.Code == code);
        part.Points!.Value.ShouldBe(points, 0.01);
        score.Score.ShouldBe((int)Math.Floor(100 - part.Most + part.Points.Value + 1e-9));
    }

    [Theory]
    [InlineData(TrustAlarm.Banned, 0, TrustBand.Critical)]
    [InlineData(TrustAlarm.Restricted, 39, TrustBand.Critical)]
    [InlineData(TrustAlarm.Zombie, 79, TrustBand.Attention)]
    [InlineData(TrustAlarm.Warning, 79, TrustBand.Attention)]
    [InlineData(TrustAlarm.FirstWarning, 89, TrustBand.Healthy)]
    public void A_ceiling_bounds_the_best_score_and_says_why(TrustAlarm alarm, int most, TrustBand band)
    {
        var score = TrustJudge.Judge(Best with { Alarm = alarm }, Rules);

        (score.Score, score.Band).ShouldBe((most, band));
        score.Bounds.ShouldHaveSingleItem().Reason.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(100, TrustBand.Healthy)]
    [InlineData(80, TrustBand.Healthy)]
    [InlineData(79, TrustBand.Attention)]
    [InlineData(40, TrustBand.Attention)]
    [InlineData(39, TrustBand.Critical)]
    [InlineData(0, TrustBand.Critical)]
    public void Bands_begin_where_they_should(int most, TrustBand band)
    {
        var rules = Rules with { Ceilings = [new TrustCeiling(TrustAlarm.Warning, most, TrustSource.Local)] };

        TrustJudge.Judge(Best with { Alarm = TrustAlarm.Warning }, rules).Band.ShouldBe(band);
    }

    [Fact]
    public void Too_little_data_is_a_state_of_its_own_and_never_a_hundred()
    {
        var nothing = TrustJudge.Judge(
            new TrustFacts
            {
                Age = TimeSpan.FromDays(90),
                Outages = 0,
                Uptime = 1,
            },
            Rules
        );
        var some = TrustJudge.Judge(Best with { Replied = new Share(19, 19), OptedOut = new Share(19, 0) }, Rules);

        (nothing.Score, nothing.Band, nothing.Confidence).ShouldBe((null, TrustBand.NotEnoughData, TrustConfidence.None));
        (some.Score, some.Band, some.Confidence).ShouldBe((99, TrustBand.Healthy, TrustConfidence.Partial));
        some.Components.Single(part => part.Code == "REPLY").Evidence.ShouldHaveSingleItem().ShouldContain("not enough data: 19");
    }

    [Fact]
    public void What_the_platform_forbids_counts_also_where_little_is_known()
    {
        var banned = TrustJudge.Judge(new TrustFacts { Alarm = TrustAlarm.Banned }, Rules);
        var restricted = TrustJudge.Judge(new TrustFacts { Alarm = TrustAlarm.Restricted }, Rules);

        (banned.Score, banned.Band).ShouldBe((0, TrustBand.Critical));
        (restricted.Score, restricted.Band).ShouldBe((null, TrustBand.Critical));
    }

    [Fact]
    public void A_gateway_that_hides_restrictions_is_not_taken_to_have_none()
    {
        TrustJudge.Judge(Best with { TellsRestrictions = false }, Rules).Notes.ShouldHaveSingleItem().ShouldContain("cannot be seen");
        TrustJudge.Judge(Best, Rules).Notes.ShouldBeEmpty();
    }

    [Fact(DisplayName = "Worse evidence never raises a score, whatever else is known")]
    public void Worse_evidence_never_raises_a_score()
    {
        var random = new Random(20260308);
        for (var round = 0; round < 20_000; round++)
        {
            var facts = Some(random);
            var worse = Worsened(facts, random);

            var (before, after) = (TrustJudge.Judge(facts, Rules), TrustJudge.Judge(worse, Rules));

            (after.Score ?? 101).ShouldBeLessThanOrEqualTo(before.Score ?? 101, $"{facts}\n{worse}");
            ((int)after.Band).ShouldBeLessThanOrEqualTo((int)before.Band, $"{facts}\n{worse}");
        }
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(2.9, 20)]
    [InlineData(3, 40)]
    [InlineData(29, 300)]
    [InlineData(365, 600)]
    public void The_warm_up_allows_more_by_and_by(double days, int most) => Rules.CapAfter(TimeSpan.FromDays(days)).ShouldBe(most);

    [Fact]
    public void Every_threshold_says_where_it_comes_from_and_can_be_changed()
    {
        var stricter = Rules with { Version = "ours-1", Reply = Rules.Reply with { Full = 0.6, Source = TrustSource.Local } };

        var score = TrustJudge.Judge(Best, stricter);

        Rules.Thresholds.ShouldAllBe(threshold => Enum.IsDefined(threshold.Source) && threshold.Window.Length > 0);
        score.RuleVersion.ShouldBe("ours-1");
        score.Components.Single(part => part.Code == "REPLY").Points!.Value.ShouldBe(20 * (0.5 - 0.05) / (0.6 - 0.05), 0.01);
    }

    private static TrustFacts Some(Random random)
    {
        return new TrustFacts
        {
            Age = random.Next(4) == 0 ? null : TimeSpan.FromDays(random.Next(0, 100)),
            Outages = random.Next(4) == 0 ? null : random.Next(0, 9),
            Uptime = random.Next(4) == 0 ? null : random.NextDouble(),
            Delivered = AShare(),
            Invalid = AShare(),
            Replied = AShare(),
            OptedOut = AShare(),
            Cold = AShare(),
            Quota = random.Next(2) == 0 ? default : AShare(),
            Sent = random.Next(0, 1_500),
            DailyCap = random.Next(4) == 0 ? null : 600,
            UsualSent = random.Next(4) == 0 ? null : random.Next(0, 700),
            Identical = AShare(),
            Alarm = random.Next(3) == 0 ? (TrustAlarm)random.Next(0, 4) : null,
        };

        Share AShare()
        {
            var all = random.Next(0, 60);
            return new Share(all, random.Next(0, all + 1));
        }
    }

    /// <summary>The same amounts, with one thing of them worse.</summary>
    private static TrustFacts Worsened(TrustFacts facts, Random random) =>
        random.Next(11) switch
        {
            0 => facts with { Age = facts.Age / 2 },
            1 => facts with { Outages = facts.Outages + 1 },
            2 => facts with { Uptime = facts.Uptime * 0.9 },
            3 => facts with { Delivered = facts.Delivered with { Some = Math.Max(0, facts.Delivered.Some - 1) } },
            4 => facts with { Invalid = More(facts.Invalid) },
            5 => facts with { Replied = facts.Replied with { Some = Math.Max(0, facts.Replied.Some - 1) } },
            6 => facts with { OptedOut = More(facts.OptedOut) },
            7 => facts with { Cold = More(facts.Cold) },
            8 => facts with { Quota = More(facts.Quota) },
            9 => facts with { Identical = More(facts.Identical) },
            _ => facts with { Alarm = TrustAlarm.Banned },
        };

    private static Share More(Share share) => share with { Some = Math.Min(share.All, share.Some + 1) };
}
