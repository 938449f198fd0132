using System.Diagnostics;
using System.Net.Http.Headers;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Engine.Runs;
using Pontual.TestKit.Checking;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>
/// Starts a server on a data folder, lets it work under load for a random moment, kills it with SIGKILL, starts it again, and so on; then holds
/// what its targets saw against its ledger. Everything but the moment of the kill repeats with the seed.
/// </summary>
internal sealed class KillRounds(int seed, int rounds, string dataFolder)
{
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(15);
    private static readonly int[] Periods = [1, 1, 2, 2, 3, 5];

    private readonly Random _random = new(seed);
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly List<Fault> _faults = [];
    private int _killed;

    public async Task<KillReport> RunAsync(int jobs, CancellationToken cancellation)
    {
        await using var sink = await HttpSink.StartAsync(_time, seed, TimeSpan.FromSeconds(4), failing: 0.05);
        DateTimeOffset from = default;
        for (var round = 0; round <= rounds; round++)
        {
            await using var server = await Served.StartAsync(dataFolder);
            using var client = await LocalAdministrator.OfAsync(dataFolder);
            if (round == 0)
            {
                await DefineAsync(client, sink, jobs, cancellation);
                from = _time.GetUtcNow() + TimeSpan.FromSeconds(1);
            }

            if (round == rounds)
            {
                await Task.Delay(Takeover + TimeSpan.FromSeconds(10), _time, cancellation);
                return await JudgeAsync(client, sink, jobs, from);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(50, 3_000)), _time, cancellation);
            var at = _time.GetUtcNow();
            await server.Process.KillAsync();
            _killed++;
            _faults.Add(new Fault($"kill {round}", at - TimeSpan.FromMilliseconds(100), at + Takeover + TimeSpan.FromSeconds(10)));
        }

        throw new UnreachableException();
    }

    private static string JobName(int number) => $"kill-{number}";

    private static int Period(int number) => Periods[number % Periods.Length];

    private static bool Exclusive(int number) => number % 4 != 3;

    private static async Task DefineAsync(HttpClient client, HttpSink sink, int jobs, CancellationToken cancellation)
    {
        for (var number = 0; number < jobs; number++)
        {
            var job = $$$"""
                {"name": "{{{JobName(number)}}}", "schedule": {"every": "{{{Period(number)}}}s"},
                 "target": {"http": {"url": "{{{sink.Url}}}work"}}, "timeout": "20s",
                 "overlap": "{{{(Exclusive(number) ? "skip" : "allow")}}}", "catch-up": "{{{(number % 5 == 0 ? "all" : "latest")}}}",
                 "retry": {"attempts": 4, "backoff": "200ms..2s"} }
                """;
            using var content = new StringContent(job, new MediaTypeHeaderValue("application/json"));
            using var answer = await client.PostAsync("api/v1/jobs", content, cancellation);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    private async Task<KillReport> JudgeAsync(HttpClient client, HttpSink sink, int jobs, DateTimeOffset from)
    {
        var until = _time.GetUtcNow() - TimeSpan.FromSeconds(8);
        var all = await FinalRead.RunsAsync(client, client.BaseAddress!);
        var rows = all.Where(row => (row.DueUntil ?? row.DueAt) >= from && row.DueAt <= until).ToList();
        var witness = new Witness
        {
            Jobs =
            [
                .. Enumerable.Range(0, jobs).Select(number => Expected(number, BeginOf(number, rows, from), EndOf(number, rows, until))),
            ],
            Starts = [.. sink.Starts.Where(start => start.DueAt >= from && start.DueAt <= until)],
            Ends = sink.Ends,
            Faults = _faults,
            Rows = rows,
            JudgedUntil = until,
        };
        var started = witness.Starts.Count;
        return new KillReport(
            _killed,
            witness.Jobs.Sum(job => job.Occurrences.Count),
            witness.Rows.Count,
            started,
            started - witness.Starts.Select(start => start.RunId).Distinct().Count(),
            witness
                .Rows.Where(row => row.State is RunState.Skipped)
                .GroupBy(row => row.Reason!)
                .ToDictionary(g => g.Key, g => g.Sum(row => row.Count)),
            LedgerChecker.Check(witness)
        );
    }

    /// <summary>A skipped stretch may begin before what is judged: the jobs defined first already ran while the last were being defined.</summary>
    private static DateTimeOffset BeginOf(int number, List<Run> rows, DateTimeOffset from) =>
        rows.Where(row => row.Job.ToString() == JobName(number)).Select(row => row.DueAt.AddMilliseconds(-1)).Append(from).Min();

    /// <summary>A skipped stretch may reach beyond what is judged.</summary>
    private static DateTimeOffset EndOf(int number, List<Run> rows, DateTimeOffset until) =>
        rows.Where(row => row.Job.ToString() == JobName(number)).Max(row => row.DueUntil) is { } last && last > until ? last : until;

    /// <summary>"every Ns" fires at whole multiples of N seconds since the Unix epoch: an oracle in one line.</summary>
    private static ExpectedJob Expected(int number, DateTimeOffset from, DateTimeOffset until)
    {
        var first = (from.ToUnixTimeMilliseconds() / 1000 / Period(number)) + 1;
        var occurrences = new List<DateTimeOffset>();
        for (var at = first * Period(number); at <= until.ToUnixTimeSeconds(); at += Period(number))
        {
            occurrences.Add(DateTimeOffset.FromUnixTimeSeconds(at));
        }

        return new ExpectedJob(JobName(number), occurrences, Exclusive(number), MaxAttempts: 4);
    }
}

/// <summary>What a campaign of kills came to.</summary>
internal sealed record KillReport(
    int Kills,
    int Occurrences,
    int Rows,
    int Starts,
    int ExtraStarts,
    IReadOnlyDictionary<string, long> Skips,
    IReadOnlyList<Verdict> Verdicts
)
{
    public override string ToString() =>
        $"{Kills} kills, {Occurrences} occurrences, {Rows} rows, {Starts} starts, {ExtraStarts} of them again after a failure or fault, "
        + $"skipped {string.Join(", ", Skips.Select(skip => $"{skip.Key} {skip.Value}"))}; {Verdicts.Count} verdicts"
        + string.Concat(Verdicts.Take(20).Select(verdict => $"\n  {verdict.Kind} {verdict.Job}: {verdict.Evidence}"));
}
