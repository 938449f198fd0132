using System.Diagnostics;
using NCrontab;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;

namespace Pontual.Bench.Cases;

/// <summary>Next and previous occurrence of a cron expression and the reading of one, beside Quartz and, in UTC, NCrontab.</summary>
internal sealed class CronCase : ICase
{
    private const int Calls = 200_000;
    private const int HostileTexts = 200_000;
    private const string Utc = "UTC";

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Start.AddYears(10);

    private static readonly (string Ours, string Quartz, bool ForNCrontab)[] Expressions =
    [
        ("* * * * *", "0 * * * * ?", true),
        ("*/5 8-19 * * *", "0 */5 8-19 * * ?", true),
        ("0 9,14 * * 1-5", "0 0 9,14 ? * 2-6", true),
        ("0 0 29 2 *", "0 0 0 29 2 ?", true),
        ("0 0 L * *", "0 0 0 L * ?", false),
        ("0 0 * * 1#2", "0 0 0 ? * 2#2", false),
        ("*/30 * * * * *", "*/30 * * * * ?", true),
    ];

    /// <summary>Made to be searched for long: 29 February on a fifth Monday or any, and days that never come.</summary>
    private static readonly string[] Adversarial = ["0 0 29 2 1#5", "0 0 31 2 *", "0 0 30W 2 *", "0 0 0 29 2 ? 2199"];

    private interface IWork
    {
        void Do();
    }

    public string Name => "cron";

    public string Summary =>
        "ns for the next and the previous occurrence of a cron expression and for reading one, beside Quartz and NCrontab";

    public IReadOnlyList<string> Aims =>
        [
            "next occurrence in UTC, no allocation: ahead of every peer on every expression; Cronos by 0.66 x Quartz on * * * * * and 0.08 x on 29 February",
            "the same in America/Sao_Paulo and America/New_York: ahead of every peer (stretch, chained: 12 ns UTC, 16 ns in zones; 29 February 25 and 30 ns)",
            "parse: 150 ns, ahead of every peer",
        ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        // Twice, and the second counts: by then the runtime has compiled every path for good.
        var calls = options.Of(Calls, Calls, Calls / 200);
        MeasureAll(calls / 20);
        await Task.Delay(TimeSpan.FromSeconds(1));
        return MeasureAll(calls);
    }

    private static List<Figure> MeasureAll(int calls)
    {
        List<Figure> figures = [];
        foreach (var zone in (string[])[Utc, "America/Sao_Paulo", "America/New_York"])
        {
            foreach (var (ours, quartz, forNCrontab) in Expressions)
            {
                var schedule = new CronSchedule(CronExpression.Parse(ours), Zone.Parse(zone));
                var peer = new Quartz.CronExpression(quartz, TimeZoneInfo.FindSystemTimeZoneById(zone));
                var other = forNCrontab && zone == Utc ? NCrontab(ours) : null;
                figures.Add(Next($"next, same input  {ours}  {zone}", schedule, peer, other, isChained: false, calls));
                figures.Add(Next($"next, chained     {ours}  {zone}", schedule, peer, other, isChained: true, calls));
                var (previous, bytes) = Measure(new Previous(schedule), calls);
                figures.Add(new Figure($"previous, chained {ours}  {zone}", previous, "ns") { Bytes = bytes });
            }
        }

        figures.AddRange(Expressions.Select(expression => Parse(expression.Ours, expression.Quartz, expression.ForNCrontab, calls)));
        figures.AddRange(Adversarial.Select(text => SearchLong(text, calls / 10)));
        figures.Add(ParseHostile());
        return figures;
    }

    private static Figure Next(
        string name,
        CronSchedule schedule,
        Quartz.CronExpression peer,
        CrontabSchedule? other,
        bool isChained,
        int calls
    )
    {
        var (ours, bytes) = Measure(new OurNext(schedule, isChained), calls);
        var (theirs, _) = Measure(new QuartzNext(peer, isChained), calls);
        return new Figure(name, ours, "ns", "Quartz", theirs)
        {
            Other = other is null ? null : ("NCrontab", Measure(new NCrontabNext(other, isChained), calls).Nanoseconds),
            Bytes = bytes,
            Aim = "ahead, 0 B",
        };
    }

    private static Figure Parse(string ours, string quartz, bool forNCrontab, int calls)
    {
        var (nanoseconds, bytes) = Measure(new OurParse(ours), calls);
        var (theirs, _) = Measure(new QuartzParse(quartz), calls / 10);
        return new Figure($"parse             {ours}", nanoseconds, "ns", "Quartz", theirs)
        {
            Other = forNCrontab ? ("NCrontab", Measure(new NCrontabParse(ours), calls).Nanoseconds) : null,
            Bytes = bytes,
            Aim = "150, ahead",
        };
    }

    private static Figure SearchLong(string text, int calls)
    {
        var (nanoseconds, bytes) = Measure(new SearchWork(text), calls);
        return new Figure($"parse, never fires, next, previous: {text}", nanoseconds, "ns") { Bytes = bytes };
    }

    /// <summary>The mean over random and mutated texts, nearly all of them wrong, so that finding what was meant is in it.</summary>
    private static Figure ParseHostile()
    {
        var random = new Random(20_261_121);
        const string Signs = "0123456789*/,-?LW#HMONJAN @\t\0é９";
        var texts = Enumerable
            .Range(0, HostileTexts)
            .Select(index =>
            {
                if (index % 2 == 0)
                {
                    return string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Signs[random.Next(Signs.Length)]));
                }

                var valid = Expressions[random.Next(Expressions.Length)].Ours;
                var at = random.Next(valid.Length);
                return valid[..at] + Signs[random.Next(Signs.Length)] + valid[Math.Min(valid.Length, at + random.Next(3))..];
            })
            .ToArray();
        var (nanoseconds, bytes) = Measure(new HostileParse(texts), HostileTexts);
        return new Figure($"parse             {HostileTexts:#,0} hostile texts, mean", nanoseconds, "ns") { Bytes = bytes };
    }

    private static CrontabSchedule NCrontab(string text) =>
        CrontabSchedule.Parse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = text.Count(sign => sign == ' ') == 5 });

    /// <summary>The best of several rounds; a generic over a struct, so that no call through a delegate is measured.</summary>
    private static (double Nanoseconds, double Bytes) Measure<TWork>(TWork work, int calls)
        where TWork : struct, IWork
    {
        const int Rounds = 7;
        var best = double.MaxValue;
        var allocated = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            for (var call = 0; call < calls; call++)
            {
                work.Do();
            }

            best = Math.Min(best, clock.Elapsed.TotalNanoseconds / calls);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (best, Math.Floor((double)allocated / calls)); // The stopwatch and the loop's own compilation are less than a byte a call.
    }

    private struct OurNext(CronSchedule schedule, bool isChained) : IWork
    {
        private DateTimeOffset _at = Start;
        private DateTimeOffset? _next;

        public void Do()
        {
            _next = schedule.Next(_at);
            if (isChained)
            {
                _at = _next is { } next && next < End ? next : Start;
            }
        }
    }

    private struct Previous(CronSchedule schedule) : IWork
    {
        private DateTimeOffset _at = End;

        public void Do() => _at = schedule.Previous(_at) is { } previous && previous > Start ? previous : End;
    }

    private struct QuartzNext(Quartz.CronExpression expression, bool isChained) : IWork
    {
        private DateTimeOffset _at = Start;
        private DateTimeOffset? _next;

        public void Do()
        {
            _next = expression.GetNextValidTimeAfter(_at);
            if (isChained)
            {
                _at = _next is { } next && next < End ? next : Start;
            }
        }
    }

    private struct NCrontabNext(CrontabSchedule schedule, bool isChained) : IWork
    {
        private DateTime _at = Start.UtcDateTime;
        private DateTime _next;

        public void Do()
        {
            _next = schedule.GetNextOccurrence(_at);
            if (isChained)
            {
                _at = _next < End.UtcDateTime ? _next : Start.UtcDateTime;
            }
        }
    }

    private readonly struct OurParse(string text) : IWork
    {
        public void Do() => CronExpression.Parse(text);
    }

    private readonly struct SearchWork(string text) : IWork
    {
        public void Do()
        {
            var expression = CronExpression.Parse(text);
            _ = expression.NeverFires;
            _ = expression.NextLocal(Start.DateTime);
            _ = expression.PreviousLocal(Start.DateTime);
        }
    }

    private struct HostileParse(string[] texts) : IWork
    {
        private int _at;

        public void Do()
        {
            _ = CronExpression.TryParse(texts[_at], out _, out _);
            _at = (_at + 1) % texts.Length;
        }
    }

    private readonly struct QuartzParse(string text) : IWork
    {
        public void Do() => _ = new Quartz.CronExpression(text, TimeZoneInfo.Utc);
    }

    private readonly struct NCrontabParse(string text) : IWork
    {
        public void Do() => NCrontab(text);
    }
}
