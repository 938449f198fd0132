using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Engine.Tests.Jobs;

public class JobDocumentPropertyTests
{
    private static readonly Calendar Brazil = BuiltInCalendars.TryFind("br", out var found) ? found : throw new InvalidOperationException();
    private static readonly DateTimeOffset Spring = new(2026, 9, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly Schedule[] Schedules =
    [
        ManualSchedule.Instance,
        new EverySchedule(TimeSpan.FromSeconds(30)),
        new EverySchedule(TimeSpan.FromHours(12), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
        new OnceSchedule(new DateTimeOffset(2026, 12, 1, 12, 0, 0, 250, TimeSpan.Zero)),
        new CronSchedule(CronExpression.Parse("*/5 8-19 * * MON-FRI"), Zone.Default),
        new CronSchedule(
            CronExpression.Parse("*/30 * * * * *"),
            Zone.Parse("Europe/Dublin"),
            new DstRules(GapRule.Skip, OverlapRule.Second)
        ),
        new CronSchedule(CronExpression.Parse("@daily"), Zone.Utc, new DstRules(Gap: GapRule.RunShifted)),
        new CronSchedule(CronExpression.Parse("0 9 1 * *"), Zone.Default)
        {
            Terms = new Terms
            {
                Calendars = new CalendarRules { Except = [Brazil, Calendar.Named("own")], Shift = DayShift.NextBusinessDay },
            },
        },
        new EverySchedule(TimeSpan.FromMinutes(10))
        {
            Zone = Zone.Utc,
            Terms = new Terms
            {
                Start = Spring,
                Calendars = new CalendarRules { Only = [Brazil] },
            },
        },
        new DelaySchedule(TimeSpan.FromSeconds(90))
        {
            Terms = new Terms { Start = Spring, End = Spring.AddDays(9) },
        },
        new StartupSchedule(),
    ];

    private static readonly string[] Targets =
    [
        """{"url":"${env:BASE}/jobs/x","method":"POST","body":{"n":1.50,"á":[null,true,"\"\u0001 😀"]}}""",
        "{}",
        """{"argv":["php","a b.php"],"env":{"X":""}}""",
    ];

    [Fact]
    public void What_is_written_reads_back_as_the_same_job() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).Select(seed => Any(new System.Random(seed))).ToArbitrary(),
                job =>
                {
                    var text = JobDocument.Serialize(job);
                    var read = JobDocument.Deserialize(text);
                    return JobDocument.Serialize(read) == text && (read with { ScheduleDocument = null }) == job;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void No_mutation_of_a_document_makes_the_reader_throw()
    {
        const int Seed = 20260309;
        var random = new System.Random(Seed);
        for (var round = 0; round < 3000; round++)
        {
            var text = Mutated(JobDocument.Serialize(Any(random)), random);
            var problems = new List<DocumentProblem>();
            JsonDocument json;
            try
            {
                json = JsonDocument.Parse(text);
            }
            catch (JsonException)
            {
                continue;
            }

            using (json)
            {
                var job = JobDocument.Read(json.RootElement, "", problems);
                (job is null).ShouldBe(problems.Count > 0, $"seed {Seed}, round {round}: {text}");
            }
        }
    }

    private static JobDefinition Any(System.Random random)
    {
        var overlap = Pick(JobWords.Overlaps.Values.ToArray());
        var catchUp = Pick(JobWords.CatchUps.Values.ToArray());
        return new JobDefinition
        {
            Name = JobName.Parse(Pick(["a", "processar_grupos", "0.x-y"])),
            Description = Pick([null, "Lembretes: às 9h", "\"quoted\""]),
            Schedule = Pick(Schedules),
            Target = new Target(Pick(["http", "process", "custom-kind"]), JsonDocument.Parse(Pick(Targets)).RootElement),
            Timeout = Pick([
                JobDefinition.DefaultTimeout,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromDays(7),
                TimeSpan.FromMilliseconds(90_500),
            ]),
            Overlap = overlap,
            CatchUp = catchUp,
            CatchUpWindow =
                catchUp is CatchUp.All
                    ? Pick([JobDefinition.DefaultCatchUpWindow, TimeSpan.FromHours(3)])
                    : JobDefinition.DefaultCatchUpWindow,
            Retry = Pick([
                RetryPolicy.None,
                new(3, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), FailureKinds.Network | FailureKinds.Target),
                RetryPolicy.None with
                {
                    MaxAttempts = 100,
                },
            ]),
            Critical = Pick([true, false]),
            Sla = Pick([null, TimeSpan.FromMinutes(3), (TimeSpan?)TimeSpan.FromDays(8)]),
            Queue = Pick([JobDefinition.DefaultQueue, "slow"]),
            Priority = random.Next(-10, 11),
            Concurrency = overlap is Overlap.Allow ? Pick([null, (int?)1, 10_000]) : null,
            Log = Pick([null, "logs/a.log", "/var/log/a b.log"]),
        };

        T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
    }

    /// <summary>Swaps, drops, doubles or replaces pieces of the text: most results are still JSON, few are jobs.</summary>
    private static string Mutated(string text, System.Random random)
    {
        string[] pieces =
        [
            "null",
            "true",
            "-1",
            "1e999",
            "\"\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "[]",
            "{}",
            "\"P1D\"",
            "99999999999999999999",
            "\"*/0 * * * *\"",
            "{\"every\":\"1s\"}",
        ];
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var colon = text.IndexOf(':', random.Next(text.Length));
            var end = colon < 0 ? -1 : text.IndexOfAny([',', '}'], colon);
            text =
                end < 0 ? text
                : random.Next(3) == 0 ? text.Remove(random.Next(text.Length), 1)
                : string.Concat(text.AsSpan(0, colon + 1), pieces[random.Next(pieces.Length)], text.AsSpan(end));
        }

        return text;
    }
}
