using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.Evolution;

/// <summary>The instances of an Evolution API.</summary>
internal sealed class EvolutionSessions(EvolutionWire wire) : ISessionGateway
{
    private static readonly string[] NeededEvents =
    [
        "MESSAGES_UPSERT",
        "MESSAGES_UPDATE",
        "SEND_MESSAGE",
        "CONNECTION_UPDATE",
        "QRCODE_UPDATED",
        "STATUS_INSTANCE",
        "LOGOUT_INSTANCE",
        "REMOVE_INSTANCE",
        "GROUPS_UPSERT",
        "GROUP_PARTICIPANTS_UPDATE",
    ];

    /// <inheritdoc/>
    public GatewayTraits Traits { get; } =
        new()
        {
            Sends = true,
            ChecksNumbers = true,
            ListsMessages = true,
            TellsWebhook = true,
            SetsWebhook = true,
            CountsActivity = true,
            CountsMessages = true,
            Pairs = true,
            Steps = [CureStep.SetWebhook, CureStep.Restart],
        };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionFacts>> ListAsync(CancellationToken cancellation)
    {
        const string path = "/instance/fetchInstances";
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
        switch (step)
        {
            case CureStep.SetWebhook:
                await SetWebhookAsync(
                    session,
                    webhook ?? throw new ArgumentNullException(nameof(webhook), "say where the webhooks are to go"),
                    cancellation
                );
                break;
            case CureStep.Restart:
                await RestartAsync(session, state, cancellation);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, "Evolution has no such step: see the traits");
        }
    }

    /// <inheritdoc/>
    public async Task<PairingCode?> PairAsync(SessionRef session, CancellationToken cancellation)
    {
        var shown = await wire.AskAsync(session, HttpMethod.Get, EvolutionWire.PathOf("/instance/connect", session), null, cancellation);

        // Of an open instance this is its state; of one that has no code yet no more than a count.
        return EvolutionEvents.CodeIn(shown);
    }

    /// <inheritdoc/>
    public Task LogOutAsync(SessionRef session, CancellationToken cancellation) =>
        wire.AskAsync(session, HttpMethod.Delete, EvolutionWire.PathOf("/instance/logout", session), null, cancellation);

    /// <inheritdoc/>
    public async Task<WebhookSetting?> ReadWebhookAsync(SessionRef session, CancellationToken cancellation)
    {
        var path = EvolutionWire.PathOf("/webhook/find", session);
        var answer = await wire.SendAsync(session, HttpMethod.Get, path, null, cancellation);
        if (answer is not { IsSuccess: true, Json: { ValueKind: JsonValueKind.Object or JsonValueKind.Null } setting })
        {
            throw wire.Trouble(session, answer, path);
        }

        if (setting.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        var sent = setting.Items("events").Select(each => each.Text()).ToHashSet(StringComparer.Ordinal);
        // By events each goes to a path of its own below the address, and not to the address.
        var url = setting.Flag("webhookByEvents") is true ? $"{setting.Text("url")}/*" : setting.Text("url");
        return new WebhookSetting(url, setting.Flag("enabled") is true, [.. NeededEvents.Where(needed => !sent.Contains(needed))]);
    }

    /// <inheritdoc/>
    public Task SetWebhookAsync(SessionRef session, WebhookWish webhook, CancellationToken cancellation)
    {
        // Without the list of events Evolution breaks over it; with an empty one it takes all.
        var setting = new JsonObject
        {
            ["enabled"] = true,
            ["url"] = webhook.Url.ToString(),
            ["headers"] = webhook.Secret is { } secret ? new JsonObject { [EvolutionWebhooks.SecretHeader] = secret } : new JsonObject(),
            ["byEvents"] = false,
            ["base64"] = false,
            ["events"] = new JsonArray([.. NeededEvents.Select(each => (JsonNode)each)]),
        };
        return wire.AskAsync(
            session,
            HttpMethod.Post,
            EvolutionWire.PathOf("/webhook/set", session),
            new JsonObject { ["webhook"] = setting },
            cancellation,
            told: webhook
        );
    }

    /// <summary>Asks for the profile of a business: unlike the check of a number, which a table of the gateway may answer, this always asks the platform.</summary>
    public async Task<ProbeAnswer> ProbeAsync(SessionRef session, string? phone, CancellationToken cancellation)
    {
        var path = EvolutionWire.PathOf("/chat/fetchBusinessProfile", session);
        try
        {
            var body = phone is null ? new JsonObject() : new JsonObject { ["number"] = phone };
            await wire.AskAsync(session, HttpMethod.Post, path, body, cancellation, SignOfLife.Patience);
            return new ProbeAnswer(true, "it answered for its own profile");
        }
        catch (GatewayException trouble) when (trouble.Message.Contains("Method not available", StringComparison.Ordinal))
        {
            return new ProbeAnswer(null, "an instance over the Cloud API has no such question");
        }
        catch (GatewayException trouble) when (SignOfLife.IsMissing(trouble))
        {
            return new ProbeAnswer(false, trouble.Message);
        }
    }

    private async Task<SessionFacts> FactsAsync(JsonElement row, CancellationToken cancellation)
    {
        var session = new SessionRef(row.Text("name")!);
        string? memory;
        try
        {
            memory = await StateAsync(session, cancellation);
        }
        catch (GatewayException problem) when (problem.IsPassing)
        {
            // One session that cannot be asked hides none of the others.
            return SessionFacts.Unasked(session.Id, problem);
        }

        var database = row.Text("connectionStatus");
        var code = (int?)row.Number("disconnectionReasonCode");
        var (state, note) = EvolutionStates.Of(memory, database, code);
        if (row.Text("integration") is "WHATSAPP-BUSINESS")
        {
            note = "over the Cloud API: Evolution says open whatever is true";
        }

        return new SessionFacts(session.Id, state, memory ?? $"not loaded, {database}")
        {
            Name = row.Text("profileName"),
            Phone = LooseJson.PhoneOf(row.Text("ownerJid")) ?? LooseJson.PhoneOf(row.Text("number")),
            Activity = row.Number("_count", "Message"),
            Code = database is "close" ? code : null,
            Note = note,
        };
    }

    /// <returns>Null when the instance is in the database and not in memory.</returns>
    private async Task<string?> StateAsync(SessionRef session, CancellationToken cancellation)
    {
        var path = EvolutionWire.PathOf("/instance/connectionState", session);
        var answer = await wire.SendAsync(session, HttpMethod.Get, path, null, cancellation);
        return answer switch
        {
            { Status: 404, Json: not null } => null,
            { IsSuccess: true, Json: { ValueKind: JsonValueKind.Object } json } when !EvolutionWire.IsError(json) => json.Text(
                "instance",
                "state"
            ) ?? json.Text("state"),
            _ => throw wire.Trouble(session, answer, path),
        };
    }

    /// <summary>A connection that is open or on its way is restarted, one that is closed is connected: each refuses the other.</summary>
    private async Task RestartAsync(SessionRef session, SessionState state, CancellationToken cancellation)
    {
        if (
            state
            is SessionState.Connected
                or SessionState.Connecting
                or SessionState.Degraded
                or SessionState.Zombie
                or SessionState.Restricted
        )
        {
            var path = EvolutionWire.PathOf("/instance/restart", session);
            var answer = await wire.SendAsync(session, HttpMethod.Post, path, null, cancellation);
            if (answer is { IsSuccess: true, Json: { } json } && !EvolutionWire.IsError(json))
            {
                return;
            }

            // 200 with an error and no reason is how it says that the connection is closed: then the other way is the right one.
            if (answer is not { IsSuccess: true, Json: not null })
            {
                throw wire.Trouble(session, answer, path);
            }
        }

        await wire.AskAsync(session, HttpMethod.Get, EvolutionWire.PathOf("/instance/connect", session), null, cancellation);
    }
}
