using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Checks;
using Pontual.Server.Access;

namespace Pontual.Server.Checks;

/// <summary>Where jobs that something else runs report: <c>/ping/KEY</c>, and with <c>/start</c>, <c>/fail</c> or an exit code behind it. Let in by the key alone.</summary>
/// <remarks>Answers are one short line of text, for whoever reads them in a mail of cron's.</remarks>
internal static class PingApi
{
    private static readonly string[] Methods = ["GET", "POST", "HEAD"];

    public static void MapPings(this IEndpointRouteBuilder app)
    {
        app.MapMethods(
                "/ping/{key}",
                Methods,
                (string key, HttpContext context, IPingStore pings, PingRates rates, TimeProvider time) =>
                    TakeAsync(key, null, context, pings, rates, time)
            )
            .AllowAnonymous()
            .ExcludeFromDescription();
        app.MapMethods("/ping/{key}/{signal}", Methods, TakeAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> TakeAsync(
        string key,
        string? signal,
        HttpContext context,
        IPingStore pings,
        PingRates rates,
        TimeProvider time
    )
    {
        // Whoever guesses costs a look, and no more.
        if (!CheckSecrets.IsPlausible(key) || !await pings.IsKnownAsync(key, context.RequestAborted))
        {
            return NotFound();
        }

        if (rates.Take(key) is { } wait)
        {
            context.Response.Headers.RetryAfter = CallerRate.Seconds(TimeSpan.FromSeconds(Math.Max(1, wait.TotalSeconds)));
            return Line(StatusCodes.Status429TooManyRequests, "too many pings: wait a little");
        }

        if (!Ping.TryReadSignal(signal, out var kind, out var code))
        {
            return Line(StatusCodes.Status400BadRequest, "not a signal: use /start, /fail, an exit code from 0 to 255, or nothing");
        }

        var at = time.GetUtcNow();
        var (body, size) = await PingBodyReader.ReadAsync(context.Request);
        var ping = new Ping(kind, at)
        {
            Code = code,
            Run = Guid.TryParse(context.Request.Query["rid"].ToString(), CultureInfo.InvariantCulture, out var run) ? run : null,
            Method = context.Request.Method,
            Address = context.Connection.RemoteIpAddress?.ToString(),
            Agent = Agent(context.Request),
            Body = body,
            BodySize = size,
        };

        // Whoever hangs up has reported all the same.
        return await pings.PingAsync(key, ping, CancellationToken.None) is null ? NotFound() : Line(StatusCodes.Status200OK, "OK");
    }

    private static string? Agent(HttpRequest request)
    {
        var agent = new string([.. request.Headers.UserAgent.ToString().Where(letter => !char.IsControl(letter)).Take(Ping.LongestAgent)]);
        return agent.Length == 0 ? null : agent;
    }

    private static IResult NotFound() => Line(StatusCodes.Status404NotFound, "not found");

    private static IResult Line(int status, string text) => TypedResults.Text(text, "text/plain", statusCode: status);
}
