using Pontual.Engine.Audit;
using Pontual.Engine.Hosting;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Database.PostgreSql;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Nodes;

/// <summary>Two nodes that share nothing but the database, and polls so rare that only a notification can be the cause of anything.</summary>
public sealed class HintTests : IAsyncLifetime
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Statement EndListeners = new(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = @name"
    );

    private readonly string _name = $"hints {Environment.TickCount64}";
    private TestDatabase _database = null!;
    private WholeNode _asks = null!;
    private WholeNode _works = null!;

    [Fact]
    public async Task What_one_node_takes_in_another_starts_at_once()
    {
        await _asks.DefineAsync("count", "count");

        for (var i = 0; i < 20; i++)
        {
            var run = await _asks.WishAsync("count");
            await Poll.UntilAsync(() => _works.Attempts.ContainsKey(run), Patience);
        }

        _asks.Attempts.ShouldBeEmpty();
        _works.Attempts.Values.ShouldAllBe(times => times == 1);
    }

    [Fact]
    public async Task A_cancellation_reaches_the_node_that_runs_it()
    {
        await _asks.DefineAsync("hang", "hang");
        var run = await _asks.WishAsync("hang");
        await Poll.UntilAsync(() => _works.Node.ActiveAttempts == 1, Patience);

        (await _asks.Requests.CancelAsync(run, Actor.Product, default)).ShouldBe(CancelResult.Requested);

        await Poll.UntilAsync(() => _works.Node.ActiveAttempts == 0, Patience);
    }

    [Fact]
    public async Task After_the_listening_connection_broke_everything_is_looked_at_and_it_listens_again()
    {
        await _asks.DefineAsync("count", "count");

        await _asks.Database.ReadAsync(
            session => session.QueryAsync(EndListeners, row => row.Int64(0), ("name", $"{_name} (hints)")),
            default
        );
        var between = await _asks.WishAsync("count");

        await Poll.UntilAsync(() => _works.Attempts.ContainsKey(between), Patience);
        await ListeningAsync();
        var after = await _asks.WishAsync("count");
        await Poll.UntilAsync(() => _works.Attempts.ContainsKey(after), Patience);
    }

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.ThroughAsync($"{TestDatabase.Server};Application Name={_name}");
        _asks = await WholeNode.StartAsync(_database.Options, NodeRoles.Api, Never);
        _works = await WholeNode.StartAsync(_database.Options, NodeRoles.Worker, Never);
        await Poll.UntilAsync(() => _works.Node.NodeId is not null, Patience);
        await ListeningAsync();
    }

    public async Task DisposeAsync()
    {
        await _asks.DisposeAsync();
        await _works.DisposeAsync();
        await _database.DisposeAsync();
    }

    private Task ListeningAsync() =>
        Poll.UntilAsync(() => _asks.Hosted<HintChannel>().KnowsOthers && _works.Hosted<HintChannel>().KnowsOthers, Patience);
}
