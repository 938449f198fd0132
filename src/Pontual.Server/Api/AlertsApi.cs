using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Alerts;
using Pontual.Engine.Jobs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Alerts: what is and was wrong, who took note of it, and what nobody is told of for a while.</summary>
internal static class AlertsApi
{
    private const int LongestComment = 1_000;

    public static void MapAlerts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/alerts", List)
            .Needs(TokenScope.Read)
            .Takes(Query.AlertState, Query.Rule, Query.AlertSubject, Query.RunCursor, Query.Limit)
            .WithName("ListAlerts")
            .WithSummary("What is wrong now, newest first; with state=resolved or state=all also what was.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/alerts/{alert}", Show)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ShowAlert")
            .WithSummary("An alert, and what became of each of its notices.")
            .Produces<AlertDetailView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/alerts/{alert}/acknowledge", Acknowledge)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody("{ \"comment\": what is done about it } (optional)", required: false)
            .WithName("AcknowledgeAlert")
            .WithSummary("Takes note of an open alert: it is repeated and escalated no more. Its end is told all the same.")
            .Produces<AlertView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/alerts/{alert}/snooze", Snooze)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody("{ \"for\": a duration, such as \"2h\" }, or { \"until\": an instant in the future }; {} ends a snooze")
            .WithName("SnoozeAlert")
            .WithSummary("Tells nobody of an open alert for a while.")
            .Produces<AlertView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<AlertView>>> List(HttpContext context, IAlertStore alerts, CancellationToken cancellation)
    {
        var request = context.Request;
        var limit = Query.Limit.Of(request);
        var query = new AlertQuery(context.User.Tenant(), limit + 1)
        {
            IsOpen = Query.AlertState.Of(request).IsOpen,
            Rule = Query.Rule.Of(request),
            Subject = Query.AlertSubject.Of(request),
            After = Query.RunCursor.Of(request),
        };
        return TypedResults.Ok(
            Page<AlertView>.Of(await alerts.ListAsync(query, cancellation), limit, alert => alert.Id.ToString(), AlertView.Of)
        );
    }

    private static async Task<IResult> Show(string alert, ClaimsPrincipal caller, IAlertStore alerts, CancellationToken cancellation) =>
        Guid.TryParseExact(alert, "D", out var id) && await alerts.FindAsync(caller.Tenant(), id, cancellation) is { } found
            ? TypedResults.Ok(new AlertDetailView(AlertView.Of(found.Alert), [.. found.Notices.Select(NoticeView.Of)]))
            : Problems.AlertNotFound(alert);

    private static async Task<IResult> Acknowledge(
        string alert,
        HttpContext context,
        IAlertStore alerts,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadOptionalAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var comment = DocumentObject.Open(json.Value, "", problems, "comment")?.Text("comment", LongestComment);
        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        return
            Guid.TryParseExact(alert, "D", out var id)
            && await alerts.AcknowledgeAsync(context.User.Tenant(), id, comment, context.Actor(), time.GetUtcNow(), cancellation)
                is { } noted
            ? TypedResults.Ok(AlertView.Of(noted))
            : Problems.AlertNotOpen(alert);
    }

    private static async Task<IResult> Snooze(
        string alert,
        HttpContext context,
        IAlertStore alerts,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var now = time.GetUtcNow();
        var problems = new List<DocumentProblem>();
        var until = AlertSpan.Read(json.Value, now, problems);
        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        return
            Guid.TryParseExact(alert, "D", out var id)
            && await alerts.SnoozeAsync(context.User.Tenant(), id, until, context.Actor(), now, cancellation) is { } snoozed
            ? TypedResults.Ok(AlertView.Of(snoozed))
            : Problems.AlertNotOpen(alert);
    }
}

/// <summary>Reads for how long nobody is told: <c>{"for": "2h"}</c> or <c>{"until": "2030-01-31T09:00:00Z"}</c>.</summary>
internal static class AlertSpan
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <returns>The end; null when neither is given, and when a problem was reported.</returns>
    public static DateTimeOffset? Read(JsonElement json, DateTimeOffset now, ICollection<DocumentProblem> problems, params string[] more)
    {
        if (DocumentObject.Open(json, "", problems, ["for", "until", .. more]) is not { } body)
        {
            return null;
        }

        if (body.Has("for") && body.Has("until"))
        {
            body.Report("until", "conflict", "both 'for' and 'until' are given", "give one of them");
            return null;
        }

        if (body.Span("for", TimeSpan.FromMinutes(1), Longest) is { } span)
        {
            return now + span;
        }

        if (body.Text("until", 40) is not { } text)
        {
            return null;
        }

        if (Instants.TryParse(text, out var until) && until > now && until - now <= Longest)
        {
            return until;
        }

        body.Report(
            "until",
            "instant",
            $"{DocumentText.Quote(body.Get("until")!.Value)} is no instant of the year to come",
            "write an instant in the future with its offset, such as 2030-01-31T09:00:00Z"
        );
        return null;
    }
}
