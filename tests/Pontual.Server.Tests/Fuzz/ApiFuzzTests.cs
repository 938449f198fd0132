using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Pontual.Server.Tests.Api;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Xunit.Abstractions;

namespace Pontual.Server.Tests.Fuzz;

/// <summary>
/// Requests made up from the OpenAPI document with hostile values, at a real server, by callers of every kind. <c>./test fuzz</c> is the long form;
/// PONTUAL_SEED chooses the requests, and a failure names its own.
/// </summary>
[Trait("Category", "Fuzz")]
public sealed class ApiFuzzTests(ITestOutputHelper output)
{
    private const int Lanes = 4;
    private const int Round = 500;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1";

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<int, int>> _counts = [];
    private readonly ConcurrentQueue<string> _faults = [];

    [Fact(DisplayName = "X-01 hostile requests made from the document: no 5xx, no leak, no half state (SQLite)")]
    public Task Hostile_requests_do_no_harm_on_sqlite() => FuzzAsync("SQLite", null, IsLong ? 20_000 : 700);

    [Fact(DisplayName = "X-01 hostile requests made from the document: no 5xx, no leak, no half state (PostgreSQL)")]
    public async Task Hostile_requests_do_no_harm_on_postgresql()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.PostgreSql);
        await FuzzAsync("PostgreSQL", database.Options.PostgreSql, IsLong ? 20_000 : 300);
    }

    private async Task FuzzAsync(string kind, string? postgreSql, int count)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PONTUAL_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : 1;
        await using var server = await FuzzServer.StartAsync(postgreSql);
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            }
        );
        var document = await http.GetJsonAsync(new Uri(server.Url, "/openapi/v1.json").ToString());
        var requests = new FuzzRequests(document, server.Known, seed);
        var judge = new FuzzJudge([.. server.Canaries]);
        var sent = 0;

        // Rounds, so that what was removed is there again.
        for (var first = 0; first < count; first += Round)
        {
            await server.RefillAsync();
            var numbers = Enumerable.Range(first, Math.Min(Round, count - first));
            await Parallel.ForEachAsync(
                numbers,
                new ParallelOptions { MaxDegreeOfParallelism = Lanes },
                async (number, _) =>
                {
                    if (await SendAsync(http, server, requests.Make(number), judge, number))
                    {
                        Interlocked.Increment(ref sent);
                    }
                }
            );
        }

        Report(kind, seed, sent, server.Log);
        var half = await HalfStatesAsync(server);
        var told = server.Log.Lines.Where(line => server.Canaries.Any(canary => line.Text.Contains(canary, StringComparison.Ordinal)));
        Assert.Empty(_faults);
        Assert.Empty(half);
        Assert.Empty(told.Select(line => line.Text));
        Assert.Empty(server.Log.Lines.Where(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error).Select(line => line.Text));
        Assert.True(sent > count * 9 / 10, $"only {sent} of {count} requests could be sent");
    }

    private async Task<bool> SendAsync(HttpClient http, FuzzServer server, FuzzRequest request, FuzzJudge judge, int number)
    {
        using var message = request.ToMessage(server.Url, server.Tokens[request.Caller]);
        if (message is null)
        {
            return false;
        }

        try
        {
            using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseContentRead);
            var body = await answer.Content.ReadAsStringAsync();
            _counts.GetOrAdd(request.Operation, _ => []).AddOrUpdate((int)answer.StatusCode, 1, (_, known) => known + 1);
            if (judge.Fault(request, answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, body) is { } fault)
            {
                _faults.Enqueue($"Request {number} {fault}\n   It was {request}");
            }

            return true;
        }
        catch (HttpRequestException cut) when (cut.HttpRequestError is HttpRequestError.ConnectionError)
        {
            _faults.Enqueue($"Request {number} found no server: {cut.Message}\n   It was {request}");
            return false;
        }
        catch (Exception unsent) when (unsent is HttpRequestException or FormatException or TaskCanceledException)
        {
            if (unsent is TaskCanceledException)
            {
                _faults.Enqueue($"Request {number} got no answer\n   It was {request}");
            }

            // The client refuses to send it, or the server closed on what was too large.
            return false;
        }
    }

    /// <summary>What does not fit together in the server's data, each in a sentence.</summary>
    private static async Task<List<string>> HalfStatesAsync(FuzzServer server)
    {
        var wrong = new List<string>();
        using var admin = server.Admin;
        var jobs = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var job in admin.Jobs.AllAsync(limit: 500))
        {
            jobs.Add(job.Name);
            if ((await admin.Jobs.GetAsync(job.Name)).Revision != job.Revision)
            {
                wrong.Add($"job {job.Name} is not what the list says");
            }
        }

        // A run that goes on may outlive its job; one that waits may not.
        await foreach (var run in admin.Runs.AllAsync(state: "pending", limit: 500))
        {
            if (!jobs.Contains(run.Job))
            {
                wrong.Add($"run {run.Id} waits and its job {run.Job} is gone");
            }
        }

        var ended = await admin.Runs.ListAsync(limit: 100);
        foreach (var run in ended.Items)
        {
            await admin.Runs.GetAsync(run.Id);
        }

        // What is there can be written, and read again as the same.
        var again = await admin.Definitions.ApplyAsync(await admin.Definitions.ExportAsync(), dryRun: true, prune: true);
        wrong.AddRange(
            again
                .Jobs.Concat(again.Calendars)
                .Concat(again.Queues)
                .Where(one => one.Change != "unchanged")
                .Select(one => $"{one.Name} would {one.Change} by its own export")
        );
        await foreach (var entry in admin.Audit.AllAsync(limit: 500))
        {
            if (entry.Action.Length == 0 || entry.Actor.Length == 0)
            {
                wrong.Add($"audit entry {entry.Id} says nothing");
            }
        }

        var ready = await admin.Health.ReadyAsync();
        if (ready.Status != "ok")
        {
            wrong.Add($"the server is not ready: {ready.Reason}");
        }

        return wrong;
    }

    /// <summary>How often each operation answered what.</summary>
    private void Report(string kind, int seed, int sent, FuzzLog log)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"{sent} requests on {kind}, seed {seed}");
        foreach (var (operation, statuses) in _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var cells = statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}");
            table.AppendLine(CultureInfo.InvariantCulture, $"  {operation, -20} {string.Join("  ", cells)}");
        }

        foreach (var fault in _faults)
        {
            table.AppendLine(fault);
        }

        foreach (var (_, text) in log.Lines.Where(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error))
        {
            table.AppendLine(text);
        }

        output.WriteLine(table.ToString());
        Directory.CreateDirectory(Repository.Path("artifacts/fuzz"));
        File.WriteAllText(Repository.Path($"artifacts/fuzz/{kind}.txt"), table.ToString());
    }
}
