using Pontual.Engine.Events;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Events;

/// <summary>On PostgreSQL cursors are given after the commit, so that who has read up to one has missed nothing.</summary>
public sealed class EventRelayTests
{
    private static readonly Statement Write = new(
        """INSERT INTO event_new (at, count, body) VALUES (now(), 1, '{"k":"job.reset","t":0,"e":[["' || CAST(@name AS text) || '",null,0,{}]]}')"""
    );

    [Fact]
    public async Task A_transaction_that_stays_open_delays_nobody_and_gets_its_place_when_it_ends()
    {
        await using var rig = await StorageRig.StartAsync(Dialect.PostgreSql);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = rig.Database.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(Write, ("name", "late"));
                entered.SetResult();
                await mayEnd.Task;
                return true;
            },
            default
        );
        await entered.Task;

        await rig.PutAsync(StorageRig.Define("early"));
        var before = await rig.LogAsync(0);
        mayEnd.SetResult();
        await late;
        var after = await rig.LogAsync(before[^1].Cursor);

        before.Select(news => news.Subject).ShouldBe(["a", "early"]);
        after.Select(news => (news.Subject, news.Cursor)).ShouldBe([("late", 3)]);
    }

    [Fact]
    public async Task While_many_write_and_several_relay_a_reader_misses_none_and_sees_none_twice()
    {
        await using var rig = await StorageRig.StartAsync(Dialect.PostgreSql);
        await using var other = rig.Database.Another(rig.Time);
        using var stop = new CancellationTokenSource();
        var relays = new[] { rig.Database.Events, other.Events }.Select(events => RelayUntilAsync(events, stop.Token)).ToArray();
        var writers = Enumerable.Range(0, 6).Select(writer => WriteAsync(rig.Database.Database, writer)).ToArray();
        var reading = ReadAsync(other.Events, 6 * 100);

        await Task.WhenAll(writers);
        var read = await reading;
        await stop.CancelAsync();
        await Task.WhenAll(relays);

        read.Select(news => news.Cursor).ShouldBe(Enumerable.Range(2, 600).Select(number => (long)number));
        read.Select(news => news.Subject).Distinct().Count().ShouldBe(600);
        foreach (var of in read.GroupBy(news => news.Subject.Split('/')[0]))
        {
            of.Select(news => int.Parse(news.Subject.Split('/')[1])).ShouldBeInOrder();
        }
    }

    private static async Task WriteAsync(PontualDatabase database, int writer)
    {
        var random = new Random(writer);
        for (var number = 0; number < 100; number++)
        {
            await database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync(Write, ("name", $"{writer}/{number}"));
                    if (random.Next(4) == 0)
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(12)), TimeProvider.System);
                    }

                    return true;
                },
                default
            );
        }
    }

    private static async Task RelayUntilAsync(IEventStore events, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await events.RelayAsync(default);
            await Task.Yield();
        }
    }

    private static async Task<List<LoggedEvent>> ReadAsync(IEventStore events, int count)
    {
        var (read, after) = (new List<LoggedEvent>(), 1L);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (read.Count < count)
        {
            var stretch = (await events.ReadAsync(after, 10_000, limit.Token))!;
            read.AddRange(stretch.Events);
            after = stretch.Next;
        }

        return read;
    }
}
