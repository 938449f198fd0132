using Pontual.Engine.Alerts;
using Pontual.Engine.Audit;
using Pontual.Engine.Checks;
using Pontual.Server.Watches;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Checks;

public sealed class CheckWatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_has_not_reported_is_found_when_its_grace_has_passed_and_no_more_once_it_reports()
    {
        await using var database = await DatabaseAsync("backup");
        var watch = new CheckWatch(database.Checks);

        var early = await watch.LookAsync(Start.AddMinutes(70), CancellationToken.None);
        var late = await watch.LookAsync(Start.AddMinutes(71), CancellationToken.None);
        await PingAsync(database, PingKind.Success, 72);
        var reported = await watch.LookAsync(Start.AddMinutes(73), CancellationToken.None);

        Assert.Empty(early);
        var finding = Assert.Single(late);
        Assert.Equal((AlertRule.CheckLate, "backup", Severity.Critical), (finding.Rule, finding.Subject, finding.Severity));
        Assert.Equal(
            "Check backup is down: its report was due at 2026-03-09 13:00:00 (UTC), and has not come within 10m.",
            finding.Summary
        );
        Assert.Equal(Start.AddMinutes(70), finding.Since);
        Assert.Empty(reported);
    }

    [Fact]
    public async Task A_run_that_does_not_end_is_found_and_told_as_such()
    {
        await using var database = await DatabaseAsync("backup");

        await PingAsync(database, PingKind.Start, 5);
        var found = await new CheckWatch(database.Checks).LookAsync(Start.AddMinutes(16), CancellationToken.None);

        Assert.Equal(
            "Check backup is down: a run of it began at 2026-03-09 12:05:00 (UTC) and has not ended within 10m.",
            Assert.Single(found).Summary
        );
    }

    [Fact]
    public async Task A_failure_is_found_until_the_next_success()
    {
        await using var database = await DatabaseAsync("backup");
        var watch = new CheckWatch(database.Checks);

        await PingAsync(database, PingKind.Failure, 5, code: 3);
        var failing = await watch.LookAsync(Start.AddMinutes(6), CancellationToken.None);
        await PingAsync(database, PingKind.Start, 7);
        var again = await watch.LookAsync(Start.AddMinutes(8), CancellationToken.None);
        await PingAsync(database, PingKind.Success, 9);
        var well = await watch.LookAsync(Start.AddMinutes(10), CancellationToken.None);

        Assert.Equal("Check backup reports a failure with exit code 3, since 2026-03-09 12:05:00 (UTC).", Assert.Single(failing).Summary);
        Assert.Equal(AlertRule.CheckFailing, Assert.Single(again).Rule);
        Assert.Empty(well);
    }

    private static async Task<TestDatabase> DatabaseAsync(string name)
    {
        var database = await TestDatabase.CreateAsync(Dialect.Sqlite, new ManualTime(Start));
        var definition = CheckDocument.Deserialize(
            $$"""{"name":"{{name}}","schedule":{"every":"1h","start":"2026-01-01","zone":"UTC"},"grace":"10m"}"""
        );
        await database.Checks.PutAsync(
            new CheckPut(definition, new CheckKeys("ping", "badge")),
            Actor.Product,
            Start,
            CancellationToken.None
        );
        return database;
    }

    private static Task<Check?> PingAsync(TestDatabase database, PingKind kind, int minute, int? code = null) =>
        database.Pings.PingAsync("ping", new Ping(kind, Start.AddMinutes(minute)) { Code = code }, CancellationToken.None);
}
