using Microsoft.AspNetCore.Http;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>What goes wrong with whole requests to a gateway: faults of the gateway, and of the session whose name is a part of the path.</summary>
internal sealed class RequestFaults(World world, IReadOnlyDictionary<GatewayKind, IGatewayFace> faces)
{
    private static readonly TimeSpan SlowTakes = TimeSpan.FromSeconds(30);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (FaceOf(context.Request.Path) is not { } face)
        {
            await next(context);
            return;
        }

        var path = context.Request.Path.Value![SimulatedGateway.PathOf(face.Kind).Length..];
        var session = world.SessionsOf(face.Kind).FirstOrDefault(each => path.Split('/').Contains(each.Id));
        if (Takes(face, session, FaultKind.GatewayDown))
        {
            context.Abort();
            return;
        }

        if (Takes(face, session, FaultKind.Slow))
        {
            await Task.Delay(SlowTakes, world.Options.Time, context.RequestAborted);
        }

        if (RefusalOf(face, session, path) is { } refusal)
        {
            context.Response.Headers.RetryAfter = refusal.Status == 429 ? "7" : default;
            context.Response.StatusCode = refusal.Status;
            await context.Response.WriteAsJsonAsync(refusal.Body, context.RequestAborted);
            return;
        }

        await LoseAsync(context, face, session, next);
    }

    private (int Status, object? Body)? RefusalOf(IGatewayFace face, SimulatedSession? session, string path) =>
        Takes(face, session, FaultKind.TooMany) ? (429, new { error = "Too Many Requests" })
        : Takes(face, session, FaultKind.ErrorWith200) ? (200, face.ErrorWith200)
        : Takes(face, session, FaultKind.ServerError) ? (500, face.ServerError)
        : face.Unlicensed is { } unlicensed && face.NeedsLicence(path) && Takes(face, session, FaultKind.Unlicensed) ? (503, unlicensed)
        : null;

    /// <summary>Lets a message be sent and the answer be lost.</summary>
    private async Task LoseAsync(HttpContext context, IGatewayFace face, SimulatedSession? session, RequestDelegate next)
    {
        var sink = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await next(context);
        if (
            context.Items.TryGetValue(typeof(CommandKind), out var told)
            && told is SimulatedSession sender
            && Takes(face, session ?? sender, FaultKind.LostAnswer)
        )
        {
            context.Abort();
            return;
        }

        context.Response.Body = sink;
        await sink.WriteAsync(answer.ToArray(), context.RequestAborted);
    }

    private bool Takes(IGatewayFace face, SimulatedSession? session, FaultKind kind)
    {
        lock (world.Gate)
        {
            return world.BoardOf(face.Kind).Take(kind) || session?.Take(kind) is true;
        }
    }

    private IGatewayFace? FaceOf(PathString path) =>
        faces.Values.FirstOrDefault(face => path.StartsWithSegments(SimulatedGateway.PathOf(face.Kind), StringComparison.Ordinal));
}
