using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Explaining;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Zones;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Why a job ran, did not run, or waits.</summary>
internal static class WhyApi
{
    public static void MapWhy(this IEndpointRouteBuilder api) =>
        api.MapGet("/jobs/{name}/why", Why)
            .Needs(TokenScope.Read)
            .Takes(Query.At)
            .WithName("ExplainJob")
            .WithSummary("Why the job ran, did not run or waits, at an instant or now: one sentence, and what it rests on.")
            .Produces<ExplanationView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Why(
        [FromRoute(Name = RouteValues.JobName)] JobPath path,
        HttpContext context,
        JobWhy why,
        IJobStore jobs,
        CancellationToken cancellation
    )
    {
        var name = path.Of(context.User);
        var zone = (await jobs.FindAsync(name, cancellation))?.Definition.Schedule.Zone ?? Zone.Default;
        return await why.ExplainAsync(name, Query.At.Of(context.Request)?.In(zone), cancellation) is { } explanation
            ? TypedResults.Ok(ExplanationView.Of(name.Text, explanation))
            : Problems.JobNotFound(name);
    }
}

/// <summary>The time that somebody asks about: an instant, or a local time of a zone that is known later.</summary>
internal sealed record WhyAt
{
    private static readonly string[] LocalTimes = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    private readonly DateTimeOffset? _instant;
    private readonly DateTime _local;

    private WhyAt(DateTimeOffset? instant, DateTime local) => (_instant, _local) = (instant, local);

    /// <summary>The instant, by the clocks of a zone. A missing local time moves to the end of the gap, and a repeated one means its first pass.</summary>
    public DateTimeOffset In(Zone zone) => _instant ?? zone.ToInstants(_local).First;

    public static bool TryParse(string text, out WhyAt? at)
    {
        at =
            Instants.TryParse(text, out var instant) ? new WhyAt(instant, default)
            : DateTime.TryParseExact(text, LocalTimes, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
                ? new WhyAt(null, local)
            : null;
        return at is not null;
    }
}

/// <summary>Why a job ran, did not run, or waits.</summary>
/// <param name="Job">The job.</param>
/// <param name="Verdict"><c>ran</c>, <c>failed</c>, <c>cancelled</c>, <c>running</c>, <c>skipped</c>, <c>waiting</c>, <c>not-due</c>, <c>paused</c>, <c>not-defined</c>, <c>owed</c> or <c>forgotten</c>.</param>
/// <param name="Sentence">Why, in English.</param>
/// <param name="RunId">The run it is about; null for none.</param>
/// <param name="Facts">What the sentence rests on, in the order in which it is told.</param>
internal sealed record ExplanationView(string Job, string Verdict, string Sentence, Guid? RunId, IReadOnlyList<FactView> Facts)
{
    public static ExplanationView Of(string job, Explanation explanation) =>
        new(
            job,
            explanation.Verdict,
            explanation.Sentence,
            explanation.Run,
            [.. explanation.Facts.Select(fact => new FactView(fact.Name, fact.Value))]
        );
}

/// <summary>Something the records say.</summary>
/// <param name="Name">What it is, in words.</param>
/// <param name="Value">How it is.</param>
internal sealed record FactView(string Name, string Value);
