using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.Waha;

/// <summary>WAHA's words for states, and what it tells of restrictions.</summary>
internal static class WahaStates
{
    /// <summary>The state, and what there is to say of it. A word of a later version is Unknown, not an error.</summary>
    public static (SessionState State, string? Note) Of(string? status) =>
        status switch
        {
            "WORKING" => (SessionState.Connected, null),
            "STARTING" => (SessionState.Connecting, null),
            "SCAN_QR_CODE" => (SessionState.NeedsPairing, null),
            "PASSKEY_REQUIRED" => (SessionState.NeedsPairing, "the phone asks for its passkey"),
            "PASSKEY_CONFIRMATION_REQUIRED" => (SessionState.NeedsPairing, "the passkey has to be confirmed on the phone"),
            "STOPPED" => (SessionState.Stopped, null),
            "FAILED" => (SessionState.Stopped, "it failed: a start tries again, and shows a code if the phone has unpaired it"),
            _ => (SessionState.Unknown, null),
        };

    /// <summary>What the platform restricts. The session itself stays WORKING, and chats that exist go on.</summary>
    /// <param name="timelock">Of reaching out to new people (463); null for none.</param>
    /// <param name="capping">Of the number of new chats in a cycle (475); null for none.</param>
    public static IReadOnlyList<Restriction> Restrictions(JsonElement? timelock, JsonElement? capping)
    {
        var all = new List<Restriction>();
        if (timelock is { } locked && locked.Flag("isActive") is true)
        {
            all.Add(
                new Restriction(
                    RestrictionKind.Restricted,
                    $"timelock {locked.Text("enforcementType") ?? "of no named sort"}",
                    locked.Instant("timeEnforcementEnds")
                )
            );
        }

        if (capping is { } capped && capped.Text("cappingStatus") is { } word && KindOf(word) is { } kind)
        {
            all.Add(new Restriction(kind, word, capped.Instant("cycleEnd")));
        }

        return all;
    }

    private static RestrictionKind? KindOf(string word) =>
        word switch
        {
            "NONE" => null,
            "FIRST_WARNING" => RestrictionKind.FirstWarning,
            "SECOND_WARNING" => RestrictionKind.Warning,
            "CAPPED" => RestrictionKind.Restricted,
            _ => RestrictionKind.Warning,
        };
}
