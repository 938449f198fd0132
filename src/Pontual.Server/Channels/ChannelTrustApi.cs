using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Counters;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Channels;

/// <summary>How much a channel can be trusted, and what went through it day by day.</summary>
internal static class ChannelTrustApi
{
    public static void MapChannelTrust(this IEndpointRouteBuilder api)
    {
        api.MapGet("/channels/{channel}/trust", Trust)
            .Needs(TokenScope.Read)
            .Takes(Query.Limit)
            .WithName("ShowTrust")
            .WithSummary("A channel's latest score of trust with all that it is made of, and the scores before it, newest first.")
            .Produces<ChannelTrustView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/channels/{channel}/days", Days)
            .Needs(TokenScope.Read)
            .Takes(Query.FromDay, Query.Limit)
            .WithName("ListChannelDays")
            .WithSummary("What went through a channel, by day, newest first. Today goes on, and is not closed.")
            .Produces<Page<ChannelDayView>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Trust(
        string channel,
        HttpRequest request,
        ClaimsPrincipal caller,
        ChannelStore channels,
        TrustScoring trust,
        CancellationToken cancellation
    )
    {
        if (await channels.FindAsync(caller.Tenant(), channel, cancellation) is not { } view)
        {
            return Problems.ChannelNotFound(channel);
        }

        var scores = await trust.OfChannelAsync(view.Channel.Id, Query.Limit.Of(request), cancellation);
        return TypedResults.Ok(ChannelTrustView.Of(channel, scores));
    }

    private static async Task<IResult> Days(
        string channel,
        HttpRequest request,
        ClaimsPrincipal caller,
        ChannelStore channels,
        ChannelDays days,
        CancellationToken cancellation
    )
    {
        if (await channels.FindAsync(caller.Tenant(), channel, cancellation) is not { } view)
        {
            return Problems.ChannelNotFound(channel);
        }

        var from = Query.FromDay.Of(request) ?? DateOnly.MinValue;
        var found = await days.OfChannelAsync(view.Channel.Id, from, Query.Limit.Of(request), cancellation);
        return TypedResults.Ok(new Page<ChannelDayView>([.. found.Select(ChannelDayView.Of)], null));
    }
}
