using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Pontual.Engine.Access;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Realtime;

/// <summary>The event log for those who listen: over a WebSocket, as a stream of server-sent events, or by long polling. The same events on each way.</summary>
internal static class RealtimeApi
{
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);

    /// <summary>Understands WebSockets. At <c>/</c> they mean the same as at <c>/ws</c>: that is where front ends of old look on a port of its own.</summary>
    public static void UseRealtime(this IApplicationBuilder app)
    {
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = PingEvery, KeepAliveTimeout = PingEvery });
        app.Use(
            (context, next) =>
            {
                if (context.Request.Path == "/" && context.WebSockets.IsWebSocketRequest)
                {
                    context.Request.Path = "/ws";
                }

                return next(context);
            }
        );
    }

    /// <summary>Maps <c>/ws</c> and <c>/events</c>.</summary>
    public static void MapRealtime(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ws", SocketAsync).Needs(TokenScope.Read).Takes().ExcludeFromDescription();
        routes.MapGet("/events", StreamAsync).Needs(TokenScope.Read).Takes(Query.Topics, Query.EventCursor).ExcludeFromDescription();
    }

    /// <summary>Maps the route of the API.</summary>
    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", PollAsync)
            .Needs(TokenScope.Read)
            .Takes(Query.EventCursor, Query.Wait, Query.Topics, Query.Limit)
            .WithName("ListEvents")
            .WithSummary("Events after a cursor, oldest first; waits for the first one if asked to.")
            .Produces<EventPage>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status410Gone);

    private static async Task<IResult> SocketAsync(
        HttpContext context,
        Origins origins,
        RealtimeRoom room,
        EventHub hub,
        IHostApplicationLifetime lifetime,
        RealtimePace pace,
        TimeProvider time
    )
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return Problems.WebSocketNeeded();
        }

        if (!origins.MayListen(context.Request))
        {
            return Problems.ForeignOrigin();
        }

        using var place = room.EnterSocket();
        if (place is null)
        {
            return Problems.TooManyListeners();
        }

        var tenant = context.User.Tenant();
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            SocketToken.Protocol(context.WebSockets.WebSocketRequestedProtocols)
        );
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
        await new SocketSession(socket, hub, tenant, new Standing(context, pace, time), pace, time).RunAsync(ending.Token);
        return Results.Empty;
    }

    private static async Task<IResult> StreamAsync(
        HttpContext context,
        Origins origins,
        RealtimeRoom room,
        EventHub hub,
        IHostApplicationLifetime lifetime,
        RealtimePace pace,
        TimeProvider time
    )
    {
        if (!origins.MayListen(context.Request))
        {
            return Problems.ForeignOrigin();
        }

        using var place = room.EnterStream();
        if (place is null)
        {
            return Problems.TooManyListeners();
        }

        if (!EventStream.TryCursor(context.Request, out var after))
        {
            return Problems.InvalidHeader("Last-Event-ID", Query.EventCursor.Allowed);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
        var bounds = await hub.BoundsAsync(ending.Token);
        if (!bounds.Hold(after ?? bounds.Newest))
        {
            return Problems.CursorGone(after!.Value, bounds);
        }

        using var listener = hub.Join();
        listener.Listen(Query.Topics.Of(context.Request).Of(context.User), after ?? bounds.Newest, bounds.Newest);
        await new EventStream(context.Response, listener, new Standing(context, pace, time), pace, time).RunAsync(ending.Token);
        return Results.Empty;
    }

    private static async Task<IResult> PollAsync(
        HttpContext context,
        ClaimsPrincipal caller,
        Origins origins,
        RealtimeRoom room,
        EventHub hub,
        IHostApplicationLifetime lifetime,
        TimeProvider time
    )
    {
        if (!origins.MayListen(context.Request))
        {
            return Problems.ForeignOrigin();
        }

        using var place = room.EnterStream();
        if (place is null)
        {
            return Problems.TooManyListeners();
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
        var bounds = await hub.BoundsAsync(ending.Token);
        var after = Query.EventCursor.Of(context.Request) ?? bounds.Newest;
        if (!bounds.Hold(after))
        {
            return Problems.CursorGone(after, bounds);
        }

        using var listener = hub.Join();
        listener.Listen(Query.Topics.Of(context.Request).Of(caller), after, bounds.Newest);
        var (wait, limit) = (Query.Wait.Of(context.Request), Query.Limit.Of(context.Request));
        return await EventPoll.WaitAsync(listener, wait, limit, time, ending.Token) is { } page
            ? page
            : Problems.CursorGone(listener.Cursor, await hub.BoundsAsync(ending.Token));
    }
}
