using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Clocks;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Migrations;
using Pontual.Storage.Nodes;
using Pontual.TestKit;
using Pontual.TestKit.Checking;

namespace Pontual.Storage.Tests.Migrations;

/// <summary>A database that was in use before the history lay in a table for each day is brought to it with all it has.</summary>
[Collection("days of the history")]
public sealed class HistoryByDayTests : IAsyncLifetime
{
    private const int Before = 4;

    private static readonly Statement Job = new(
        """
        INSERT INTO job (id, name, definition, created_at, updated_at) VALUES (1, 'old', '{"name": "old", "target": {"handler": "noop"}}', @now, @now)
        """
    );

    private static readonly Statement State = new("INSERT INTO job_state (job_id, mark) VALUES (1, @now)");

    private static readonly Statement Run = new(
        """
        WITH run AS (
            INSERT INTO run_history (id, job_id, trigger, due_at, state, queue, priority, attempt, started_at, finished_at)
            VALUES (@id, 1, 'schedule', @due, 'succeeded', 'default', 5, 2, @due, @finished)),
        attempts AS (
            INSERT INTO attempt (run_id, number, started_at, finished_at, outcome) VALUES (@id, 1, @due, @due, 'failed'))
        INSERT INTO output_piece (run_id, sequence, at, bytes) VALUES (@id, 1, @due, @bytes)
        """
    );

    private static readonly Statement Places = new(
        """
        SELECT (SELECT tableoid::regclass::text FROM run_history WHERE id = @id), (SELECT min(tableoid::regclass::text) FROM attempt WHERE run_id = @id),
            (SELECT tableoid::regclass::text FROM output_piece WHERE run_id = @id)
        """
    );

    private static readonly Statement Left = new(
        "SELECT (SELECT count(*) FROM run_history) + (SELECT count(*) FROM attempt) + (SELECT count(*) FROM output_piece)"
    );

    private readonly SeededBytes _random = new(new Random(1));
    private TestDatabase _database = null!;

    // The migration goes by the server's day, so the rows do too.
    private DateTimeOffset _today;

    [Fact]
    public async Task Nothing_is_lost_all_is_found_and_goes_when_its_time_has_come()
    {
        var (year, threeDays) = (await AddAsync(-400), await AddAsync(-3));
        var (night, noon) = (await AddAsync(-0.001), await AddAsync(0.5));
        var (tomorrow, inTwoDays, inAMonth) = (await AddAsync(1.5), await AddAsync(2.5), await AddAsync(30));
        var endedLate = await AddAsync(-2, finishedAfter: 6);

        await _database.MigrateAsync();

        Guid[] old = [year, threeDays, night, noon, endedLate];
        foreach (var run in old)
        {
            (await PlacesAsync(run)).ShouldBe(Day(0));
        }

        (await PlacesAsync(tomorrow)).ShouldBe(Day(1));
        (await PlacesAsync(inTwoDays)).ShouldBe(Day(2));
        (await PlacesAsync(inAMonth)).ShouldBe(["run_history_default", "attempt_default", "output_piece_default"]);
        await ShouldBeThereAsync([year, threeDays, endedLate, night, noon, tomorrow, inTwoDays, inAMonth]);

        // Two days after what was before the migration, that goes, but for what ended later than that.
        await KeepDaysAsync(_today.AddDays(5), _today.AddDays(2));

        await ShouldBeThereAsync([endedLate, tomorrow, inTwoDays, inAMonth]);
        (await PlacesAsync(endedLate)).ShouldBe(["run_history_default", "attempt_default", "output_piece_default"]);
    }

    [Fact]
    public async Task Without_a_history_there_is_nothing_to_bring()
    {
        await _database.MigrateAsync();

        await ShouldBeThereAsync([]);
        var first = await AddAsync(0.5);
        (await PlacesAsync(first)).ShouldBe(Day(0));
    }

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Dialect.PostgreSql, migrated: false);
        var (time, options) = (TimeProvider.System, _database.Options);
        var pace = new PaceStore(_database.Database, options, new ScheduleClock(time), time, NullLogger<PaceStore>.Instance);
        var known = Migration.All(Dialect.PostgreSql).Take(Before).ToList();
        await new Migrator(_database.Database, pace, time, NullLogger<Migrator>.Instance, known).MigrateAsync(StorageRig.None);
        _today = await ServersDayAsync();
        await WriteAsync(Job, ("now", _today));
        await WriteAsync(State, ("now", _today));
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    private async Task<DateTimeOffset> ServersDayAsync()
    {
        var now = await _database.Database.ReadAsync(
            session => session.QueryAsync(new Statement("SELECT clock_timestamp()"), row => row.Instant(0)),
            StorageRig.None
        );
        return new DateTimeOffset(now[0].UtcDateTime.Date, TimeSpan.Zero);
    }

    // Whoever keeps the days of another schema at this moment is waited for: the lock is the whole server's.
    private async Task KeepDaysAsync(DateTimeOffset now, DateTimeOffset before)
    {
        var isDone = false;
        for (var tries = 0; tries < 500 && !isDone; tries++)
        {
            (_, isDone) = await _database.Runs.KeepDaysAsync(now, before, StorageRig.None);
        }

        isDone.ShouldBeTrue();
    }

    private async Task<Guid> AddAsync(double day, double finishedAfter = 0)
    {
        var due = _today.AddDays(day);
        var id = RunId.New(due, _random);
        await WriteAsync(Run, ("id", id), ("due", due), ("finished", due.AddDays(finishedAfter)), ("bytes", new byte[] { 1 }));
        return id;
    }

    private Task WriteAsync(Statement statement, params (string Name, Value Value)[] values) =>
        _database.Database.WriteAsync(session => session.ExecuteAsync(statement, values), StorageRig.None);

    private async Task<string[]> PlacesAsync(Guid run) =>
        (
            await _database.Database.ReadAsync(
                session => session.QueryAsync(Places, row => new[] { row.Text(0), row.Text(1), row.Text(2) }, ("id", run)),
                StorageRig.None
            )
        )[0];

    private string[] Day(int day) =>
        [.. new[] { "run_history", "attempt", "output_piece" }.Select(place => $"{place}_d{_today.AddDays(day):yyyyMMdd}")];

    /// <param name="runs">All that there are, oldest first.</param>
    private async Task ShouldBeThereAsync(Guid[] runs)
    {
        (await _database.Views.ListAsync(new RunQuery(), StorageRig.None)).Select(run => run.Id).Reverse().ShouldBe(runs);
        foreach (var run in runs)
        {
            (await _database.Views.FindAsync(run, StorageRig.None))!.Attempts.Select(attempt => attempt.Number).ShouldBe([1, 2]);
            (await _database.Output.ReadAsync(run, 0, 10, StorageRig.None)).Count.ShouldBe(1);
        }

        var left = await _database.Database.ReadAsync(session => session.QueryAsync(Left, row => row.Int64(0)), StorageRig.None);
        left.ShouldBe([3 * runs.Length], "Nothing of a run that is gone is left either.");
    }
}
