using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Calendars;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>When a schedule will be due, without keeping it.</summary>
internal static class SchedulesApi
{
    private const int UsualCount = 5;
    private const int MostCount = 500;

    public static void MapSchedules(this IEndpointRouteBuilder api)
    {
        api.MapForecast();
        api.MapPost("/schedules/preview", Preview)
            .Needs(TokenScope.Read)
            .Takes()
            .TakesBody(
                "{ \"schedule\": { \"cron\": …, \"zone\": … }, \"from\" or \"before\": an instant (optional), \"count\": 1 to 500 (optional), \"job\": a name that H and jitter are spread by (optional) }"
            )
            .WithName("PreviewSchedule")
            .WithSummary(
                "The next occurrences of a schedule after 'from' (exclusive; now unless said), or the last ones before 'before', with notes on what moved them."
            )
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<PreviewView>, ProblemHttpResult>> Preview(
        HttpRequest request,
        ICalendarStore calendars,
        ScheduleClock clock,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadAsync(request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        if (DocumentObject.Open(json.Value, "", problems, "schedule", "from", "before", "count", "job") is not { } body)
        {
            return Problems.InvalidDocument(problems);
        }

        var now = clock.Now;
        var before = Instant(body, "before");
        var from = Instant(body, "from") ?? now;
        var count = body.Integer("count", 1, MostCount) ?? UsualCount;
        if (body.Has("before") && body.Has("from"))
        {
            body.Report("before", "conflict", "'before' and 'from' are two directions", "leave one of them out");
        }

        body.Require("schedule", "write { cron: \"* * * * *\" }, { every: 30s }, { delay: 30s } or { at: 2026-12-01T09:00 }");
        var job = JobNameOf(body);
        var wrongSchedule = new List<DocumentProblem>();
        var schedule = body.Get("schedule") is { } document ? JobDocument.ReadSchedule(document, "/schedule", wrongSchedule, job) : null;

        // A schedule that is well written and has no date to fire on is an answer here, although a job may not have it.
        if (problems.Count == 0 && wrongSchedule is [{ Rule: "never" } never])
        {
            return TypedResults.Ok(PreviewView.Never($"{never.Message}."));
        }

        problems.AddRange(wrongSchedule);
        schedule = schedule is null
            ? null
            : await calendars.BindAsync(request.HttpContext.User.Tenant(), schedule, "/schedule", problems, cancellation);
        if (problems.Count > 0 || schedule is null)
        {
            return Problems.InvalidDocument(problems);
        }

        return TypedResults.Ok(
            before is { } end ? PreviewView.Before(schedule, end, count, now) : PreviewView.After(schedule, from, count, now)
        );
    }

    /// <summary>Whose schedule it is, for H and jitter; empty when it is nobody's yet.</summary>
    private static string JobNameOf(DocumentObject body)
    {
        var name = body.Text("job", 128) ?? "";
        if (name.Length > 0 && !JobName.TryParse(name, out _))
        {
            body.Report("job", "name", $"{DocumentText.Quote(name)} is not a job name", JobName.Rule);
        }

        return name;
    }

    private static DateTimeOffset? Instant(DocumentObject body, string key)
    {
        const string Fix = "write an instant with its offset, such as 2026-01-01T00:00:00Z";
        if (body.Text(key, 40, Fix) is not { } text)
        {
            return null;
        }

        if (Instants.TryParse(text, out var instant))
        {
            return instant;
        }

        body.Report(key, "instant", $"{DocumentText.Quote(text)} is no instant", Fix);
        return null;
    }
}
