using System.Text.Json;

namespace Pontual.EndToEnd.Tests.Sessions.Fleet;

/// <summary>A stretch in which a channel did not work, as the API tells it (S3-08).</summary>
/// <param name="Session">Whose.</param>
/// <param name="FoundAt">When it was found.</param>
/// <param name="EndedAt">Its end; null while it goes on.</param>
/// <param name="Attempts">How many attempts it says it took.</param>
/// <param name="Listed">How many of them it tells.</param>
/// <param name="CuredBy">The step after which it worked; null for none.</param>
/// <param name="Gap">What became of its messages; null for nothing yet.</param>
/// <param name="Found">How many were found afterwards.</param>
internal sealed record FleetOutage(
    string Session,
    DateTimeOffset FoundAt,
    DateTimeOffset? EndedAt,
    int Attempts,
    int Listed,
    string? CuredBy,
    string? Gap,
    int Found
)
{
    public static FleetOutage Of(FleetSession session, JsonElement outage, int listed) =>
        new(
            session.Id,
            outage.GetProperty("found_at").GetDateTimeOffset(),
            outage.GetProperty("ended_at") is { ValueKind: JsonValueKind.String } ended ? ended.GetDateTimeOffset() : null,
            outage.GetProperty("attempts").GetInt32(),
            listed,
            outage.GetProperty("cured_by").GetString(),
            outage.GetProperty("gap").GetString(),
            outage.GetProperty("gap_found").GetInt32()
        );

    /// <summary>Whether it has an end and what became of its messages, and every attempt is told.</summary>
    public bool IsWhole => EndedAt is not null && Gap is "none" or "found" or "not-possible" && Attempts == Listed;
}
