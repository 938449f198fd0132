using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.Waha;

/// <summary>The sessions of a WAHA.</summary>
internal sealed class WahaSessions(WahaWire wire) : ISessionGateway
{
    private const string All = "*";

    // By this header we know our own entry among several in a session's setting.
    private const string Mark = "X-Pontual";

    // 'message' as well would tell all that comes in twice.
    private static readonly string[] NeededEvents =
    [
        "message.any",
        "message.ack",
        "message.ack.group",
        "session.status",
        "group.v2.participants",
    ];

    /// <inheritdoc/>
    /// <remarks>Its webhooks cannot be set while a session runs: the whole setting is replaced, and that restarts it. They are set with a restart.</remarks>
    public GatewayTraits Traits { get; } =
        new()
        {
            Sends = true,
            ChecksNumbers = true,
            ListsMessages = true,
            TellsWebhook = true,
            CountsActivity = true,
            TellsRestrictions = true,
            Pairs = true,
            Steps = [CureStep.Restart, CureStep.StopStart],
        };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionFacts>> ListAsync(CancellationToken cancellation)
    {
        // Without 'all' those that are stopped are left out.
        const string path = "/api/sessions?all=true";
        var answer = await wire.SendAsync(default, HttpMethod.Get, path, null, cancellation);
        if (answer is not { IsSuccess: true, Json: { ValueKind: JsonValueKind.Array } rows })
        {
            throw wire.Trouble(default, answer, path);
        }

        return await ManyAtOnce.LookAsync(rows.Named(), FactsAsync, cancellation);
    }

    /// <inheritdoc/>
    public async Task CureAsync(SessionRef session, CureStep step, SessionState state, WebhookWish? webhook, CancellationToken cancellation)
    {
        var setting = webhook is null ? null : await ChangedAsync(session, webhook, cancellation);
        switch (step)
        {
            case CureStep.Restart when setting is not null:
                // This restarts a session that runs, or has failed; one that is stopped stays so, and a start does nothing to any other.
                await ReplaceAsync(session, setting, cancellation);
                if (state is SessionState.Stopped)
                {
                    await PostAsync(session, "start", cancellation);
                }

                break;
            case CureStep.Restart:
                await PostAsync(session, "restart", cancellation);
                break;
            case CureStep.StopStart:
                await PostAsync(session, "stop", cancellation);
                if (setting is not null)
                {
                    await ReplaceAsync(session, setting, cancellation);
                }

                await PostAsync(session, "start", cancellation);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, "WAHA has no such step: see the traits");
        }
    }

    /// <inheritdoc/>
    public async Task<PairingCode?> PairAsync(SessionRef session, CancellationToken cancellation)
    {
        var path = $"/api/{WahaWire.Escape(session.Id)}/auth/qr?format=raw";
        var answer = await wire.SendAsync(session, HttpMethod.Get, path, null, cancellation);
        return answer switch
        {
            { IsSuccess: true, Json: { } json } when json.Text("value") is { } text => new PairingCode(null, text),
            { IsSuccess: true, Json: { ValueKind: JsonValueKind.Object } } => null,
            // It shows no code now: it is paired, or not so far yet.
            _ when WahaWire.IsNotReady(answer) => null,
            _ => throw wire.Trouble(session, answer, path),
        };
    }

    /// <inheritdoc/>
    public Task LogOutAsync(SessionRef session, CancellationToken cancellation) => PostAsync(session, "logout", cancellation);

    /// <inheritdoc/>
    public async Task<WebhookSetting?> ReadWebhookAsync(SessionRef session, CancellationToken cancellation)
    {
        var row = await wire.AskAsync(session, HttpMethod.Get, WahaWire.PathOf(session), null, cancellation);
        var all = row.Items("config", "webhooks").ToList();
        if (all.Count == 0)
        {
            return null;
        }

        var ours = all.Find(IsOurs) is { ValueKind: JsonValueKind.Object } marked ? marked : all[0];
        return new WebhookSetting(ours.Text("url"), IsEnabled: true, MissingIn(ours));
    }

    /// <summary>Sets where webhooks go, which restarts a session that runs.</summary>
    public async Task SetWebhookAsync(SessionRef session, WebhookWish webhook, CancellationToken cancellation)
    {
        if (await ChangedAsync(session, webhook, cancellation) is { } setting)
        {
            await ReplaceAsync(session, setting, cancellation);
        }
    }

    /// <summary>Checks its own number, which its engine asks of the platform.</summary>
    public async Task<ProbeAnswer> ProbeAsync(SessionRef session, string? phone, CancellationToken cancellation)
    {
        try
        {
            var number = phone ?? await OwnAsync(session, cancellation);
            if (number is null)
            {
                return new ProbeAnswer(null, "its number is not known: there is nothing to ask for");
            }

            var path = $"/api/contacts/check-exists?phone={WahaWire.Escape(number)}&session={WahaWire.Escape(session.Id)}";
            await wire.AskAsync(session, HttpMethod.Get, path, null, cancellation, SignOfLife.Patience);
            return new ProbeAnswer(true, "it answered for its own number");
        }
        catch (GatewayException trouble) when (SignOfLife.IsMissing(trouble))
        {
            return new ProbeAnswer(false, trouble.Message);
        }
    }

    private async Task<SessionFacts> FactsAsync(JsonElement row, CancellationToken cancellation)
    {
        var session = new SessionRef(row.Text("name")!);
        var status = row.Text("status");
        var (state, note) = WahaStates.Of(status);
        var facts = new SessionFacts(session.Id, state, status ?? "no status")
        {
            Name = row.Text("me", "pushName"),
            Phone = LooseJson.PhoneOf(row.Text("me", "id")),
            Activity = row.Number("timestamps", "activity"),
            Note = note,
        };
        try
        {
            return state is SessionState.Connected
                ? facts with
                {
                    Restrictions = await RestrictionsAsync(session, row, cancellation),
                }
                : facts;
        }
        catch (GatewayException problem) when (problem.IsPassing)
        {
            return facts with { RestrictionsUnknown = problem.Message };
        }
    }

    /// <summary>They are told with the session where the version has them there, and else asked for. A version that knows neither tells none.</summary>
    private async Task<IReadOnlyList<Restriction>> RestrictionsAsync(SessionRef session, JsonElement row, CancellationToken cancellation)
    {
        var me = row.Get("me");
        if (me is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty("reachoutTimelock", out _))
        {
            return WahaStates.Restrictions(known.Get("reachoutTimelock"), known.Get("messageCapping"));
        }

        return WahaStates.Restrictions(
            await TrackedAsync(session, "timelock", cancellation),
            await TrackedAsync(session, "capping", cancellation)
        );
    }

    private async Task<JsonElement?> TrackedAsync(SessionRef session, string what, CancellationToken cancellation)
    {
        var path = WahaWire.PathOf(session, what);
        var answer = await wire.SendAsync(session, HttpMethod.Get, path, null, cancellation);
        // A version that does not know the route says 404. A failure tells nothing, and above all not that there is no restriction.
        return WahaWire.IsFailure(answer) ? throw wire.Trouble(session, answer, path)
            : answer is { IsSuccess: true, Json: { ValueKind: JsonValueKind.Object } json } ? json
            : null;
    }

    private async Task<string?> OwnAsync(SessionRef session, CancellationToken cancellation)
    {
        var row = await wire.AskAsync(session, HttpMethod.Get, WahaWire.PathOf(session), null, cancellation);
        return LooseJson.PhoneOf(row.Text("me", "id"));
    }

    /// <summary>The whole setting with our entry as it should be, and all else as it was. Null when there is nothing to change, so that nothing is restarted.</summary>
    private async Task<JsonObject?> ChangedAsync(SessionRef session, WebhookWish wish, CancellationToken cancellation)
    {
        var row = await wire.AskAsync(session, HttpMethod.Get, WahaWire.PathOf(session), null, cancellation);
        var all = row.Items("config", "webhooks").ToList();
        if (all.Exists(each => IsAsWished(each, wish)))
        {
            return null;
        }

        var setting = row.Get("config") is { ValueKind: JsonValueKind.Object } config ? JsonObject.Create(config)! : [];
        var others = all.Where(each => !IsOurs(each) && each.Text("url") != wish.Url.ToString());
        setting["webhooks"] = new JsonArray([.. others.Select(each => (JsonNode?)JsonObject.Create(each)), EntryOf(wish)]);
        return setting;
    }

    private static JsonObject EntryOf(WebhookWish wish)
    {
        var entry = new JsonObject
        {
            ["url"] = wish.Url.ToString(),
            ["events"] = new JsonArray([.. NeededEvents.Select(each => (JsonNode)each)]),
            ["retries"] = new JsonObject
            {
                ["policy"] = "exponential",
                ["delaySeconds"] = 2,
                ["attempts"] = 15,
            },
            ["customHeaders"] = new JsonArray(new JsonObject { ["name"] = Mark, ["value"] = "1" }),
        };
        if (wish.Secret is { } key)
        {
            entry["hmac"] = new JsonObject { ["key"] = key };
        }

        return entry;
    }

    private static bool IsAsWished(JsonElement entry, WebhookWish wish) =>
        entry.Text("url") == wish.Url.ToString()
        && MissingIn(entry).Count == 0
        && (wish.Secret is null ? entry.Text("hmac", "key") is null : SharedSecret.Matches(entry.Text("hmac", "key"), wish.Secret));

    private static bool IsOurs(JsonElement entry) => entry.Items("customHeaders").Any(header => header.Text("name") is Mark);

    private static IReadOnlyList<string> MissingIn(JsonElement entry)
    {
        var sent = entry.Items("events").Select(each => each.Text()).ToHashSet(StringComparer.Ordinal);
        return sent.Contains(All) ? [] : [.. NeededEvents.Where(needed => !sent.Contains(needed))];
    }

    private Task ReplaceAsync(SessionRef session, JsonObject setting, CancellationToken cancellation) =>
        wire.AskAsync(session, HttpMethod.Put, WahaWire.PathOf(session), new JsonObject { ["config"] = setting }, cancellation);

    private Task PostAsync(SessionRef session, string verb, CancellationToken cancellation) =>
        wire.AskAsync(session, HttpMethod.Post, WahaWire.PathOf(session, verb), null, cancellation);
}
