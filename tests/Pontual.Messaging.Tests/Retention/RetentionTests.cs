using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Messaging.Retention;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Messaging.Tests.Retention;

/// <summary>What was kept long enough goes, on both databases: each sort by its own time, what is still needed stays, and what went is told.</summary>
public sealed class RetentionTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 11, 0, 0, TimeSpan.Zero);
    private static readonly Guid Sales = Guid.CreateVersion7(Start);

    private static readonly Statement AddChannel = new(
        "INSERT INTO channel (id, tenant, gateway, external_id, name, created_at, updated_at) VALUES (@id, 'default', 'main', 'sales', 'sales', @at, @at)"
    );

    private static readonly Statement AddWebhook = new(
        """
        INSERT INTO webhook_log (id, tenant, gateway, kind, received_at, headers, size, is_text, state, body)
        VALUES (@id, 'default', 'main', 'waha', @at, '{}', 2, 1, @state, @body)
        """
    );

    private static readonly Statement AddMessage = new(
        """
        INSERT INTO message (id, tenant, gateway, session, external_id, is_ours, received_at, source)
        VALUES (@id, 'default', 'main', 'sales', @name, 0, @at, 'webhook')
        """
    );

    private static readonly Statement AddOutage = new(
        """
        INSERT INTO channel_outage (id, tenant, channel_id, state, reason, started_at, found_at, ended_at)
        VALUES (@id, 'default', @channel, 'Stopped', 'gone', @at, @at, @ended)
        """
    );

    private static readonly Statement AddAttempt = new(
        "INSERT INTO channel_attempt (outage_id, number, step, at) VALUES (@id, 1, 'Restart', @at)"
    );

    private static readonly Statement AddScore = new(
        """
        INSERT INTO channel_trust (id, channel_id, at, rule_version, judged, band, better, confidence, document)
        VALUES (@id, @channel, @at, 'default-1', 'Healthy', 'Healthy', 0, 'High', '{}')
        """
    );

    private static readonly Statement Count = new(
        """
        SELECT (SELECT count(*) FROM webhook_log WHERE state = 'received'), (SELECT count(*) FROM webhook_log WHERE state = 'read'),
            (SELECT count(*) FROM webhook_log WHERE state IN ('failed', 'refused')), (SELECT count(*) FROM message),
            (SELECT count(*) FROM channel_outage), (SELECT count(*) FROM channel_attempt), (SELECT count(*) FROM channel_trust)
        """
    );

    [Theory(
        DisplayName = "Webhooks, messages, outages and scores go after their own time; never what waits, an outage that goes on, or a channel's latest score"
    )]
    [InlineData(Dialect.Sqlite)]
    [InlineData(Dialect.PostgreSql)]
    public async Task Each_sort_goes_after_its_own_time(Dialect dialect)
    {
        var time = new ManualTime(Start);
        await using var database = await TestDatabase.CreateAsync(dialect, time);
        await FillAsync(database);
        var log = new Told();
        var loop = LoopOf(database, time, log);

        var found = new List<string>();
        foreach (var day in new[] { 29, 31, 91, 181, 402 })
        {
            time.Advance(Start.AddDays(day) - time.GetUtcNow());
            (await loop.StepAsync(CancellationToken.None)).ShouldBe(TimeSpan.FromHours(1));
            found.Add($"{day}: {await CountAsync(database)}");
        }

        // In the order: webhooks that wait, were read, failed or were refused; messages, outages, attempts, scores.
        found.ShouldBe(["29: 1 1 2 1 2 2 2", "31: 1 0 2 1 2 2 2", "91: 1 0 0 1 2 2 2", "181: 1 0 0 0 2 2 2", "402: 1 0 0 0 1 1 1"]);
        log.Lines.ShouldBe([
            "Deleted 1 webhooks that were read from before 2026-03-11 11:00:00Z",
            "Deleted 2 webhooks that failed or were refused from before 2026-03-11 11:00:00Z",
            "Deleted 1 messages from before 2026-03-11 11:00:00Z",
            "Deleted 1 outages of channels from before 2026-03-12 11:00:00Z",
            "Deleted 1 scores of trust from before 2026-03-12 11:00:00Z",
        ]);
    }

    [Theory(DisplayName = "Many old rows go a batch at a time, with a short rest between")]
    [InlineData(Dialect.Sqlite)]
    [InlineData(Dialect.PostgreSql)]
    public async Task Many_go_a_batch_at_a_time(Dialect dialect)
    {
        var time = new ManualTime(Start);
        await using var database = await TestDatabase.CreateAsync(dialect, time);
        await database.Database.WriteAsync(
            async session =>
            {
                for (var number = 0; number < RetentionLoop.Batch + 5; number++)
                {
                    await AddMessageAsync(session, $"m{number}");
                }

                return true;
            },
            CancellationToken.None
        );
        time.Advance(TimeSpan.FromDays(200));
        var loop = LoopOf(database, time, new Told());

        var first = await loop.StepAsync(CancellationToken.None);
        var left = await CountAsync(database);
        var second = await loop.StepAsync(CancellationToken.None);

        first.ShouldBe(TimeSpan.FromMilliseconds(20));
        left.ShouldBe("0 0 0 5 0 0 0");
        second.ShouldBe(TimeSpan.FromHours(1));
        (await CountAsync(database)).ShouldBe("0 0 0 0 0 0 0");
    }

    private static RetentionLoop LoopOf(TestDatabase database, TimeProvider time, ILogger<RetentionLoop> log)
    {
        var kept = new ServiceCollection().AddMessaging().BuildServiceProvider().GetServices<KeptRows>();
        return new RetentionLoop(
            kept.OrderBy(rows => rows.For(new RetentionOptions())),
            new RetentionOptions(),
            database.Database,
            time,
            log
        );
    }

    private static Task FillAsync(TestDatabase database) =>
        database.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(AddChannel, ("id", Sales), ("at", Start));
                foreach (var state in new[] { "received", "read", "failed", "refused" })
                {
                    await session.ExecuteAsync(AddWebhook, ("id", NewId()), ("at", Start), ("state", state), ("body", "{}"u8.ToArray()));
                }

                await AddMessageAsync(session, "m1");
                foreach (var ended in new DateTimeOffset?[] { Start.AddDays(1), null })
                {
                    var outage = NewId();
                    await session.ExecuteAsync(AddOutage, ("id", outage), ("channel", Sales), ("at", Start), ("ended", ended));
                    await session.ExecuteAsync(AddAttempt, ("id", outage), ("at", Start));
                }

                foreach (var later in new[] { 0, 1 })
                {
                    var at = Start.AddMilliseconds(later);
                    await session.ExecuteAsync(AddScore, ("id", Guid.CreateVersion7(at)), ("channel", Sales), ("at", at));
                }

                return true;
            },
            CancellationToken.None
        );

    private static async Task AddMessageAsync(DatabaseSession session, string name) =>
        await session.ExecuteAsync(AddMessage, ("id", NewId()), ("name", name), ("at", Start));

    private static Guid NewId() => Guid.CreateVersion7(Start);

    private static async Task<string> CountAsync(TestDatabase database)
    {
        var counts = await database.Database.ReadAsync(
            session => session.QueryAsync(Count, row => string.Join(' ', Enumerable.Range(0, 7).Select(row.Int64))),
            CancellationToken.None
        );
        return counts.ShouldHaveSingleItem();
    }

    private sealed class Told : ILogger<RetentionLoop>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));
    }
}
