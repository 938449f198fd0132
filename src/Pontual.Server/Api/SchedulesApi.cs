using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Texts;
using Pontual.Scheduling.Zones;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>When a schedule will be due, without keeping it.</summary>
internal static class SchedulesApi
{
    private const int UsualCount = 5;
    private const int MostCount = 500;

    public static void MapSchedules(this IEndpointRouteBuilder api) =>
        api.MapPost("/schedules/preview", Preview)
            .Needs(TokenScope.Read)
            .Takes()
            .TakesBody("{ \"schedule\": { \"cron\": …, \"zone\": … }, \"from\": an instant (optional), \"count\": 1 to 500 (optional) }")
            .WithName("PreviewSchedule")
            .WithSummary(
                "The next occurrences of a schedule after 'from' (exclusive; now unless said), with notes on changes of the clock."
            )
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<PreviewView>, ProblemHttpResult>> Preview(HttpRequest request, TimeProvider time)
    {
        if (!(await StrictJson.ReadAsync(request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        if (DocumentObject.Open(json.Value, "", problems, "schedule", "from", "count") is not { } body)
        {
            return Problems.InvalidDocument(problems);
        }

        var from = From(body) ?? time.GetUtcNow();
        var count = body.Integer("count", 1, MostCount) ?? UsualCount;
        body.Require("schedule", "write { cron: \"* * * * *\" }, { every: 30s } or { at: 2026-12-01T09:00 }");
        var wrongSchedule = new List<DocumentProblem>();
        var schedule = body.Get("schedule") is { } document ? JobDocument.ReadSchedule(document, "/schedule", wrongSchedule) : null;

        // A schedule that is well written and has no date to fire on is an answer here, although a job may not have it.
        if (problems.Count == 0 && wrongSchedule is [{ Rule: "never" } never])
        {
            return TypedResults.Ok(new PreviewView([], null, $"{never.Message}."));
        }

        problems.AddRange(wrongSchedule);
        return problems.Count > 0 || schedule is null
            ? Problems.InvalidDocument(problems)
            : TypedResults.Ok(PreviewView.Of(schedule, ZoneOf(schedule, body.Get("schedule")), from, count));
    }

    private static DateTimeOffset? From(DocumentObject body)
    {
        const string Fix = "write an instant with its offset, such as 2026-01-01T00:00:00Z";
        if (body.Text("from", 40, Fix) is not { } text)
        {
            return null;
        }

        if (Instants.TryParse(text, out var instant))
        {
            return instant;
        }

        body.Report("from", "instant", $"{DocumentText.Quote(text)} is no instant", Fix);
        return null;
    }

    /// <summary>The zone to show local times in: the schedule's own, that of its document, or the default.</summary>
    private static Zone ZoneOf(Schedule schedule, JsonElement? document) =>
        schedule is CronSchedule cron ? cron.Zone
        : document is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("zone", out var zone)
        && DocumentText.TryRead(zone, out var id)
        && Zone.TryParse(id, out var known)
            ? known
        : Zone.Default;
}

/// <summary>The occurrences of a schedule.</summary>
/// <param name="Occurrences">In rising order.</param>
/// <param name="Description">The schedule in words; null when it never fires.</param>
/// <param name="Note">Why there are none or fewer than were asked for; null otherwise.</param>
internal sealed record PreviewView(
    IReadOnlyList<OccurrenceView> Occurrences,
    IReadOnlyDictionary<string, string>? Description,
    string? Note
)
{
    public static PreviewView Of(Schedule schedule, Zone zone, DateTimeOffset from, int count)
    {
        List<OccurrenceView> occurrences = [.. schedule.Preview(from, zone).Take(count).Select(OccurrenceView.Of)];
        var note =
            schedule is ManualSchedule ? "It has no time of its own: it runs when somebody asks."
            : occurrences.Count == 0 ? "It does not fire any more after that."
            : occurrences.Count < count ? "It does not fire any more after the last one."
            : null;
        var words = new Dictionary<string, string>
        {
            ["en"] = ScheduleText.InEnglish(schedule),
            ["pt-BR"] = ScheduleText.InPortuguese(schedule),
        };
        return new PreviewView(occurrences, words, note);
    }
}

/// <summary>One occurrence: in UTC, in the zone, and what a change of the clock did to it.</summary>
internal sealed record OccurrenceView(string At, string Local, string? Note)
{
    public static OccurrenceView Of(Occurrence occurrence) =>
        new(Instants.FormatShort(occurrence.At), Instants.FormatLocal(occurrence.Local), occurrence.Note);
}
