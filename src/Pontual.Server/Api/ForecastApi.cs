using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Calendars;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Forecasts;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>What would run in a stretch of time. Nothing is changed by asking.</summary>
internal static class ForecastApi
{
    private const string SvgType = "image/svg+xml";

    public static void MapForecast(this IEndpointRouteBuilder api)
    {
        api.MapPost("/schedules/forecast", TellAsync)
            .Needs(TokenScope.Read)
            .Takes()
            .TakesBody(ForecastRequest.Shape)
            .WithName("ForecastSchedules")
            .WithSummary(
                "What would run from one time to another: runs of each job, how many start together, what meets and what calendars leave out."
            )
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapPost("/schedules/forecast.svg", DrawAsync)
            .Needs(TokenScope.Read)
            .Takes()
            .TakesBody(ForecastRequest.Shape)
            .WithName("DrawForecast")
            .WithSummary("The load of a forecast as a chart in SVG.")
            .Produces<string>(StatusCodes.Status200OK, SvgType)
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<ForecastView>, ProblemHttpResult>> TellAsync(
        HttpRequest http,
        IJobStore jobs,
        ICalendarStore calendars,
        ScheduleClock clock,
        CancellationToken cancellation
    )
    {
        var (forecast, request, problem) = await AskAsync(http, jobs, calendars, clock, cancellation);
        return problem is null ? TypedResults.Ok(ForecastView.Of(forecast!, request!)) : problem;
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> DrawAsync(
        HttpRequest http,
        IJobStore jobs,
        ICalendarStore calendars,
        ScheduleClock clock,
        CancellationToken cancellation
    )
    {
        var (forecast, request, problem) = await AskAsync(http, jobs, calendars, clock, cancellation);
        return problem is null
            ? TypedResults.Text(
                LoadChart.Svg(forecast!, request!.Zone, ForecastView.TitleOf(forecast!, request.Zone)),
                SvgType,
                Encoding.UTF8
            )
            : problem;
    }

    /// <summary>The forecast and what it was asked for, or the problem.</summary>
    private static async Task<(Forecast? Forecast, ForecastRequest? Request, ProblemHttpResult? Problem)> AskAsync(
        HttpRequest http,
        IJobStore jobs,
        ICalendarStore calendars,
        ScheduleClock clock,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadOptionalAsync(http)).IsJson(out var json, out var broken))
        {
            return (null, null, broken);
        }

        var problems = new List<DocumentProblem>();
        if (
            ForecastRequest.Read(json.Value, clock.Now, problems) is not { } request
            || await JobsOfAsync(request, http.HttpContext.User.Tenant(), jobs, calendars, problems, cancellation) is not { } chosen
        )
        {
            return (null, null, Problems.InvalidDocument(problems));
        }

        try
        {
            return (Forecast.Of(chosen, request.From, request.To, cancellation), request, null);
        }
        catch (ForecastLimitException limit)
        {
            return (null, null, Problems.InvalidDocument([Refused(limit)]));
        }
    }

    private static DocumentProblem Refused(ForecastLimitException limit)
    {
        var parts = limit.Message.TrimEnd('.').Split(": ", 2);
        return new DocumentProblem("/to", "limit", parts[0], parts.Length > 1 ? parts[1] : "choose another 'from' or 'to'");
    }

    /// <summary>Kept jobs and candidates in the order of their names; null when problems were added.</summary>
    private static async Task<IReadOnlyList<ForecastJob>?> JobsOfAsync(
        ForecastRequest request,
        TenantName tenant,
        IJobStore jobs,
        ICalendarStore calendars,
        List<DocumentProblem> problems,
        CancellationToken cancellation
    )
    {
        var kept = (await jobs.ListAsync(tenant, null, int.MaxValue, cancellation)).ToDictionary(job => job.Name);
        var candidates = new Dictionary<JobName, JobDefinition>();
        foreach (var (definition, index) in request.Definitions.Select((definition, index) => (definition, index)))
        {
            var path = $"/definitions/{index}/schedule";
            var schedule = await calendars.BindAsync(tenant, definition.Schedule, path, problems, cancellation, request.Calendars);
            candidates[definition.Name.In(tenant)] = definition with { Schedule = schedule };
        }

        var names = request.Jobs?.Select(name => name.In(tenant)).ToList() ?? [.. kept.Keys.Union(candidates.Keys)];
        foreach (var (name, index) in names.Select((name, index) => (name, index)))
        {
            if (!kept.ContainsKey(name) && !candidates.ContainsKey(name))
            {
                problems.Add(
                    new($"/jobs/{index}", "unknown-job", $"there is no job '{name.Text}'", "name a kept job, or one of 'definitions'")
                );
            }
        }

        foreach (var name in request.Durations.Keys.Where(name => !names.Any(known => known.Text == name)))
        {
            problems.Add(
                new($"/durations/{DocumentText.Escape(name)}", "unknown-job", $"'{name}' is none of the jobs looked at", "name one of them")
            );
        }

        return problems.Count > 0
            ? null
            :
            [
                .. names
                    .Distinct()
                    .OrderBy(name => name.Text, StringComparer.Ordinal)
                    .Select(name => JobOf(kept.GetValueOrDefault(name), candidates.GetValueOrDefault(name), request)),
            ];
    }

    private static ForecastJob JobOf(Job? kept, JobDefinition? candidate, ForecastRequest request)
    {
        var definition = candidate ?? kept!.Definition;
        var name = definition.Name.Text;
        return new ForecastJob(name, definition.Schedule.With(request.Calendars))
        {
            Expected = request.Durations.TryGetValue(name, out var said) ? said : LastDuration(kept?.Totals),
            Overlap = definition.Overlap,
            PausedUntil = kept?.Paused is { } pause ? pause.Until ?? DateTimeOffset.MaxValue : null,
        };
    }

    // One sample, but one that needs no look into the history.
    private static TimeSpan? LastDuration(JobTotals? totals) =>
        totals?.LastState == RunState.Succeeded && totals.LastFinishedAt - totals.LastStartedAt is { } length && length >= TimeSpan.Zero
            ? length
            : null;
}
