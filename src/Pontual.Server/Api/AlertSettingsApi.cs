using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Whom alerts are told to, when something counts as wrong, and silences.</summary>
internal static class AlertSettingsApi
{
    private const int LongestReason = 500;
    private const string Body =
        "{ \"routes\": [ { \"name\", one of \"webhook\", \"slack\", \"telegram\", \"email\", \"ntfy\", \"severity\", \"rules\", \"subjects\", \"after\", "
        + "\"repeat\", \"quiet-hours\", \"template\" } ], \"rules\": { RULE: { \"enabled\", \"severity\", \"times\", \"for\" } } }; docs/reference/alerts.md";

    public static void MapAlertSettings(this IEndpointRouteBuilder api)
    {
        api.MapGet("/alert-settings", Read)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("ReadAlertSettings")
            .WithSummary("Whom alerts are told to, and when something counts as wrong. Secrets are references, never values.")
            .Produces<JsonObject>();
        api.MapPut("/alert-settings", Write)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody(Body)
            .WithName("PutAlertSettings")
            .WithSummary("Replaces them whole. If-Match takes the ETag of the answer they are based on.")
            .Produces<JsonObject>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        api.MapPost("/alert-routes/{name}/test", Test)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("TestAlertRoute")
            .WithSummary("Tells a route, now and once, that this is a test, and answers what it said.")
            .Produces<RouteTrialView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/silences", Silences)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ListSilences")
            .WithSummary("Stretches, now or to come, in which nobody is told of some alerts.");
        api.MapPost("/silences", Silence)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody("{ \"for\": a duration, or \"until\": an instant, \"from\", \"rules\": [], \"subjects\": [], \"reason\" }")
            .Repeatable()
            .WithName("CreateSilence")
            .WithSummary("Tells nobody of some alerts for a while: a maintenance window. They are opened and resolved all the same.")
            .Produces<SilenceView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapDelete("/silences/{silence}", EndSilence)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("EndSilence")
            .WithSummary("Ends a silence now.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Read(HttpContext context, IAlertSettingsStore store, CancellationToken cancellation)
    {
        var (settings, revision) = await store.ReadAsync(context.User.Tenant(), cancellation);
        context.Response.Headers.ETag = $"\"{revision}\"";
        return TypedResults.Ok(AlertSettingsDocument.Write(settings));
    }

    private static async Task<IResult> Write(
        HttpContext context,
        IAlertSettingsStore store,
        IEnumerable<INoticeSender> senders,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var ifMatch = context.Request.Headers.IfMatch.ToString();
        if (!TryRevision(ifMatch, out var expected))
        {
            return Problems.InvalidHeader("If-Match", "give the ETag of the settings as they were read, such as \"3\", or *");
        }

        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var ways = senders.ToDictionary(sender => sender.Kind, StringComparer.Ordinal);
        if (AlertSettingsDocument.Read(json.Value, "", ways, problems) is not { } settings)
        {
            return Problems.InvalidDocument(problems);
        }

        var tenant = context.User.Tenant();
        if (await store.WriteAsync(tenant, settings, expected, context.Actor(), time.GetUtcNow(), cancellation) is not { } revision)
        {
            return Problems.RevisionMismatch("alert settings", tenant.ToString(), ifMatch);
        }

        context.Response.Headers.ETag = $"\"{revision}\"";
        return TypedResults.Ok(AlertSettingsDocument.Write(settings));
    }

    // Before the first settings their revision is 0, which no stored thing has.
    private static bool TryRevision(string header, out int? revision)
    {
        if (header is "\"0\"" or "0")
        {
            revision = 0;
            return true;
        }

        return Revisions.TryRead(header, out revision);
    }

    private static async Task<IResult> Test(
        JobPath name,
        ClaimsPrincipal caller,
        IAlertSettingsStore store,
        INoticeTrial trial,
        CancellationToken cancellation
    )
    {
        var (settings, _) = await store.ReadAsync(caller.Tenant(), cancellation);
        if (settings.Routes.FirstOrDefault(route => route.Name == name.ToString()) is not { } route)
        {
            return Problems.AlertRouteNotFound(name.ToString());
        }

        var error = await trial.TryAsync(caller.Tenant(), route, cancellation);
        return TypedResults.Ok(new RouteTrialView(route.Name, error is null, error));
    }

    private static async Task<Ok<Page<SilenceView>>> Silences(
        ClaimsPrincipal caller,
        IAlertStore alerts,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var silences = await alerts.SilencesAsync(caller.Tenant(), time.GetUtcNow(), cancellation);
        return TypedResults.Ok(new Page<SilenceView>([.. silences.Select(SilenceView.Of)], null));
    }

    private static async Task<IResult> Silence(
        HttpContext context,
        IAlertStore alerts,
        IRandomBytes random,
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
        var until = AlertSpan.Read(json.Value, now, problems, "from", "rules", "subjects", "reason");
        if (DocumentObject.Open(json.Value, "", problems) is not { } body)
        {
            return Problems.InvalidDocument(problems);
        }

        if (until is null && problems.Count == 0)
        {
            problems.Add(new("", "required", "a silence without an end", "give \"for\": \"2h\", or \"until\""));
        }

        body.Require("reason", "say why: whoever wonders later reads it");
        var silence = new Silence(
            RunId.New(now, random),
            context.User.Tenant(),
            AlertSettingsDocument.Patterns(body, "rules", problems),
            AlertSettingsDocument.Patterns(body, "subjects", problems),
            ReadFrom(body, now),
            until ?? now,
            body.Text("reason", LongestReason) ?? "",
            context.Actor().Name
        );
        if (problems.Count == 0 && silence.From >= silence.Until)
        {
            body.Report("from", "range", "it begins when it is over", "let it begin before 'until'");
        }

        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        await alerts.AddSilenceAsync(silence, context.Actor(), now, cancellation);
        return TypedResults.Created($"/api/v1/silences/{silence.Id}", SilenceView.Of(silence));
    }

    private static async Task<IResult> EndSilence(
        string silence,
        HttpContext context,
        IAlertStore alerts,
        TimeProvider time,
        CancellationToken cancellation
    ) =>
        Guid.TryParseExact(silence, "D", out var id)
        && await alerts.EndSilenceAsync(context.User.Tenant(), id, context.Actor(), time.GetUtcNow(), cancellation)
            ? TypedResults.NoContent()
            : Problems.SilenceNotFound(silence);

    private static DateTimeOffset ReadFrom(DocumentObject body, DateTimeOffset now)
    {
        if (body.Text("from", 40) is not { } text)
        {
            return now;
        }

        if (Instants.TryParse(text, out var from))
        {
            return from;
        }

        body.Report("from", "instant", $"'{text}' is not an instant", "write it with its offset, such as 2030-01-31T09:00:00Z");
        return now;
    }
}
