using System.Globalization;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Faults;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Engine.Clocks;
using Pontual.Engine.Runs;
using Pontual.Server.Packs;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Checking;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Julia;

/// <summary>Days of the pack in minutes: two nodes on one PostgreSQL, with <c>serve --speed</c>. <c>./test</c> runs a little over an hour of the schedule around a
/// midnight, <c>./test days</c> a Sunday, a Monday and a Tuesday at 60 times real time (72 minutes).</summary>
public sealed class JuliaDaysTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Midnight = new(2026, 3, 8, 0, 0, 0, MinuteOracle.Brasilia);

    // Enough before the first judged instant for two processes to start, and after the last for what is due to be done.
    private static readonly DaysPlan Plan = IsLong
        ? new(Speed: 60, Midnight.AddMinutes(-30), Midnight, Midnight.AddDays(3).AddTicks(-1), After: TimeSpan.FromMinutes(30))
        : new(Speed: 300, Midnight.AddMinutes(-70), Midnight.AddMinutes(-10), Midnight.AddMinutes(65), After: TimeSpan.FromMinutes(15));

    private readonly Folder[] _folders = [new(), new()];
    private TestDatabase _database = null!;
    private JobsTarget _target = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Dialect.PostgreSql);
        _target = await JobsTarget.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _target.DisposeAsync();
        await _database.DisposeAsync();
        Array.ForEach(_folders, folder => folder.Dispose());
    }

    [Fact]
    public async Task The_oracle_and_the_product_agree_on_the_three_days()
    {
        var (file, _) = await PackFile.LoadAsync(JuliaFixture.Pack, CancellationToken.None);
        var (from, until) = (Midnight.AddTicks(-1), Midnight.AddDays(3).AddTicks(-1));

        var expected = Expected(_ => from, until);
        var computed = PackReader
            .Read([file!], PackChecks.None)
            .Jobs.ToDictionary(job => job.Name.ToString(), job => job.Schedule.DueTimes(from).TakeWhile(due => due <= until).ToList());

        Assert.Equal(32, expected.Count);
        Assert.Equal(computed.Keys.Order(), expected.Select(job => job.Name).Order());
        Assert.All(expected, job => Assert.Equal(computed[job.Name], job.Occurrences));

        // Four every minute, two every 5, twelve hours of every 5, one every 10, three every 15, three hourly, twelve daily; the rest by the day of the week.
        Assert.Equal(
            (4 * 4320) + (2 * 864) + 432 + 432 + (3 * 288) + (3 * 72) + (12 * 3) + 1 + 3 + 2 + 4,
            expected.Sum(job => job.Occurrences.Count)
        );
    }

    [Fact(
        DisplayName = "S5-01 two nodes on one database through days of the pack: every due time exactly once in the ledger, each run called once"
    )]
    [Trait("Category", "Days")]
    public async Task Every_due_time_is_in_the_ledger_once()
    {
        await using var one = await StartAsync(
            0,
            "--speed",
            $"{Plan.Speed}",
            "--from",
            Plan.Origin.ToString("O", CultureInfo.InvariantCulture)
        );
        await using var other = await StartAsync(1);
        await PassAsync(Plan.Until + Plan.After);
        await StopAsync(one);
        await StopAsync(other);

        var rows = await RowsAsync();
        var created = (await _database.Jobs.ListAsync(null, null, 100, CancellationToken.None)).ToDictionary(
            job => job.Name.ToString(),
            job => job.UpdatedAt
        );
        var calls = _target.Calls;
        var expected = Expected(job => created[job], rows.Max(row => row.DueUntil ?? row.DueAt));
        var verdicts = LedgerChecker.Check(WitnessOf(expected, rows, calls));
        await using var paced = await TestDatabase.OpenAsync(_database.Options);
        Tell(rows, calls, paced.Schedules);

        Assert.Empty(verdicts);
        Assert.All(created, job => Assert.True(job.Value < Plan.From, $"{job.Key} was created too late to judge all: {job.Value:O}"));
        Assert.Equal(calls.Count, calls.Select(call => (call.Job, call.DueAt)).Distinct().Count());
        Assert.Equal(
            rows.Where(row => row.State is RunState.Succeeded && row.DueAt <= Plan.Until).Select(row => row.Id.ToString()).Order(),
            calls.Where(call => call.DueAt <= Plan.Until).Select(call => call.RunId).Order()
        );
        Assert.Equal(2, rows.Select(row => row.Node).OfType<string>().Distinct().Count());
    }

    private Task<Served> StartAsync(int node, params string[] more) =>
        Served.StartAsync(
            _folders[node].Path,
            [("API_BASE", _target.Url), ("PONTUAL__POSTGRES", _database.Options.PostgreSql!), ("PONTUAL__RUN_LOG", "off")],
            ["--pack", JuliaFixture.Pack, .. more]
        );

    /// <summary>Waits until it is a time by the schedules, as a node says.</summary>
    private async Task PassAsync(DateTimeOffset until)
    {
        using var api = await LocalAdministrator.OfAsync(_folders[0].Path);
        var whole = (until - Plan.Origin) / Plan.Speed;
        await Wait.ForAsync<object>(
            $"{until:O} by the schedules",
            whole + Patience,
            async () =>
            {
                using var health = JsonDocument.Parse(await (await api.GetAsync("health")).Content.ReadAsStringAsync());
                var schedule = health.RootElement.GetProperty("schedule");
                Assert.Equal(Plan.Speed, schedule.GetProperty("speed").GetInt32());
                return schedule.GetProperty("now").GetDateTimeOffset() is var now && now >= until ? now : null;
            }
        );
    }

    private static async Task StopAsync(Served server)
    {
        server.Process.Stop();
        Assert.Equal(0, await server.Process.EndAsync(Patience));
    }

    private static List<ExpectedJob> Expected(Func<string, DateTimeOffset> after, DateTimeOffset until) =>
        [
            .. MinuteOracle
                .Read("packs/julia.yaml")
                .Select(job => new ExpectedJob(
                    job.Key,
                    [.. MinuteOracle.Due(job.Value, after(job.Key), until)],
                    Exclusive: false,
                    MaxAttempts: 1
                )),
        ];

    private static Witness WitnessOf(IReadOnlyList<ExpectedJob> expected, IReadOnlyList<Run> rows, IReadOnlyList<JobCall> calls) =>
        new()
        {
            Jobs = expected,
            Rows = rows,
            Starts = [.. calls.Select(call => new SinkStart(call.Job, call.DueAt, Guid.Parse(call.RunId), call.Token, call.DueAt))],
            Ends = [.. calls.Select(call => new SinkEnd(Guid.Parse(call.RunId), call.Token, call.DueAt, Succeeded: true))],
            Faults = [],
            JudgedUntil = Plan.Until,
        };

    private async Task<List<Run>> RowsAsync()
    {
        var rows = new List<Run>();
        while (true)
        {
            var page = await _database.Views.ListAsync(
                new RunQuery(Before: rows.Count == 0 ? null : rows[^1].Id, Limit: 500),
                CancellationToken.None
            );
            rows.AddRange(page);
            if (page.Count < 500)
            {
                return rows;
            }
        }
    }

    private void Tell(List<Run> rows, IReadOnlyList<JobCall> calls, ScheduleClock clock)
    {
        var judged = rows.Where(row => row.DueAt >= Plan.From && row.DueAt <= Plan.Until).ToList();
        var skips = judged
            .Where(row => row.State is RunState.Skipped)
            .GroupBy(row => row.Reason, (why, of) => $"{of.Sum(row => row.Count)} {why}");
        var late = judged
            .Where(row => row.StartedAt is not null)
            .Select(row => row.StartedAt!.Value - clock.RealOf(row.DueAt))
            .Order()
            .ToList();
        var figures =
            $"{(Plan.Until - Plan.From).TotalHours:0.#} h of the schedule at speed {Plan.Speed}, 2 nodes: {judged.Sum(row => row.Count)} due times, "
            + $"{judged.Count(row => row.State is RunState.Succeeded)} ran, skipped: {(skips.Any() ? string.Join(", ", skips) : "none")}; "
            + $"{calls.Count} calls; late (real time) p50 {late[late.Count / 2].TotalMilliseconds:0} ms, p99 {late[late.Count * 99 / 100].TotalMilliseconds:0} ms, "
            + $"most {late[^1].TotalMilliseconds:0} ms; runs by node: {string.Join(", ", judged.Where(row => row.Node is not null).CountBy(row => row.Node!).Select(node => node.Value))}";
        output.WriteLine(figures);
        Console.WriteLine(figures);
    }

    /// <param name="Speed">Of the schedules.</param>
    /// <param name="Origin">Where they begin.</param>
    /// <param name="From">Every job is there by then.</param>
    /// <param name="Until">The last judged instant.</param>
    /// <param name="After">How long they go on, so that the last judged runs can end.</param>
    private sealed record DaysPlan(int Speed, DateTimeOffset Origin, DateTimeOffset From, DateTimeOffset Until, TimeSpan After);
}
