using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>What Meta's webhooks tell of a number's quality and of the account. They name no session: of quality only the number, of accounts nothing.</summary>
internal static class CloudApiAccounts
{
    /// <summary>Of a number's quality. What ends a warning tells nothing of other restrictions: the next look at the number clears them.</summary>
    public static GatewayEvent Quality(JsonElement value)
    {
        var said = value.Text("event") ?? "phone_number_quality_update";
        var limit = value.Text("max_daily_conversations_per_business") ?? value.Text("current_limit");
        Restriction[] restrictions = said is "FLAGGED" or "DOWNGRADE"
            ? [new Restriction(RestrictionKind.Warning, limit is null ? said : $"{said} {limit}")]
            : [];
        return new GatewayEvent.SessionChanged(
            "",
            new SessionFacts("", SessionState.Unknown, said)
            {
                Phone = LooseJson.PhoneOf(value.Text("display_phone_number")),
                Note = limit,
                Restrictions = restrictions,
            }
        )
        {
            TellsRestrictions = restrictions.Length > 0,
        };
    }

    /// <summary>Of the account: restrictions and their ends, violations, and being switched off.</summary>
    public static GatewayEvent Account(JsonElement value)
    {
        var said = value.Text("event") ?? "account_update";
        return (said, value.Text("ban_info", "waba_ban_state")) switch
        {
            (_, "DISABLE") => Changed(SessionState.Banned, said, [new Restriction(RestrictionKind.Blocked, $"{said} DISABLE")]),
            (_, "SCHEDULE_FOR_DISABLE") => Changed(
                SessionState.Unknown,
                said,
                [
                    new Restriction(
                        RestrictionKind.Warning,
                        $"{said} SCHEDULE_FOR_DISABLE {value.Text("ban_info", "waba_ban_date")}".TrimEnd()
                    ),
                ]
            ),
            (_, "REINSTATE") => Changed(SessionState.Unknown, said, []),
            ("ACCOUNT_RESTRICTION", _) => Restricted(said, value),
            ("ACCOUNT_VIOLATION", _) => Changed(
                SessionState.Unknown,
                said,
                [new Restriction(RestrictionKind.Warning, $"{said} {value.Text("violation_info", "violation_type")}".TrimEnd())]
            ),
            ("ACCOUNT_DELETED" or "ACCOUNT_OFFBOARDED" or "PARTNER_REMOVED", _) => new GatewayEvent.SessionChanged(
                "",
                new SessionFacts("", SessionState.Stopped, said) { Note = "the account is no longer ours to use" }
            )
            {
                IsOfAccount = true,
            },
            _ => new GatewayEvent.Other("", $"account_update:{said}"),
        };
    }

    private static GatewayEvent Restricted(string said, JsonElement value)
    {
        // Written as a list, and by some as one object.
        var rows = value.Get("restriction_info") is { ValueKind: JsonValueKind.Object } one ? [one] : value.Items("restriction_info");
        var restrictions = rows.Select(row => (Kind: KindOf(row.Text("restriction_type")), Row: row))
            .Where(each => each.Kind is not null)
            .Select(each => new Restriction(each.Kind!.Value, each.Row.Text("restriction_type")!, each.Row.Instant("expiration")))
            .ToArray();
        return restrictions.Length > 0
            ? Changed(SessionState.Unknown, said, restrictions)
            : new GatewayEvent.Other("", $"account_update:{said}");
    }

    /// <summary>Those that hold up messages. Not being able to add numbers or to call does not.</summary>
    private static RestrictionKind? KindOf(string? type) =>
        type switch
        {
            // Neither is a ban: both end, and the number is there afterwards.
            "RESTRICTED_BIZ_INITIATED_MESSAGING" or "RESTRICTED_CUSTOMER_INITIATED_MESSAGING" => RestrictionKind.Restricted,
            "RESTRICTED_UTILITY_TEMPLATES" or "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES" => RestrictionKind.Warning,
            _ => null,
        };

    private static GatewayEvent.SessionChanged Changed(SessionState state, string raw, IReadOnlyList<Restriction> restrictions) =>
        new("", new SessionFacts("", state, raw) { Restrictions = restrictions }) { TellsRestrictions = true, IsOfAccount = true };
}
