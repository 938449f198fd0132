using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>The numbers of a WhatsApp business account. There is no connection to lose and nothing to restart: what can be mended is where webhooks go.</summary>
internal sealed class CloudApiSessions(CloudApiWire wire) : ISessionGateway
{
    private const int MostPages = 50;
    private const string Fields =
        "id,display_phone_number,verified_name,name_status,quality_rating,status,code_verification_status,throughput";

    /// <inheritdoc/>
    public GatewayTraits Traits { get; } =
        new()
        {
            Sends = true,
            TellsWebhook = true,
            SetsWebhook = true,
            TellsRestrictions = true,
            Steps = [CureStep.SetWebhook],
        };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionFacts>> ListAsync(CancellationToken cancellation)
    {
        var numbers = await NumbersAsync(cancellation);
        return await ManyAtOnce.LookAsync(numbers, LookAsync, cancellation);
    }

    /// <inheritdoc/>
    public Task CureAsync(SessionRef session, CureStep step, SessionState state, WebhookWish? webhook, CancellationToken cancellation) =>
        step is CureStep.SetWebhook && webhook is not null
            ? SetWebhookAsync(session, webhook, cancellation)
            : throw new GatewayException(
                GatewayFault.NotReady,
                $"the Cloud API knows no step '{step}': a number has no connection of its own, only a webhook that can be set"
            );

    /// <summary>Null: numbers are registered with Meta, not paired.</summary>
    public Task<PairingCode?> PairAsync(SessionRef session, CancellationToken cancellation) => Task.FromResult<PairingCode?>(null);

    /// <inheritdoc/>
    public Task LogOutAsync(SessionRef session, CancellationToken cancellation) =>
        throw new GatewayException(GatewayFault.NotReady, "the Cloud API unpairs nothing: take the number off in the business manager");

    /// <summary>Subscribed, and to where: an address of the number's own comes first, then the account's, then the app's.</summary>
    public async Task<WebhookSetting?> ReadWebhookAsync(SessionRef session, CancellationToken cancellation)
    {
        var apps = await wire.AskAsync(HttpMethod.Get, $"/{wire.Account}/subscribed_apps", null, cancellation, session);
        if (!apps.Items("data").Any())
        {
            return null;
        }

        var number = await wire.AskAsync(HttpMethod.Get, $"/{Id(session)}?fields=webhook_configuration", null, cancellation, session);
        var url =
            number.Text("webhook_configuration", "phone_number")
            ?? number.Text("webhook_configuration", "whatsapp_business_account")
            ?? apps.Items("data").Select(app => app.Text("override_callback_uri")).FirstOrDefault(found => found is not null)
            ?? number.Text("webhook_configuration", "application");
        return new WebhookSetting(url, IsEnabled: true, []);
    }

    /// <summary>Subscribes the app to the account, which may be asked twice. Where webhooks then still go elsewhere, the account gets an address of its own: Meta asks
    /// that address at once whether it wants them (see <see cref="CloudApiHandshake"/>).</summary>
    public async Task SetWebhookAsync(SessionRef session, WebhookWish webhook, CancellationToken cancellation)
    {
        var path = $"/{wire.Account}/subscribed_apps";
        await wire.AskAsync(HttpMethod.Post, path, null, cancellation, session);
        var url = webhook.Url.ToString();
        if ((await ReadWebhookAsync(session, cancellation))?.Url == url)
        {
            return;
        }

        await wire.AskAsync(
            HttpMethod.Post,
            path,
            new JsonObject { ["override_callback_uri"] = url, ["verify_token"] = CloudApiHandshake.TokenOf(webhook.Url) },
            cancellation,
            session,
            webhook
        );
    }

    /// <summary>Asks for the number itself. That it is connected proves little: nothing but a message shows that one comes through.</summary>
    public async Task<ProbeAnswer> ProbeAsync(SessionRef session, string? phone, CancellationToken cancellation)
    {
        var number = await wire.AskAsync(HttpMethod.Get, $"/{Id(session)}?fields=id,status", null, cancellation, session);
        var status = number.Text("status") ?? "no status";
        return new ProbeAnswer(CloudApiStates.StateOf(status) is SessionState.Connected ? null : false, $"the number's status is {status}");
    }

    private static string Id(SessionRef session) => CloudApiWire.Escape(session.Id);

    /// <summary>All pages. The address of the next one holds the token and is never used: its cursor does.</summary>
    private async Task<List<JsonElement>> NumbersAsync(CancellationToken cancellation)
    {
        var numbers = new List<JsonElement>();
        var after = "";
        for (var page = 0; page < MostPages; page++)
        {
            var json = await wire.AskAsync(
                HttpMethod.Get,
                $"/{wire.Account}/phone_numbers?fields={Fields}&limit=100{after}",
                null,
                cancellation
            );
            if (json.Get("data") is not { ValueKind: JsonValueKind.Array })
            {
                throw new GatewayException(GatewayFault.BadAnswer, "the Cloud API answered phone_numbers without a list 'data'");
            }

            numbers.AddRange(json.Items("data").Where(number => number.Text("id") is not null));
            if (json.Get("paging", "next") is null || json.Text("paging", "cursors", "after") is not { } cursor)
            {
                break;
            }

            after = $"&after={CloudApiWire.Escape(cursor)}";
        }

        return numbers;
    }

    /// <summary>That a number's health cannot be read does not hide the number. What cannot be read at this moment leaves what was known of restrictions as it was.</summary>
    private async Task<SessionFacts> LookAsync(JsonElement number, CancellationToken cancellation)
    {
        try
        {
            var id = CloudApiWire.Escape(number.Text("id")!);
            var json = await wire.AskAsync(HttpMethod.Get, $"/{id}?fields=health_status", null, cancellation);
            return CloudApiStates.Facts(number, json.Get("health_status"), null);
        }
        catch (GatewayException trouble) when (trouble.IsPassing || trouble.Fault is GatewayFault.NotFound or GatewayFault.BadAnswer)
        {
            // That it refuses the question itself does not pass.
            var isOfNow = trouble.IsPassing && !(trouble.Fault is GatewayFault.Failed && trouble.Status is >= 400 and < 500);
            return CloudApiStates.Facts(number, null, $"health_status: {trouble.Message}") with
            {
                RestrictionsUnknown = isOfNow ? trouble.Message : null,
            };
        }
    }
}
