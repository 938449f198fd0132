using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Reading who changed what.</summary>
internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit", List)
            .Needs(TokenScope.Admin)
            .Takes(Query.Actor, Query.Action, Query.Subject, Query.From, Query.To, Query.AuditCursor, Query.Limit)
            .WithName("ListAudit")
            .WithSummary("Who changed what, when, from where and why, newest first, with what was before and after.")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Ok<Page<AuditView>>> List(
        ClaimsPrincipal caller,
        HttpRequest request,
        IAuditLog audit,
        CancellationToken cancellation
    )
    {
        var limit = Query.Limit.Of(request);
        var query = new AuditQuery(caller.Tenant(), limit + 1)
        {
            Actor = Query.Actor.Of(request),
            Action = Query.Action.Of(request),
            Subject = Query.Subject.Of(request),
            From = Query.From.Of(request),
            To = Query.To.Of(request),
            After = Query.AuditCursor.Of(request),
        };
        return TypedResults.Ok(Page<AuditView>.Of(await audit.ListAsync(query, cancellation), limit, AuditCursor.Of, AuditView.Of));
    }
}

/// <summary>Where a page of the audit log ended: microseconds since 1970 and the entry's id.</summary>
internal static class AuditCursor
{
    public static string Of(AuditEntry entry) => $"{(entry.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}-{entry.Id}";

    public static ((DateTimeOffset At, long Id)? Value, bool Valid) Parse(string text)
    {
        var parts = text.Split('-');
        return
            parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && micros < (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
            ? ((DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond), id), true)
            : (null, false);
    }
}

/// <summary>A change as the API shows it.</summary>
/// <param name="Id">Grows with each entry.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: <c>token:ID</c>, <c>user:NAME</c>, <c>local</c>, <c>pontual</c>.</param>
/// <param name="ActorName">As people call it.</param>
/// <param name="Address">From where; null for inside.</param>
/// <param name="Reason">Why; null when not given.</param>
/// <param name="Action">What.</param>
/// <param name="Subject">Of what.</param>
/// <param name="Before">As it was; null for what was not there.</param>
/// <param name="After">As it is since; null for what is gone.</param>
internal sealed record AuditView(
    long Id,
    DateTimeOffset At,
    string Actor,
    string ActorName,
    string? Address,
    string? Reason,
    string Action,
    string Subject,
    JsonNode? Before,
    JsonNode? After
)
{
    public static AuditView Of(AuditEntry entry) =>
        new(
            entry.Id,
            entry.At,
            entry.By.Subject,
            entry.By.Name,
            entry.By.Address,
            entry.By.Reason,
            entry.Action,
            entry.Subject,
            entry.Before is { } before ? JsonNode.Parse(before) : null,
            entry.After is { } after ? JsonNode.Parse(after) : null
        );
}
