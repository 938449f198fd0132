namespace Pontual.Messaging.Channels.Trust;

/// <summary>The band that a channel is in, which falls at once and rises slowly, so that a number on the edge does not flicker.</summary>
/// <param name="Band">The band.</param>
/// <param name="Better">Evaluations in a row that were better.</param>
/// <param name="Reach">The worst band that those came to; null for none.</param>
public sealed record TrustStanding(TrustBand Band, int Better = 0, TrustBand? Reach = null)
{
    /// <summary>Where it stands after an evaluation.</summary>
    /// <param name="before">Where it stood; null before the first.</param>
    /// <param name="judged">The band of the score by itself.</param>
    /// <param name="alarmedAt">When the platform last restricted or warned; null for never.</param>
    /// <param name="now">When it is evaluated.</param>
    /// <param name="rules">What it takes to rise.</param>
    public static TrustStanding Next(
        TrustStanding? before,
        TrustBand judged,
        DateTimeOffset? alarmedAt,
        DateTimeOffset now,
        TrustRules rules
    )
    {
        // Only what is known to be bad is left slowly.
        if (before is null || judged <= before.Band || before.Band >= TrustBand.NotEnoughData)
        {
            return new TrustStanding(judged);
        }

        var reach = before.Reach is { } lower && lower < judged ? lower : judged;
        var better = before.Better + 1;
        return better >= rules.EvaluationsToRise && !(now - alarmedAt < rules.QuietToRise)
            ? new TrustStanding(reach)
            : before with
            {
                Better = better,
                Reach = reach,
            };
    }
}
