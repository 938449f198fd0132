using System.Text.Json;
using Pontual.Engine.Checks;
using Pontual.Engine.Jobs;

namespace Pontual.Engine.Tests.Checks;

public sealed class CheckTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid One = Guid.Parse("01900000-0000-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("01900000-0000-7000-8000-000000000002");

    /// <summary>What is said of a check that is to report every hour within ten minutes: pings as minute and signal, and the state at a minute.</summary>
    [Theory]
    [InlineData("", 0, CheckState.New)]
    [InlineData("", 59, CheckState.New)]
    [InlineData("", 60, CheckState.Late)]
    [InlineData("", 70, CheckState.Late)]
    [InlineData("", 71, CheckState.Down)]
    [InlineData("5 ok", 64, CheckState.Up)]
    [InlineData("5 ok", 65, CheckState.Late)]
    [InlineData("5 ok", 75, CheckState.Late)]
    [InlineData("5 ok", 76, CheckState.Down)]
    [InlineData("5 ok, 90 ok", 91, CheckState.Up)]
    [InlineData("5 fail", 6, CheckState.Failing)]
    [InlineData("5 3", 6, CheckState.Failing)]
    [InlineData("5 0", 6, CheckState.Up)]
    [InlineData("5 fail, 30 ok", 31, CheckState.Up)]
    [InlineData("5 fail", 76, CheckState.Down)]
    [InlineData("5 start", 6, CheckState.Started)]
    [InlineData("5 start", 15, CheckState.Started)]
    [InlineData("5 start", 16, CheckState.Down)]
    [InlineData("5 start, 14 ok", 15, CheckState.Up)]
    [InlineData("5 fail, 30 start", 31, CheckState.Failing)]
    // What begins over and over and never ends is down as soon as its report is overdue, not later.
    [InlineData("30 start, 39 start, 48 start, 57 start, 66 start", 70, CheckState.Started)]
    [InlineData("30 start, 39 start, 48 start, 57 start, 66 start", 71, CheckState.Down)]
    public void A_check_is_judged_by_the_clock(string pings, int minute, CheckState expected)
    {
        var check = Pinged(Hourly(), pings);

        Assert.Equal(expected, check.StateAt(Start.AddMinutes(minute)));
    }

    [Fact]
    public void An_end_takes_the_duration_of_the_start_it_names()
    {
        var (begun, _) = Hourly().Pinged(new Ping(PingKind.Start, Start) { Run = One });
        var (both, _) = begun.Pinged(new Ping(PingKind.Start, Start.AddMinutes(2)) { Run = Other });

        var (firstEnded, first) = both.Pinged(new Ping(PingKind.Success, Start.AddMinutes(3)) { Run = One }, startedAt: Start);
        var (_, second) = firstEnded.Pinged(new Ping(PingKind.Success, Start.AddMinutes(4)) { Run = Other });
        var (_, unknown) = both.Pinged(new Ping(PingKind.Success, Start.AddMinutes(3)) { Run = Guid.Empty });

        Assert.Equal(TimeSpan.FromMinutes(3), first.Duration);
        Assert.Equal(Start.AddMinutes(2), firstEnded.Progress.StartedAt);
        Assert.Equal(TimeSpan.FromMinutes(2), second.Duration);
        Assert.Null(unknown.Duration);
    }

    [Fact]
    public void A_report_just_ahead_of_its_time_counts_for_that_time()
    {
        var nightly = Check("""{"name":"backup","schedule":{"cron":"0 2 * * *","zone":"UTC"}}""").Definition;

        Assert.Equal(new DateTimeOffset(2026, 3, 11, 2, 0, 0, TimeSpan.Zero), nightly.DueAfter(new(2026, 3, 10, 1, 59, 50, TimeSpan.Zero)));
        Assert.Equal(new DateTimeOffset(2026, 3, 10, 2, 0, 0, TimeSpan.Zero), nightly.DueAfter(new(2026, 3, 10, 1, 58, 50, TimeSpan.Zero)));
        Assert.Equal(new DateTimeOffset(2026, 3, 11, 2, 0, 0, TimeSpan.Zero), nightly.DueAfter(new(2026, 3, 10, 2, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("""{"every":"1m"}""", 120)]
    [InlineData("""{"every":"1h"}""", 3_600)]
    [InlineData("""{"every":"1d"}""", 3_600)]
    [InlineData("""{"every":"7d"}""", 86_400)]
    [InlineData("""{"cron":"*/5 * * * *"}""", 600)]
    public void Without_a_grace_the_frequency_says_how_late_it_may(string schedule, int seconds)
    {
        var check = Check($$"""{"name":"x","schedule":{{schedule}}}""");

        Assert.Equal(TimeSpan.FromSeconds(seconds), check.Definition.GraceAt(Start));
    }

    [Fact]
    public void A_paused_check_owes_nothing_until_the_pause_ends()
    {
        var paused = Pinged(Hourly(), "5 ok")
            .Silenced(new Pause(Start.AddMinutes(10), "moving", "ana", Start.AddHours(5)), Start.AddMinutes(10));
        var pinged = Pinged(paused, "20 ok");
        var forGood = Hourly().Silenced(new Pause(Start, null, null, null), Start);

        Assert.Equal(CheckState.Paused, pinged.StateAt(Start.AddHours(4)));
        Assert.Equal(CheckState.Up, pinged.StateAt(Start.AddHours(5)));
        Assert.Equal(CheckState.Down, pinged.StateAt(Start.AddHours(6.5)));
        Assert.Equal(CheckState.Paused, forGood.StateAt(Start.AddYears(1)));
        Assert.Null(forGood.Progress.AlertAfter);
        Assert.Equal(CheckState.New, forGood.Silenced(null, Start.AddYears(1)).StateAt(Start.AddYears(1).AddMinutes(59)));
    }

    [Theory]
    [InlineData("""{"schedule":{"every":"1h"}}""", "", "required")]
    [InlineData("""{"name":"No","schedule":{"every":"1h"}}""", "/name", "name")]
    [InlineData("""{"name":"x"}""", "", "required")]
    [InlineData("""{"name":"x","schedule":"manual"}""", "/schedule", "schedule")]
    [InlineData("""{"name":"x","schedule":{"cron":"@reboot"}}""", "/schedule", "schedule")]
    [InlineData("""{"name":"x","schedule":{"delay":"1h"}}""", "/schedule", "schedule")]
    [InlineData("""{"name":"x","schedule":{"every":"1h","jitter":"5m"}}""", "/schedule", "conflict")]
    [InlineData("""{"name":"x","schedule":{"cron":"0 9 * * *","except":["ours"]}}""", "/schedule", "calendar")]
    [InlineData("""{"name":"x","schedule":{"every":"1h"},"grace":"0s"}""", "/grace", "range")]
    [InlineData("""{"name":"x","schedule":{"every":"1h"},"tags":"a"}""", "/tags", "tags")]
    [InlineData("""{"name":"x","schedule":{"every":"1h"},"tags":["a",""]}""", "/tags", "tags")]
    [InlineData("""{"name":"x","schedule":{"every":"1h"},"graze":"1h"}""", "/graze", "unknown-key")]
    public void A_wrong_document_is_refused_where_it_is_wrong(string text, string path, string rule)
    {
        var problems = new List<DocumentProblem>();

        Assert.Null(CheckDocument.Read(JsonElement.Parse(text), "", problems));
        Assert.Contains(problems, problem => (problem.Path, problem.Rule) == (path, rule));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        const string Text =
            """{"name":"x","description":"d","schedule":{"cron":"0 9 * * *","except":["br"]},"grace":"1h30m","tags":["a","b"]}""";

        Assert.Equal(Text, CheckDocument.Serialize(CheckDocument.Deserialize(Text)));
        Assert.Throws<InvalidDataException>(() => CheckDocument.Deserialize("{}"));
        Assert.Throws<InvalidDataException>(() => CheckDocument.Deserialize("{"));
    }

    [Theory]
    [InlineData(null, PingKind.Success, null)]
    [InlineData("start", PingKind.Start, null)]
    [InlineData("fail", PingKind.Failure, null)]
    [InlineData("0", PingKind.Success, 0)]
    [InlineData("255", PingKind.Failure, 255)]
    public void A_signal_is_read(string? text, PingKind kind, int? code)
    {
        Assert.True(Ping.TryReadSignal(text, out var read, out var exit));
        Assert.Equal((kind, code), (read, exit));
    }

    [Theory]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("Start")]
    [InlineData("+1")]
    public void What_is_no_signal_is_refused(string text) => Assert.False(Ping.TryReadSignal(text, out _, out _));

    private static Check Hourly() => Check("""{"name":"hourly","schedule":{"every":"1h"},"grace":"10m"}""");

    private static Check Check(string document)
    {
        var definition = CheckDocument.Deserialize(document);
        return new Check
        {
            Id = 1,
            Definition = definition,
            Revision = 1,
            PingKey = "ping",
            BadgeKey = "badge",
            Progress = CheckProgress.Of(definition, Start),
        };
    }

    private static Check Pinged(Check check, string pings)
    {
        foreach (var ping in pings.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = ping.Split(' ');
            Assert.True(Ping.TryReadSignal(parts[1] == "ok" ? null : parts[1], out var kind, out var code));
            var at = Start.AddMinutes(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture));
            (check, _) = check.Pinged(new Ping(kind, at) { Code = code });
        }

        return check;
    }
}
