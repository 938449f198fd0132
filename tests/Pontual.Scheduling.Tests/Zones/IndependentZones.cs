using System.Globalization;

namespace Pontual.Scheduling.Tests.Zones;

/// <summary>What another program says about time zones: Data/zones.txt, written by Data/zones.py.</summary>
internal sealed record IndependentZones(string Database, IReadOnlyList<IndependentZone> Zones)
{
    /// <summary>The years it speaks of, end exclusive.</summary>
    public static readonly DateTimeOffset First = new(2017, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset End = new(2046, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IndependentZones Read()
    {
        using var stream = typeof(IndependentZones).Assembly.GetManifestResourceStream("zones.txt")!;
        using var reader = new StreamReader(stream);
        var database = "";
        List<IndependentZone> zones = [];
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "#")
            {
                database = words[1] == "database" ? words[2] : database;
            }
            else if (words[0] == "zone")
            {
                zones.Add(new IndependentZone(words[1], [], []));
            }
            else if (words[0] == "offsets")
            {
                zones[^1].Samples.AddRange(words.Skip(1).SelectMany(Samples));
            }
            else
            {
                zones[^1].Changes.Add(Change(words));
            }
        }

        return new IndependentZones(database, zones);
    }

    private static IEnumerable<TimeSpan> Samples(string run)
    {
        var parts = run.Split('x');
        return Enumerable.Repeat(Minutes(parts[0]), int.Parse(parts[1]));
    }

    private static IndependentChange Change(string[] words) =>
        new(
            DateTimeOffset.Parse(words[0], CultureInfo.InvariantCulture),
            Minutes(words[1]),
            Minutes(words[2]),
            [.. words.Skip(3).Select(word => (word[0], Minutes(word[1..].Split('/')[0]), Minutes(word.Split('/')[1])))]
        );

    private static TimeSpan Minutes(string text) => TimeSpan.FromMinutes(int.Parse(text, CultureInfo.InvariantCulture));
}

/// <summary>One zone; its samples are the offset at <see cref="IndependentZones.First"/> and at every <see cref="SampleDistance"/> after it.</summary>
internal sealed record IndependentZone(string Id, List<TimeSpan> Samples, List<IndependentChange> Changes)
{
    public static readonly TimeSpan SampleDistance = TimeSpan.FromSeconds(1_000_003);
}

/// <summary>One change of the clock; its probes say of five local times around the change: s(ingle), m(issing) or r(epeated), and the offset at the earlier and at the later reading.</summary>
internal sealed record IndependentChange(
    DateTimeOffset At,
    TimeSpan Before,
    TimeSpan After,
    IReadOnlyList<(char Kind, TimeSpan Earlier, TimeSpan Later)> Probes
)
{
    /// <summary>The local times of <see cref="Probes"/>.</summary>
    public IEnumerable<DateTime> Locals
    {
        get
        {
            var (one, other) = ((At + Before).DateTime, (At + After).DateTime);
            var (first, end) = one < other ? (one, other) : (other, one);
            var second = TimeSpan.FromSeconds(1);
            return [first - second, first, first + ((end - first) / 2), end - second, end];
        }
    }
}
