using System.Security.Claims;
using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Workers;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Reads what programs outside send. Each method adds what is wrong to the problems, and answers null then.</summary>
internal static class WorkerBody
{
    private const int MostTasks = 50;
    private const int MostRuns = 1_000;
    private const int LongestError = 10_000;
    private const int LongestWait = 25;
    private const int ShortestLease = 3;
    private const int LongestLease = 600;
    private const string TokenFix = "send the token that came with the claim, a whole number";
    private static readonly TimeSpan UsualLease = TimeSpan.FromSeconds(30);

    /// <summary>A wish for runs.</summary>
    public static WorkerWish? Claim(JsonElement json, ClaimsPrincipal caller, List<DocumentProblem> problems)
    {
        if (DocumentObject.Open(json, "", problems, "worker", "tasks", "limit", "wait", "lease_seconds") is not { } body)
        {
            return null;
        }

        var worker = Worker(body, caller);
        var tasks = Tasks(body, problems);
        var limit = body.Integer("limit", 1, MostRuns) ?? 1;
        var wait = body.Integer("wait", 0, LongestWait) ?? 0;
        var lease = Lease(body);
        return problems.Count > 0 || worker is null ? null : new(worker.Value, tasks, limit, TimeSpan.FromSeconds(wait), lease);
    }

    /// <summary>A sign of life.</summary>
    public static (WorkerName Worker, List<HeldRun> Runs, TimeSpan Lease)? Heartbeat(
        JsonElement json,
        ClaimsPrincipal caller,
        List<DocumentProblem> problems
    )
    {
        if (DocumentObject.Open(json, "", problems, "worker", "runs", "lease_seconds") is not { } body)
        {
            return null;
        }

        var worker = Worker(body, caller);
        var lease = Lease(body);
        var runs = new List<HeldRun>();
        foreach (var (item, path) in Items(body, "runs", MostRuns, "the runs that it holds, [{\"run_id\": …, \"token\": …}]"))
        {
            if (DocumentObject.Open(item, path, problems, "run_id", "token", "output") is { } run && Held(run) is { } held)
            {
                runs.Add(held);
            }
        }

        return problems.Count > 0 || worker is null ? null : (worker.Value, runs, lease);
    }

    /// <summary>What a run came to.</summary>
    public static (WorkerName Worker, HeldRun Run, Outcome Outcome)? End(
        JsonElement json,
        ClaimsPrincipal caller,
        bool succeeded,
        List<DocumentProblem> problems
    )
    {
        string[] own = succeeded ? ["result", "items_processed"] : ["error", "retry", "result"];
        if (DocumentObject.Open(json, "", problems, ["worker", "run_id", "token", "output", .. own]) is not { } body)
        {
            return null;
        }

        var worker = Worker(body, caller);
        var run = Held(body);
        var result = body.Get("result")?.GetRawText();
        var outcome = succeeded ? Success(body, result) : Failure(body, result);
        return problems.Count > 0 || worker is null || run is null ? null : (worker.Value, run, outcome);
    }

    private static Outcome Success(DocumentObject body, string? result) =>
        new Outcome.Success(null, result, body.Integer("items_processed", 0, int.MaxValue));

    private static Outcome Failure(DocumentObject body, string? result)
    {
        body.Require("error", "say what went wrong");
        var error = body.Text("error", LongestError) ?? "";
        return new Outcome.Failure(FailureKinds.Error, error, Result: result) { IsFinal = body.Flag("retry") is false };
    }

    private static WorkerName? Worker(DocumentObject body, ClaimsPrincipal caller)
    {
        if (!body.Require("worker", $"give the worker a name: {WorkerName.Rule}") || body.Text("worker", 1_000) is not { } name)
        {
            return null;
        }

        if (!WorkerName.IsName(name))
        {
            body.Report("worker", "name", $"{DocumentText.Quote(name)} is not the name of a worker", WorkerName.Rule);
            return null;
        }

        return new WorkerName(caller.Tenant(), name);
    }

    private static List<string> Tasks(DocumentObject body, List<DocumentProblem> problems)
    {
        var tasks = new List<string>();
        body.Require("tasks", "name the tasks that this worker can do, [\"…\"]");
        foreach (var (item, path) in Items(body, "tasks", MostTasks, "the names of tasks, [\"…\"]"))
        {
            if (DocumentText.TryRead(item, out var task) && JobName.TryParse(task, out _))
            {
                tasks.Add(task);
            }
            else
            {
                problems.Add(new(path, "name", $"{DocumentText.Quote(item)} is not the name of a task", JobName.Rule));
            }
        }

        if (body.Get("tasks") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
        {
            body.Report("tasks", "length", "there is no task", "name at least one");
        }

        return [.. tasks.Distinct(StringComparer.Ordinal)];
    }

    private static TimeSpan Lease(DocumentObject body) =>
        body.Integer("lease_seconds", ShortestLease, LongestLease) is { } seconds ? TimeSpan.FromSeconds(seconds) : UsualLease;

    private static HeldRun? Held(DocumentObject body)
    {
        var id = Guid.Empty;
        if (
            body.Require("run_id", "send the id that came with the claim")
            && body.Text("run_id", 100) is { } text
            && !Guid.TryParseExact(text, "D", out id)
        )
        {
            body.Report("run_id", "run-id", $"{DocumentText.Quote(text)} is not a run id", "send the id that came with the claim");
        }

        var token = 0L;
        if (
            body.Require("token", TokenFix)
            && body.Get("token") is { } value
            && !(value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out token))
        )
        {
            body.Report("token", "integer", $"{DocumentText.Quote(value)} is not a token", TokenFix);
        }

        var output = body.Text("output", DocumentText.LongestText);
        return id == Guid.Empty || token == 0 ? null : new HeldRun(id, token, output);
    }

    private static List<(JsonElement Item, string Path)> Items(DocumentObject body, string key, int most, string fix)
    {
        if (body.Get(key) is not { } value)
        {
            return [];
        }

        if (value.ValueKind is not JsonValueKind.Array)
        {
            body.Report(key, "type", $"{DocumentText.Quote(value)} is not a list", $"send {fix}");
            return [];
        }

        if (value.GetArrayLength() > most)
        {
            body.Report(key, "length", $"there are {value.GetArrayLength()} items", $"send at most {most}");
            return [];
        }

        return [.. value.EnumerateArray().Select((item, index) => (item, $"{body.PathOf(key)}/{index}"))];
    }
}
