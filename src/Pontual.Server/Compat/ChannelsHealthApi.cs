using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Counters;
using Pontual.Server.Access;

namespace Pontual.Server.Compat;

/// <summary><c>/health/chips</c>: how the channels are, in one answer (S5-05). It is 200 whatever it says.</summary>
internal static class ChannelsHealthApi
{
    /// <summary>Far more than any tenant has.</summary>
    private const int MostChannels = 10_000;

    public static void MapChannelsHealth(this IEndpointRouteBuilder app) =>
        app.MapGet("/health/chips", Chips)
            .Needs(TokenScope.Read)
            .WithName("HealthChips")
            .WithSummary("How the channels are: each with its state and trust, and how many are in which.");

    private static async Task<Ok<ChannelsHealthView>> Chips(
        ClaimsPrincipal caller,
        ChannelStore channels,
        TrustScoring trust,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var known = await channels.ListAsync(caller.Tenant(), "", MostChannels, cancellation);
        var scores = await trust.LatestAsync(caller.Tenant(), cancellation);
        return TypedResults.Ok(ChannelsHealthView.Of(known, scores, time.GetUtcNow()));
    }
}
