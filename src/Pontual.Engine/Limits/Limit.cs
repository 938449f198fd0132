namespace Pontual.Engine.Limits;

/// <summary>A bound on runs over all nodes: how many may be active at once, how many may start in a period, or both.</summary>
/// <param name="AtOnce">Most runs active at once (claimed and not settled), 1 to <see cref="MostAtOnce"/>; null for any number.</param>
/// <param name="Rate">Most starts in a period; null for any number. An attempt is a start: a retry counts again.</param>
/// <param name="Burst">Starts that may come together before the rate spreads them, 1 to the rate's count. With 1 they are evenly spread.</param>
public sealed record Limit(int? AtOnce, Rate? Rate, int Burst = 1)
{
    /// <summary>Most runs at once that a limit may name.</summary>
    public const int MostAtOnce = 10_000;

    /// <summary>The bound in words: "1 at once and 20 per 1m".</summary>
    public override string ToString() =>
        (AtOnce, Rate) switch
        {
            ({ } most, { } rate) => $"{most} at once and {Words(rate)}",
            ({ } most, null) => $"{most} at once",
            (null, { } rate) => Words(rate),
            _ => "no bound",
        };

    private static string Words(Rate rate) => $"{rate.Count} per {Jobs.Duration.Format(rate.Period)}";
}
