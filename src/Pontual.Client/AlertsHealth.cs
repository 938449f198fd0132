namespace Pontual.Client;

/// <summary>What is wrong now, in one list.</summary>
/// <param name="Status"><c>ok</c>, <c>degraded</c> or <c>critical</c>.</param>
/// <param name="CheckedAt">As of when.</param>
/// <param name="LookedAt">When somebody looked last; null before the first look.</param>
/// <param name="Summary">How many there are.</param>
/// <param name="Alerts">The worst first.</param>
public sealed record AlertsHealth(
    string Status,
    DateTimeOffset CheckedAt,
    DateTimeOffset? LookedAt,
    AlertCounts Summary,
    IReadOnlyList<Alert> Alerts
);

/// <summary>How many alerts are open.</summary>
/// <param name="Total">All.</param>
/// <param name="Critical">Those that somebody should look at now.</param>
/// <param name="Warning">Those of today.</param>
/// <param name="Info">Those that are good to know.</param>
/// <param name="Acknowledged">Those that somebody took note of.</param>
public sealed record AlertCounts(int Total, int Critical, int Warning, int Info, int Acknowledged);

/// <summary>How well the system is.</summary>
/// <param name="Score">100 less all penalties, at least 0.</param>
/// <param name="Status"><c>ok</c>, <c>degraded</c> or <c>critical</c>.</param>
/// <param name="CheckedAt">As of when.</param>
/// <param name="LookedAt">When somebody looked last; null before the first look.</param>
/// <param name="Penalties">The highest first.</param>
public sealed record HealthScore(
    int Score,
    string Status,
    DateTimeOffset CheckedAt,
    DateTimeOffset? LookedAt,
    IReadOnlyList<Penalty> Penalties
);

/// <summary>What one alert takes from the score.</summary>
/// <param name="Points">How much.</param>
/// <param name="Rule">Its rule.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Reason">Why.</param>
public sealed record Penalty(int Points, string Rule, string Subject, string Reason);
