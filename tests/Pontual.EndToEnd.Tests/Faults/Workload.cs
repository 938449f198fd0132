using System.Text.Json.Nodes;
using Pontual.TestKit.Checking;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>The jobs of a campaign, repeatable by its seed: schedules from a second to a minute, about a third that must not overlap, HTTP and process
/// targets; jobs to enqueue, to write to and to pause; and the oracle of their due times.</summary>
internal sealed class Workload
{
    private const int Attempts = 10;
    private const int Kept = 4;
    private static readonly int[] Periods = [1, 2, 3, 5, 5, 10, 10, 15, 20, 30, 60, 60];

    private readonly List<Scheduled> _scheduled = [];
    private readonly Uri _http;
    private readonly string _script;

    public Workload(int seed, int schedules, Uri http, string script)
    {
        (_http, _script) = (http, script);
        var random = new Random(seed);
        for (var i = 0; i < schedules; i++)
        {
            var period = Periods[random.Next(Periods.Length)];
            var policy = random.Next(3) == 0 ? "skip" : "allow";
            var catchUp = random.Next(4) == 0 ? "all" : "latest";
            _scheduled.Add(
                new Scheduled($"every-{i}", period, policy == "skip", policy, catchUp, IsProcess: period >= 5 && random.Next(3) == 0)
            );
        }

        for (var i = 0; i < Kept; i++)
        {
            _scheduled.Add(new Scheduled($"pausing-{i}", 1, Exclusive: false, "allow", "latest", IsProcess: false));
        }
    }

    /// <summary>Jobs that run when a client says so.</summary>
    public static IReadOnlyList<string> Enqueued { get; } = [.. Enumerable.Range(0, Kept).Select(i => $"enqueue-{i}")];

    /// <summary>Jobs whose definition a client changes.</summary>
    public static IReadOnlyList<string> Written { get; } = [.. Enumerable.Range(0, Kept).Select(i => $"register-{i}")];

    /// <summary>Jobs that a client pauses and resumes.</summary>
    public static IReadOnlyList<string> Paused { get; } = [.. Enumerable.Range(0, Kept).Select(i => $"pausing-{i}")];

    /// <summary>All of them as a file of definitions.</summary>
    public string Pack() =>
        new JsonObject
        {
            ["jobs"] = new JsonArray([
                .. _scheduled.Select(JsonNode (job) => Scheduling(job)),
                .. Enqueued.Select(JsonNode (name) => Job(name, "manual", "allow", isProcess: false)),
                .. Written.Select(JsonNode (name) => Register(name, "v0")),
            ]),
        }.ToJsonString();

    /// <summary>A job that does nothing but carry a value.</summary>
    public JsonObject Register(string name, string value)
    {
        var job = Job(name, "manual", "allow", isProcess: false);
        job["description"] = value;
        return job;
    }

    /// <summary>What should have come due after an instant and until another one, of each job's own.</summary>
    public IReadOnlyList<ExpectedJob> Expected(Func<string, DateTimeOffset> from, Func<string, DateTimeOffset> until) =>
        [
            .. _scheduled.Select(job => new ExpectedJob(
                job.Name,
                Due(job.Period, from(job.Name), until(job.Name)),
                job.Exclusive,
                Attempts
            )),
            .. Enqueued.Select(name => new ExpectedJob(name, [], Exclusive: false, Attempts)),
        ];

    // "every Ns" fires at whole multiples of N seconds since the Unix epoch.
    private static List<DateTimeOffset> Due(int period, DateTimeOffset from, DateTimeOffset until)
    {
        var due = new List<DateTimeOffset>();
        var first = (long)Math.Floor((from - DateTimeOffset.UnixEpoch).TotalSeconds / period) + 1;
        for (var at = first * period; at <= until.ToUnixTimeSeconds(); at += period)
        {
            due.Add(DateTimeOffset.FromUnixTimeSeconds(at));
        }

        return due;
    }

    private JsonObject Scheduling(Scheduled job)
    {
        var json = Job(job.Name, new JsonObject { ["every"] = $"{job.Period}s" }, job.Overlap, job.IsProcess);
        json["catch-up"] = job.CatchUp;
        return json;
    }

    private JsonObject Job(string name, JsonNode schedule, string overlap, bool isProcess) =>
        new()
        {
            ["name"] = name,
            ["schedule"] = schedule,
            ["target"] = isProcess ? Process() : Http(),
            ["timeout"] = "30s",
            ["overlap"] = overlap,
            ["retry"] = new JsonObject { ["attempts"] = Attempts, ["backoff"] = "100ms..1s" },
        };

    private JsonObject Http() =>
        new()
        {
            ["http"] = new JsonObject
            {
                ["url"] = new Uri(_http, "work").ToString(),
                ["headers"] = new JsonObject { ["X-Witness-Node"] = "${env:WITNESS_NODE}" },
            },
        };

    private JsonObject Process() =>
        new()
        {
            ["process"] = new JsonObject
            {
                ["argv"] = new JsonArray("/bin/bash", "-c", _script),
                ["env"] = new JsonObject { ["WITNESS_NODE"] = "${env:WITNESS_NODE}" },
            },
        };

    private sealed record Scheduled(string Name, int Period, bool Exclusive, string Overlap, string CatchUp, bool IsProcess);
}
