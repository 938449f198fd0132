using System.Text;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>What holds for a simulated schedule beside its times, known by its numbers: bounds, spread, and free weekends and nights.</summary>
/// <param name="Seed">The job's name.</param>
/// <param name="Start">First nominal time; null for none.</param>
/// <param name="End">Last nominal time; null for none.</param>
/// <param name="JitterSeconds">Most seconds a due time is moved later; 0 for none.</param>
/// <param name="NoWeekends">Saturdays and Sundays of the zone are left out.</param>
/// <param name="NoNights">From 22:00 to 06:00 of the zone nothing runs.</param>
internal sealed record OracleTerms(
    string Seed,
    DateTimeOffset? Start,
    DateTimeOffset? End,
    int JitterSeconds,
    bool NoWeekends,
    bool NoNights
)
{
    /// <summary>Six of ten have none; of the others each has about half of what there is.</summary>
    public static OracleTerms Draw(string seed, DateTimeOffset beginning, Random random)
    {
        if (random.Next(10) < 6)
        {
            return new OracleTerms(seed, null, null, 0, NoWeekends: false, NoNights: false);
        }

        var start = random.Next(3) == 0 ? beginning.AddMinutes(random.Next(30 * 1440)) : (DateTimeOffset?)null;
        return new OracleTerms(
            seed,
            start,
            random.Next(3) == 0 ? (start ?? beginning).AddMinutes(random.Next(60 * 1440)) : null,
            random.Next(2) * random.Next(1, 3000),
            random.Next(2) == 0,
            random.Next(2) == 0
        );
    }

    /// <summary>Adds its keys to a schedule's document.</summary>
    public void WriteTo(Dictionary<string, object> schedule)
    {
        var except = new List<object>();
        if (NoWeekends)
        {
            except.Add("weekends");
        }

        if (NoNights)
        {
            except.Add(new { hours = new Dictionary<string, string> { ["mon-sun"] = "22:00-06:00" } });
        }

        Add("start", Start?.ToString("yyyy-MM-ddTHH:mm:ssZ"));
        Add("end", End?.ToString("yyyy-MM-ddTHH:mm:ssZ"));
        Add("jitter", JitterSeconds > 0 ? $"{JitterSeconds}s" : null);
        Add("except", except.Count > 0 ? except : null);

        void Add(string key, object? value)
        {
            if (value is not null)
            {
                schedule[key] = value;
            }
        }
    }

    /// <summary>The due times in (after, until], rising, each with the word it must be skipped by, null where it is to run.</summary>
    public IEnumerable<(DateTimeOffset At, string? LeftOut)> DueTimes(OracleSchedule bare, DateTimeOffset after, DateTimeOffset until)
    {
        var nominal = bare.Occurrences(after.AddDays(-10), until.AddDays(10)).ToList();
        for (var i = 0; i + 1 < nominal.Count; i++)
        {
            var due = nominal[i].AddSeconds(Shift(nominal[i], nominal[i + 1]));
            if (due > after && due <= until && !(nominal[i] < Start) && !(nominal[i] > End))
            {
                yield return (due, LeftOut(bare.ToLocal(nominal[i])));
            }
        }
    }

    /// <summary>Nothing is due any more at an instant, however late its last due time was spread to.</summary>
    public bool HaveEnded(DateTimeOffset at) => End?.AddSeconds(JitterSeconds) < at;

    private string? LeftOut(DateTime local) =>
        NoWeekends && (local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) ? "excluded-day"
        : NoNights && (local.Hour is >= 22 or < 6) ? "window"
        : null;

    private long Shift(DateTimeOffset nominal, DateTimeOffset next)
    {
        if (JitterSeconds == 0)
        {
            return 0;
        }

        var room = (next.Ticks - nominal.Ticks - 1) / 10_000_000;
        var bytes = Encoding.UTF8.GetBytes(Seed);
        var seed = bytes.Aggregate(0xcbf29ce484222325UL, (hash, letter) => unchecked((hash ^ letter) * 0x100000001b3UL));
        return (long)(Scramble(seed ^ Scramble((ulong)nominal.UtcTicks)) % (ulong)(Math.Min(JitterSeconds, room) + 1));

        static ulong Scramble(ulong z)
        {
            unchecked
            {
                z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9UL;
                z = (z ^ z >> 27) * 0x94d049bb133111ebUL;
                return z ^ z >> 31;
            }
        }
    }
}
