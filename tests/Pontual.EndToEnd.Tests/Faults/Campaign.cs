using Pontual.EndToEnd.Tests.Running;
using Pontual.Engine.Runs;
using Pontual.TestKit.Checking;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>
/// Nodes as real processes under load, witnesses around them, and whatever a nemesis does to them; then, with all faults healed, what the witnesses saw
/// held against what the product says.
/// </summary>
internal sealed class Campaign : IAsyncDisposable
{
    /// <summary>How long after its end a fault may still explain what is seen: others take over within 15 s, and a machine under load is slow.</summary>
    public static readonly TimeSpan Takeover = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan MostSettling = TimeSpan.FromSeconds(60);

    private readonly CampaignPlan _plan;
    private readonly string _folder;
    private readonly HttpSink _http;
    private readonly ProcessSink _processes;
    private readonly Workload _workload;
    private readonly Writers _writers;
    private readonly HttpClient _client = Writers.Client();
    private readonly Dictionary<string, int> _counts = [];
    private DateTimeOffset _from;

    private Campaign(CampaignPlan plan, string folder, Journal journal, HttpSink http)
    {
        (_plan, _folder, Journal, _http) = (plan, folder, journal, http);
        Random = new Random(plan.Seed);
        _processes = new ProcessSink(journal, Time, plan.Seed, plan.Longest);
        _workload = new Workload(plan.Seed, plan.Schedules, http.Url, _processes.Script);
        Nodes = [.. Enumerable.Range(1, plan.Nodes).Select(Node)];
        _writers = new Writers(Nodes, _workload, journal, plan.Seed);
        _client.Timeout = TimeSpan.FromSeconds(60);
    }

    public TimeProvider Time { get; } = TimeProvider.System;

    public Random Random { get; }

    public Journal Journal { get; }

    public IReadOnlyList<FleetNode> Nodes { get; }

    /// <summary>Starts everything, lets the nemesis work, heals, and judges.</summary>
    public static async Task<CampaignReport> RunAsync(CampaignPlan plan, Func<Campaign, Task> nemesis)
    {
        var folder = Directory.CreateTempSubdirectory($"pontual-{plan.Name}-").FullName;
        using var journal = new Journal(Path.Combine(folder, "journal.ndjson"));
        var http = await HttpSink.StartAsync(TimeProvider.System, plan.Seed, plan.Longest, failing: 0.03, journal);
        CampaignReport report;
        await using (var campaign = new Campaign(plan, folder, journal, http))
        {
            await campaign.StartAsync();
            await nemesis(campaign);
            report = await campaign.JudgeAsync();
        }

        if (report.Verdicts.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            report = report with { Folder = folder };
        }

        Progress.Done(report);
        return report;
    }

    /// <summary>Notes a fault, and counts it under its kind: the first word of what was done.</summary>
    public void Fault(string what, DateTimeOffset from, DateTimeOffset until, FleetNode? node = null)
    {
        var kind = what.Split(' ')[0];
        Journal.Add(new Fault(what, from, until, node?.Witness));
        lock (_counts)
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            var counted = string.Join(", ", _counts.Select(count => $"{count.Value} {count.Key}"));
            Progress.Say(_plan.Name, $"{what} ({counted}; {Journal.Started} starts)");
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(FleetNode node)
    {
        var at = Time.GetUtcNow();
        await node.KillAsync();
        Fault($"kill {node.Witness}", at - TimeSpan.FromMilliseconds(100), Time.GetUtcNow(), node);
    }

    /// <summary>Waits until a write that began from now on was acknowledged and a target saw a start.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> GoesOnAsync(TimeSpan patience, string when)
    {
        var since = Time.GetUtcNow();
        await Wait.ForAsync<object>(
            $"write and start {when}",
            patience,
            () => Task.FromResult<object?>(Journal.Wrote(since) && Journal.Began(since) ? this : null),
            () => string.Join('\n', Nodes.Select(node => $"{node.Witness}: {node.Written[^Math.Min(3_000, node.Written.Length)..]}"))
        );
        return Time.GetUtcNow() - since;
    }

    /// <summary>Waits until a target sees a start that begins from now on.</summary>
    public Task BeginsAsync(TimeSpan patience)
    {
        var since = Time.GetUtcNow();
        return Wait.ForAsync<object>("start", patience, () => Task.FromResult<object?>(Journal.Began(since) ? this : null));
    }

    public Task RestAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Time);

    public async ValueTask DisposeAsync()
    {
        await _writers.DisposeAsync();
        foreach (var node in Nodes)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"{node.Witness}.log"), node.Written);
            await node.DisposeAsync();
        }

        await _processes.DisposeAsync();
        await _http.DisposeAsync();
        _client.Dispose();
    }

    private FleetNode Node(int number)
    {
        var launcher = _plan.Launch?.Invoke(number) ?? Launcher.Usual;
        launcher = _plan.ManyMachines ? launcher with { HostName = $"machine-{number}" } : launcher;
        (string, string)[] database = _plan.PostgreSql is { } postgres ? [("PONTUAL__POSTGRES", postgres)] : [];
        return new FleetNode(
            $"n{number}",
            _plan.DataFolder ?? Path.Combine(_folder, $"n{number}"),
            launcher,
            [.. database, .. _plan.Environment?.Invoke(number) ?? []]
        );
    }

    private async Task StartAsync()
    {
        await Nodes[0].StartAsync();
        await Task.WhenAll(Nodes.Skip(1).Select(node => node.StartAsync()));
        using var pack = new StringContent(_workload.Pack(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(new Uri(Nodes[0].Url!, "api/v1/apply"), pack);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        _from = Time.GetUtcNow() + TimeSpan.FromSeconds(1);
        _writers.Start();
        await RestAsync(2);
    }

    /// <summary>Waits until all that came due before the end is settled, reads twice, and judges.</summary>
    private async Task<CampaignReport> JudgeAsync()
    {
        foreach (var node in Nodes.Where(node => !node.IsUp))
        {
            await node.StartAsync();
        }

        await RestAsync(3);
        await _writers.StopAsync();
        var until = Time.GetUtcNow();
        Progress.Say(_plan.Name, "all healed; what came due until now is settled and judged");
        var rows = await SettledAsync(until);
        await RestAsync(3);
        var later = await FinalRead.RunsAsync(_client, Nodes[0].Url!);
        await File.WriteAllLinesAsync(Path.Combine(_folder, "rows.txt"), later.Select(row => row.ToString()));
        return Judge(rows, later, await FinalRead.ValuesAsync(_client, Nodes[0].Url!), until);
    }

    private async Task<List<Run>> SettledAsync(DateTimeOffset until)
    {
        var begun = Time.GetTimestamp();
        while (true)
        {
            await RestAsync(4);
            var rows = await FinalRead.RunsAsync(_client, Nodes[0].Url!);
            var open = rows.Count(row => row.State is RunState.Pending or RunState.Running && row.DueAt <= until);
            if (open == 0 || Time.GetElapsedTime(begun) > MostSettling)
            {
                return rows;
            }
        }
    }

    private CampaignReport Judge(
        IReadOnlyList<Run> before,
        IReadOnlyList<Run> rows,
        IReadOnlyDictionary<string, string?> values,
        DateTimeOffset until
    )
    {
        bool IsJudged(DateTimeOffset due) => due >= _from && due <= until;
        var judged = rows.Where(row => (row.DueUntil ?? row.DueAt) >= _from && row.DueAt <= until).ToList();
        var byJob = judged.ToLookup(row => row.Job.ToString());
        var witness = new Witness
        {
            // A skipped stretch may reach beyond what is judged, on both sides.
            Jobs = _workload.Expected(
                job => byJob[job].Select(row => row.DueAt.AddMilliseconds(-1)).Append(_from).Min(),
                job => byJob[job].Select(row => row.DueUntil ?? row.DueAt).Append(until).Max()
            ),
            Starts = [.. Journal.Starts.Where(start => IsJudged(start.DueAt))],
            Ends = Journal.Ends,
            Faults = Journal.Faults,
            Rows = judged,
            JudgedUntil = until,
        };
        var delays = DelayChecker.Check(witness, allowance: TimeSpan.FromSeconds(10));
        return new CampaignReport
        {
            Name = _plan.Name,
            Seed = _plan.Seed,
            Faults = _counts,
            Occurrences = witness.Jobs.Sum(job => job.Occurrences.Count),
            Rows = judged.Count,
            Starts = witness.Starts.Count,
            Extra = witness.Starts.Count - witness.Starts.Select(start => start.RunId).Distinct().Count(),
            Skipped = judged
                .Where(row => row.State is RunState.Skipped)
                .GroupBy(row => row.Reason!)
                .ToDictionary(of => of.Key, of => of.Sum(row => row.Count)),
            Acknowledged = Journal.Calls.Count(call => call.End is CallEnd.Ok),
            Unanswered = Journal.Calls.Count(call => call.End is CallEnd.Unknown),
            Dropped = Nodes.Sum(node => node.Logged(1302) + node.Logged(1402)),
            Refused = Nodes.Sum(node => node.Logged(1401)),
            Delays = delays.Delays,
            Takeovers = delays.Takeovers,
            Verdicts =
            [
                .. LedgerChecker.Check(witness),
                .. FencingChecker.Check(witness, before),
                .. WritesChecker.Check(Journal.Calls, rows, values, Journal.Starts),
                .. delays.Verdicts,
            ],
        };
    }
}
