namespace Pontual.Messaging.Channels.Liveness;

/// <summary>How long a channel is usually quiet, by the hour of the week in which its last message came: Friday 22 h, until the morning.</summary>
/// <remarks>Of each hour only its longest silence counts, once a week, for within a busy hour most are short. Mean and spread follow the rule for round trips
/// (RFC 6298, 2.3: gains of 1/8 and 1/4); what is allowed is the mean and four times the spread. The first spread is an eighth and not a half: there is one
/// sample a week, and one night differs little from the next.</remarks>
/// <param name="Slot">0 for Monday 0 h to 167 for Sunday 23 h, in the tenant's zone.</param>
public sealed record QuietHour(int Slot)
{
    /// <summary>How many slots there are.</summary>
    public const int Slots = 7 * 24;

    // Two weeks: a single long silence may have been an outage.
    private const int FewestSamples = 2;

    /// <summary>Mean of the longest silences, in seconds.</summary>
    public double Mean { get; init; }

    /// <summary>How much they differ.</summary>
    public double Spread { get; init; }

    /// <summary>How many weeks are in it.</summary>
    public int Samples { get; init; }

    /// <summary>The hour that is counted now; null before the first.</summary>
    public DateTimeOffset? Hour { get; init; }

    /// <summary>The longest silence that began in it so far, in seconds.</summary>
    public double Longest { get; init; }

    /// <summary>The slot of a local time.</summary>
    public static int SlotOf(DateTime local) => ((((int)local.DayOfWeek + 6) % 7) * 24) + local.Hour;

    /// <summary>What is allowed from this slot on; null as long as too little is known.</summary>
    public TimeSpan? Allowed => Samples < FewestSamples ? null : TimeSpan.FromSeconds(Mean + (4 * Spread));

    /// <summary>Learns from a silence that has ended.</summary>
    /// <param name="from">Its first instant, in this slot.</param>
    /// <param name="to">Its end.</param>
    public QuietHour Learn(DateTimeOffset from, DateTimeOffset to)
    {
        var (hour, seconds) = (Truncated(from), (to - from).TotalSeconds);
        return seconds <= 0 ? this
            : Hour == hour ? this with { Longest = Math.Max(Longest, seconds) }
            : Folded() with { Hour = hour, Longest = seconds };
    }

    /// <summary>As it is when the hour that is counted is over too.</summary>
    public QuietHour Folded()
    {
        if (Hour is null)
        {
            return this;
        }

        var folded = this with { Hour = null, Longest = 0, Samples = Samples + 1 };
        return Samples == 0
            ? folded with
            {
                Mean = Longest,
                Spread = Longest / 8,
            }
            : folded with
            {
                Spread = (0.75 * Spread) + (0.25 * Math.Abs(Mean - Longest)),
                Mean = (0.875 * Mean) + (0.125 * Longest),
            };
    }

    private static DateTimeOffset Truncated(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
