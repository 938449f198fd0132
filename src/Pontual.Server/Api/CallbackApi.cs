using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Runners.Http;

namespace Pontual.Server.Api;

/// <summary>Where a target that answered 202 says what came of its run. Let in by the attempt's own secret alone.</summary>
internal static class CallbackApi
{
    private const string TokenHeader = "X-Pontual-Callback-Token";
    private const int LongestError = 10_000;

    public static void MapCallback(this IEndpointRouteBuilder api) =>
        api.MapPost("/runs/{id}/complete", Complete)
            .AllowAnonymous()
            .Takes()
            .TakesBody("{ \"state\": \"succeeded\" or \"failed\", \"result\": any JSON (optional), \"error\": what went wrong (optional) }")
            .WithName("CompleteRun")
            .WithSummary(
                "Ends a run whose target answered 202. Needs the X-Pontual-Callback-Token that the attempt was sent, and no other token."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<NoContent, ProblemHttpResult>> Complete(
        Guid id,
        HttpRequest request,
        CallbackTokens tokens,
        RunRequests requests,
        CancellationToken cancellation
    )
    {
        var presented = request.Headers[TokenHeader];
        var leaseToken = presented.Count == 1 ? await tokens.VerifyAsync(id, presented[0], cancellation) : null;
        if (leaseToken is null)
        {
            return Problems.CallbackTokenRefused();
        }

        if (!(await StrictJson.ReadAsync(request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        if (ReadOutcome(json.Value, problems) is not { } outcome)
        {
            return Problems.InvalidDocument(problems);
        }

        return await requests.CompleteAsync(id, leaseToken.Value, outcome, cancellation)
            ? TypedResults.NoContent()
            : Problems.CallbackStale(id);
    }

    private static Outcome? ReadOutcome(JsonElement json, List<DocumentProblem> problems)
    {
        if (DocumentObject.Open(json, "", problems, "state", "result", "error") is not { } body)
        {
            return null;
        }

        body.Require("state", "use succeeded or failed");
        var known = body.TryWord("state", States, out var succeeded);
        var error = body.Text("error", LongestError);
        var result = body.Get("result");
        if (!known || problems.Count > 0)
        {
            return null;
        }

        return succeeded
            ? new Outcome.Success(null, result?.GetRawText(), ItemsProcessed(result))
            : new Outcome.Failure(
                FailureKinds.Error,
                error ?? "The target reported a failure without a word.",
                Result: result?.GetRawText()
            );
    }

    private static readonly Dictionary<string, bool> States = new() { ["succeeded"] = true, ["failed"] = false };

    /// <summary>As the HTTP runner reads it from an answer.</summary>
    private static long? ItemsProcessed(JsonElement? result) =>
        result is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("items_processed", out var items)
        && items.ValueKind is JsonValueKind.Number
        && items.TryGetInt64(out var count)
            ? count
            : null;
}
