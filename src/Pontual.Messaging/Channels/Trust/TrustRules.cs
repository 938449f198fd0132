namespace Pontual.Messaging.Channels.Trust;

/// <summary>Where a threshold comes from, so that nobody takes practice for fact.</summary>
public enum TrustSource
{
    /// <summary>The platform, or a gateway, says so.</summary>
    Platform,

    /// <summary>Practice of vendors and their communities; nothing that WhatsApp has published.</summary>
    Vendor,

    /// <summary>Our own choice.</summary>
    Local,
}

/// <summary>How much a part of the score counts, and what it takes for all of it and for none. In between it is in proportion.</summary>
/// <param name="Code">Its name: AGE, REPLY.</param>
/// <param name="Most">The points there are for it.</param>
/// <param name="Full">The measure from which on all points are given.</param>
/// <param name="Zero">The measure from which on none are.</param>
/// <param name="Window">Of which time it is, for people.</param>
/// <param name="Source">Where that comes from.</param>
/// <param name="Least">Fewer than this are not enough to judge by.</param>
public sealed record TrustThreshold(string Code, double Most, double Full, double Zero, string Window, TrustSource Source, int Least = 0)
{
    /// <summary>The points for a measure.</summary>
    public double PointsFor(double measure) => Most * Math.Clamp((measure - Zero) / (Full - Zero), 0, 1);
}

/// <summary>A score that is not exceeded as long as something is so.</summary>
/// <param name="Alarm">As long as what is so.</param>
/// <param name="Most">The highest score.</param>
/// <param name="Source">Where that comes from.</param>
public sealed record TrustCeiling(TrustAlarm Alarm, int Most, TrustSource Source);

/// <summary>By what a score is judged. All of it can be changed; what is shipped are defaults, each labelled with where it comes from.</summary>
public sealed record TrustRules
{
    /// <summary>Names these rules in what is kept, so that an old score can be explained. Whoever changes them names them anew.</summary>
    public string Version { get; init; } = "default-1";

    /// <summary>Days in use.</summary>
    public TrustThreshold Age { get; init; } = new("AGE", 10, Full: 60, Zero: 0, "life", TrustSource.Vendor);

    /// <summary>Outages and zombies.</summary>
    public TrustThreshold Outages { get; init; } = new("STABILITY", 15, Full: 0, Zero: 6, "7d", TrustSource.Vendor);

    /// <summary>The share of time in which it worked; counts where it says worse than <see cref="Outages"/>.</summary>
    public TrustThreshold Uptime { get; init; } = new("STABILITY", 15, Full: 0.99, Zero: 0.8, "7d", TrustSource.Local);

    /// <summary>The share that the platform took.</summary>
    public TrustThreshold Delivery { get; init; } = new("DELIVERY", 15, Full: 0.97, Zero: 0.8, "7d", TrustSource.Local, Least: 20);

    /// <summary>The share for numbers that do not exist.</summary>
    public TrustThreshold Invalid { get; init; } = new("INVALID", 10, Full: 0.01, Zero: 0.1, "7d", TrustSource.Vendor, Least: 20);

    /// <summary>The share of people that answered.</summary>
    public TrustThreshold Reply { get; init; } = new("REPLY", 20, Full: 0.3, Zero: 0.05, "14d", TrustSource.Vendor, Least: 20);

    /// <summary>The share of people that want nothing.</summary>
    public TrustThreshold OptOut { get; init; } = new("OPTOUT", 10, Full: 0.005, Zero: 0.04, "14d", TrustSource.Vendor, Least: 20);

    /// <summary>The share of messages that begin a conversation.</summary>
    public TrustThreshold Cold { get; init; } = new("COLD", 10, Full: 0.2, Zero: 0.8, "7d", TrustSource.Vendor, Least: 20);

    /// <summary>The used share of the platform's quota; counts where it says worse than <see cref="Cold"/>.</summary>
    public TrustThreshold Quota { get; init; } = new("COLD", 10, Full: 0.5, Zero: 1, "7d", TrustSource.Local, Least: 1);

    /// <summary>How many times the day's cap was sent.</summary>
    public TrustThreshold Pace { get; init; } = new("PACE", 5, Full: 1, Zero: 2, "24h", TrustSource.Vendor);

    /// <summary>How many times as much as usual was sent; counts where it says worse than <see cref="Pace"/>, from this many messages on.</summary>
    public TrustThreshold Spike { get; init; } = new("PACE", 5, Full: 1.5, Zero: 2, "24h", TrustSource.Local, Least: 20);

    /// <summary>The share of first messages that are the same.</summary>
    public TrustThreshold Duplicate { get; init; } = new("DUPLICATE", 5, Full: 0.2, Zero: 0.9, "24h", TrustSource.Vendor, Least: 5);

    /// <summary>What bounds a score from above.</summary>
    public IReadOnlyList<TrustCeiling> Ceilings { get; init; } =
    [
        new(TrustAlarm.Banned, 0, TrustSource.Platform),
        new(TrustAlarm.Restricted, 39, TrustSource.Platform),
        new(TrustAlarm.Zombie, 79, TrustSource.Local),
        new(TrustAlarm.Warning, 79, TrustSource.Platform),
        new(TrustAlarm.FirstWarning, 89, TrustSource.Platform),
    ];

    /// <summary>The lowest healthy score.</summary>
    public int Healthy { get; init; } = 80;

    /// <summary>The lowest score that is not critical.</summary>
    public int Attention { get; init; } = 40;

    /// <summary>Points that must be known of the hundred for a score to be given at all.</summary>
    public double LeastKnown { get; init; } = 40;

    /// <summary>A score that not all is known for is never higher.</summary>
    public int MostUnsure { get; init; } = 99;

    /// <summary>Evaluations in a row that must be better before a worse band is left.</summary>
    public int EvaluationsToRise { get; init; } = 2;

    /// <summary>How long the platform must have kept quiet before a worse band is left.</summary>
    public TimeSpan QuietToRise { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Most messages of a day by the days in use.</summary>
    public IReadOnlyList<WarmUpStep> Ladder { get; init; } = [new(0, 20), new(3, 40), new(6, 80), new(10, 150), new(15, 300), new(30, 600)];

    /// <summary>What is shipped.</summary>
    public static TrustRules Default { get; } = new();

    /// <summary>All thresholds.</summary>
    public IReadOnlyList<TrustThreshold> Thresholds =>
        [Age, Outages, Uptime, Delivery, Invalid, Reply, OptOut, Cold, Quota, Pace, Spike, Duplicate];

    /// <summary>The most messages of a day after a time in use; null when that is not known.</summary>
    public int? CapAfter(TimeSpan? age) =>
        age is { } used ? Ladder.Where(step => step.FromDay <= used.TotalDays).MaxBy(step => step.FromDay)?.MostADay : null;
}

/// <summary>A step of the warm-up. Practice of vendors on its cautious side: WhatsApp publishes no number for gateways of this kind.</summary>
/// <param name="FromDay">From this day in use on; 0 for the first.</param>
/// <param name="MostADay">Most messages of a day.</param>
public sealed record WarmUpStep(int FromDay, int MostADay);
