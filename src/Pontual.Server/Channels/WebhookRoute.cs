using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.CloudApi;
using Pontual.Messaging.Inbox;

namespace Pontual.Server.Channels;

/// <summary>Where gateways send their webhooks: <c>/webhooks/KEY</c>, and anything behind it that a gateway appends. Let in by the key; whether a webhook is
/// really from the gateway is judged by its signature or header.</summary>
/// <remarks>A gateway tries again what is answered with 5xx, and gives up what is answered with 4xx: a database that is away is a 5xx.</remarks>
internal static class WebhookRoute
{
    /// <summary>Pictures come along in base64.</summary>
    private const long LargestBody = 8 << 20;

    public static void MapWebhooksIn(this IEndpointRouteBuilder app)
    {
        app.MapPost("/webhooks/{key}", TakeAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/webhooks/{key}/{**rest}", TakeAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/webhooks/{key}", ShakeHandsAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> TakeAsync(
        string key,
        HttpContext context,
        IGatewayDirectory gateways,
        WebhookIntake intake,
        CancellationToken cancellation
    )
    {
        if (await gateways.FindByKeyAsync(key, cancellation) is not { } gateway)
        {
            return Line(StatusCodes.Status404NotFound, "not found");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestBody;
        }

        using var body = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 0, LargestBody));
        await context.Request.Body.CopyToAsync(body, cancellation);
        var webhook = new WebhookRequest(HeadersOf(context.Request), body.GetBuffer().AsMemory(0, (int)body.Length));

        // Whoever hangs up has told it all the same.
        return await intake.TakeAsync(gateway, webhook, CancellationToken.None)
            ? Line(StatusCodes.Status200OK, "OK")
            : Line(StatusCodes.Status401Unauthorized, "not signed as agreed");
    }

    /// <summary>Meta asks with a token whether the address is the one it was told of, and wants its challenge back.</summary>
    private static async Task<IResult> ShakeHandsAsync(
        string key,
        HttpRequest request,
        IGatewayDirectory gateways,
        CancellationToken cancellation
    )
    {
        if (await gateways.FindByKeyAsync(key, cancellation) is null)
        {
            return Line(StatusCodes.Status404NotFound, "not found");
        }

        if (request.Query["hub.mode"] != "subscribe")
        {
            return Line(StatusCodes.Status200OK, "webhooks are sent here with POST");
        }

        var (mode, token) = (request.Query["hub.mode"], request.Query["hub.verify_token"]);
        return
            CloudApiHandshake.Answer(mode, token, request.Query["hub.challenge"].ToString(), WebhookAddress.VerifyTokenOf(key))
                is { } challenge
            ? Line(StatusCodes.Status200OK, challenge)
            : Line(StatusCodes.Status401Unauthorized, "another verify token than that of this address");
    }

    private static Dictionary<string, string> HeadersOf(HttpRequest request) =>
        request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);

    private static IResult Line(int status, string text) => TypedResults.Text(text, "text/plain", statusCode: status);
}
