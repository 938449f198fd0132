using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Circuits;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Health;

/// <summary>What monitors ask of hosts and services outside. The answer is 200 however they are.</summary>
internal static class CircuitsHealthApi
{
    public static void MapCircuitsHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/circuits", Circuits)
            .Needs(TokenScope.Read)
            .WithName("HealthCircuits")
            .WithSummary("Which hosts and services outside are not called now, for they failed again and again.");
        app.MapGet("/health/rate-limit", RateLimit)
            .Needs(TokenScope.Read)
            .WithName("HealthRateLimit")
            .WithSummary("How fast hosts and services outside may be called, and which of them asked for a wait (429).");
    }

    private static async Task<Ok<CircuitsHealthView>> Circuits(
        ClaimsPrincipal caller,
        ICircuitStore circuits,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        var records = await circuits.ListAsync(caller.Tenant(), now, cancellation);
        var states = Enum.GetValues<CircuitState>().ToDictionary(state => state, state => records.Count(record => record.State == state));
        return TypedResults.Ok(
            new CircuitsHealthView(
                states[CircuitState.Closed] == records.Count ? "ok" : "degraded",
                now,
                new CircuitCounts(states[CircuitState.Closed], states[CircuitState.Open], states[CircuitState.HalfOpen]),
                records.ToDictionary(record => record.Key.Name, record => CircuitView.Of(record, now))
            )
        );
    }

    private static async Task<Ok<RateLimitHealthView>> RateLimit(
        ClaimsPrincipal caller,
        ICircuitStore circuits,
        CircuitOptions options,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        var told = (await circuits.ListAsync(caller.Tenant(), now, cancellation)).Where(record => record.ToldAt is not null);
        var slots = caller.Tenant().IsDefault && options.Rates.Count > 0 ? await circuits.SlotsAsync(cancellation) : null;
        var limits = new SortedDictionary<string, RateLimitView>(StringComparer.Ordinal);
        foreach (var (place, rate) in options.Rates.Where(_ => slots is not null))
        {
            var next = slots!.TryGetValue(place, out var at) && at > now ? at : (DateTimeOffset?)null;
            limits[place] = new RateLimitView(rate.ToString(), next, null, null, 0);
        }

        foreach (var record in told)
        {
            var heldUntil = record.HeldUntil > now ? record.HeldUntil : null;
            var answers = now - record.ToldAt < CircuitRecord.StormWindow ? record.Told : 0;
            var known = limits.GetValueOrDefault(record.Key.Place) ?? new RateLimitView(null, null, null, null, 0);
            limits[record.Key.Place] = known with { HeldUntil = heldUntil, LastAnswer429 = record.ToldAt, Answers429LastMinute = answers };
        }

        var held = limits.Values.Count(limit => limit.HeldUntil is not null);
        return TypedResults.Ok(
            new RateLimitHealthView(held > 0 ? "limited" : "ok", now, new RateLimitCounts(options.Rates.Count, held), limits)
        );
    }
}

/// <summary>How circuits are: <c>ok</c>, or <c>degraded</c> while one is not closed.</summary>
internal sealed record CircuitsHealthView(
    string Status,
    DateTimeOffset CheckedAt,
    CircuitCounts Summary,
    IReadOnlyDictionary<string, CircuitView> Circuits
);

/// <summary>How many circuits have each state.</summary>
internal sealed record CircuitCounts(int Closed, int Open, int HalfOpen);

/// <summary>How rates are: <c>ok</c>, or <c>limited</c> while somebody asked for a wait.</summary>
internal sealed record RateLimitHealthView(
    string Status,
    DateTimeOffset CheckedAt,
    RateLimitCounts Summary,
    IReadOnlyDictionary<string, RateLimitView> Limits
);

/// <summary>How many rates are set, and how many hosts and services asked for a wait.</summary>
internal sealed record RateLimitCounts(int Rates, int Held);

/// <summary>How fast something may be called. <c>rate</c> is null where none is set; <c>next_at</c> is its next free turn, where that is later than now;
/// before <c>held_until</c> nobody calls, for it answered 429.</summary>
internal sealed record RateLimitView(
    string? Rate,
    DateTimeOffset? NextAt,
    DateTimeOffset? HeldUntil,
    [property: System.Text.Json.Serialization.JsonPropertyName("last_answer_429")] DateTimeOffset? LastAnswer429,
    [property: System.Text.Json.Serialization.JsonPropertyName("answers_429_last_minute")] long Answers429LastMinute
);
