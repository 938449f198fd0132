using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>What Meta says of a number, in our words.</summary>
internal static class CloudApiStates
{
    private const long AccountLocked = 131031;

    /// <summary>A row of <c>phone_numbers</c> and what <c>health_status</c> says of the number.</summary>
    public static SessionFacts Facts(JsonElement number, JsonElement? health, string? trouble)
    {
        var (raw, canSend) = (number.Text("status") ?? "", health?.Text("can_send_message"));
        var restrictions = Restrictions(number, health);
        var state = StateOf(raw);
        return new SessionFacts(
            number.Text("id")!,
            state is SessionState.Connected && canSend is "BLOCKED" ? SessionState.Restricted : state,
            raw
        )
        {
            Name = number.Text("verified_name"),
            Phone = LooseJson.PhoneOf(number.Text("display_phone_number")),
            Note = trouble ?? (canSend is null or "AVAILABLE" ? null : $"can_send_message {canSend}{Errors(health!.Value)}"),
            Restrictions = restrictions,
        };
    }

    /// <summary>The state of a number. Flagged and limited numbers still send.</summary>
    public static SessionState StateOf(string status) =>
        status switch
        {
            "CONNECTED" or "FLAGGED" => SessionState.Connected,
            "RESTRICTED" or "RATE_LIMITED" => SessionState.Restricted,
            "BANNED" => SessionState.Banned,
            "DISCONNECTED" or "DELETED" or "UNVERIFIED" or "PENDING" or "MIGRATED" => SessionState.Stopped,
            _ => SessionState.Unknown,
        };

    private static List<Restriction> Restrictions(JsonElement number, JsonElement? health)
    {
        var found = new List<Restriction>();
        switch (number.Text("quality_rating"))
        {
            case "YELLOW":
                found.Add(new Restriction(RestrictionKind.Warning, "quality_rating YELLOW"));
                break;
            case "RED":
                found.Add(new Restriction(RestrictionKind.Restricted, "quality_rating RED"));
                break;
        }

        switch (number.Text("status"))
        {
            case "FLAGGED":
                found.Add(new Restriction(RestrictionKind.Warning, "status FLAGGED"));
                break;
            case "RESTRICTED" or "RATE_LIMITED":
                found.Add(new Restriction(RestrictionKind.Restricted, $"status {number.Text("status")}"));
                break;
            case "BANNED":
                found.Add(new Restriction(RestrictionKind.Blocked, "status BANNED"));
                break;
        }

        switch (health?.Text("can_send_message"))
        {
            case "LIMITED":
                found.Add(new Restriction(RestrictionKind.Warning, $"can_send_message LIMITED{Errors(health.Value)}"));
                break;
            case "BLOCKED":
                found.Add(
                    new Restriction(
                        IsLocked(health.Value) ? RestrictionKind.Blocked : RestrictionKind.Restricted,
                        $"can_send_message BLOCKED{Errors(health.Value)}"
                    )
                );
                break;
        }

        return found;
    }

    /// <summary>BLOCKED says that a requirement for messages is not met: a payment, a verification, a restriction. Only one of its codes is that of a lock.</summary>
    private static bool IsLocked(JsonElement health) =>
        health.Items("entities").SelectMany(entity => entity.Items("errors")).Any(error => error.Number("error_code") is AccountLocked);

    /// <summary>Why, of all that stands between us and a message: the number, its account, the business, the app.</summary>
    private static string Errors(JsonElement health)
    {
        var errors = health
            .Items("entities")
            .SelectMany(entity =>
                entity
                    .Items("errors")
                    .Select(error => $"{entity.Text("entity_type")} {error.Text("error_code")} {error.Text("error_description")}")
            )
            .ToList();
        return errors.Count == 0 ? "" : $": {string.Join("; ", errors)}";
    }
}
