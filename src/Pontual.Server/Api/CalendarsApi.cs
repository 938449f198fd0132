using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Calendars;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Zones;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Defining calendars and looking at them.</summary>
internal static class CalendarsApi
{
    private const int MostDays = 3_660;

    public static void MapCalendars(this IEndpointRouteBuilder api)
    {
        api.MapGet("/calendars", List)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ListCalendars")
            .WithSummary("Calendars in the order of their names, without those that are built in.")
            .Produces<Page<JsonObject>>();
        api.MapGet("/calendars/{calendar}", Show)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ShowCalendar")
            .WithSummary("A calendar; of one that is built in (br, br-SP, weekends, …) its name.")
            .Produces<JsonObject>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/calendars/{calendar}", Put)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody("A calendar, as in /schema/pontual.schema.json.")
            .WithName("PutCalendar")
            .WithSummary("Defines or replaces a calendar. Jobs that name it go by it from their next planning on. If-Match takes its ETag.")
            .Produces<JsonObject>()
            .Produces<JsonObject>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        api.MapDelete("/calendars/{calendar}", Delete)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("DeleteCalendar")
            .WithSummary("Removes a calendar that no job names.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/calendars/{calendar}/days", Days)
            .Needs(TokenScope.Read)
            .Takes(Query.FromDay, Query.ToDay)
            .WithName("ShowCalendarDays")
            .WithSummary(
                "What a calendar covers from one day to another (both included; a year from today unless said): days and windows, by name."
            )
            .Produces<CoverageView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<JsonObject>>> List(
        ClaimsPrincipal caller,
        ICalendarStore calendars,
        CancellationToken cancellation
    ) =>
        TypedResults.Ok(
            new Page<JsonObject>([.. (await calendars.ListAsync(caller.Tenant(), cancellation)).Select(CalendarView.Of)], null)
        );

    private static async Task<IResult> Show(
        string calendar,
        ClaimsPrincipal caller,
        HttpResponse response,
        ICalendarStore calendars,
        CancellationToken cancellation
    ) =>
        BuiltInCalendars.TryFind(calendar, out var builtIn) ? TypedResults.Ok(CalendarView.OfBuiltIn(builtIn))
        : await calendars.FindAsync(caller.Tenant(), calendar, cancellation) is { } stored
            ? Answer(stored, response, StatusCodes.Status200OK)
        : Problems.CalendarNotFound(calendar);

    private static async Task<IResult> Put(
        string calendar,
        HttpContext context,
        CalendarEdits edits,
        ICalendarStore calendars,
        CancellationToken cancellation
    )
    {
        var tenant = context.User.Tenant();
        if (!Revisions.TryRead(context.Request.Headers.IfMatch.ToString(), out var expected))
        {
            return Problems.InvalidHeader("If-Match", "give the ETag of the calendar as it was read, such as \"3\", or *");
        }

        var (definition, problem) = await ReadAsync(context.Request, calendar);
        if (definition is null)
        {
            return problem!;
        }

        var changed = await edits.ApplyAsync(
            new CalendarChanges([new CalendarPut(definition, expected)], []) { Tenant = tenant, By = context.Actor() },
            cancellation
        );
        if (changed[0].Change is JobChange.Conflict)
        {
            return Problems.RevisionMismatch("calendar", calendar, context.Request.Headers.IfMatch.ToString());
        }

        var status = changed[0].Change is JobChange.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return await calendars.FindAsync(tenant, calendar, cancellation) is { } stored
            ? Answer(stored, context.Response, status)
            : Problems.CalendarNotFound(calendar);
    }

    private static async Task<IResult> Delete(string calendar, HttpContext context, CalendarEdits edits, CancellationToken cancellation)
    {
        if (BuiltInCalendars.TryFind(calendar, out _))
        {
            return Problems.CalendarNotFound(calendar);
        }

        var changed = await edits.ApplyAsync(
            new CalendarChanges([], [calendar]) { Tenant = context.User.Tenant(), By = context.Actor() },
            cancellation
        );
        return changed[0].Change switch
        {
            JobChange.Removed => TypedResults.NoContent(),
            JobChange.Conflict => Problems.CalendarInUse(calendar, changed[0].UsedBy),
            _ => Problems.CalendarNotFound(calendar),
        };
    }

    private static async Task<IResult> Days(
        string calendar,
        HttpRequest request,
        ICalendarStore calendars,
        ScheduleClock clock,
        CancellationToken cancellation
    )
    {
        var known = BuiltInCalendars.TryFind(calendar, out var builtIn)
            ? builtIn
            : (await calendars.FindAsync(request.HttpContext.User.Tenant(), calendar, cancellation))?.Definition.Calendar;
        if (known is null)
        {
            return Problems.CalendarNotFound(calendar);
        }

        var today = DateOnly.FromDateTime((known.Zone ?? Zone.Default).ToLocal(clock.Now).DateTime);
        var from = Query.FromDay.Of(request) ?? today;
        var to = Query.ToDay.Of(request) ?? DateOnly.FromDayNumber(Math.Min(from.DayNumber + 365, DateOnly.MaxValue.DayNumber));
        return to < from || to.DayNumber - from.DayNumber > MostDays
            ? Problems.InvalidParameter("to", to.ToString("yyyy-MM-dd", null), $"a day from 'from' to {MostDays} days after it")
            : TypedResults.Ok(CoverageView.Of(known, from, to));
    }

    private static JsonHttpResult<JsonObject> Answer(StoredCalendar calendar, HttpResponse response, int status)
    {
        response.Headers.ETag = $"\"{calendar.Revision}\"";
        if (status == StatusCodes.Status201Created)
        {
            response.Headers.Location = $"/api/v1/calendars/{calendar.Definition.Name}";
        }

        return TypedResults.Json(CalendarView.Of(calendar), statusCode: status);
    }

    private static async Task<(CalendarDefinition? Definition, IResult? Problem)> ReadAsync(HttpRequest request, string name)
    {
        if (!(await StrictJson.ReadAsync(request)).IsJson(out var json, out var problem))
        {
            return (null, problem);
        }

        var problems = new List<DocumentProblem>();
        var definition = CalendarDocument.Read(Named(json.Value, name), "", problems);
        if (definition is not null && definition.Name != name)
        {
            problems.Add(new("/name", "mismatch", $"the body says '{definition.Name}' and the path '{name}'", $"write '{name}' in both"));
        }

        return problems.Count > 0 ? (null, Problems.InvalidDocument(problems)) : (definition, null);
    }

    /// <summary>The document without the read-only keys of an answer; the name may stand in the path only.</summary>
    private static JsonElement Named(JsonElement json, string name)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            return json;
        }

        var kept = new JsonObject();
        foreach (var property in json.EnumerateObject().Where(property => !CalendarView.ReadOnlyKeys.Contains(property.Name)))
        {
            kept[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }

        if (!kept.ContainsKey("name"))
        {
            kept["name"] = name;
        }

        return JsonSerializer.SerializeToElement(kept);
    }
}
