using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Checking;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>One check of a tenant at a time, of all nodes: whoever has the turn holds it as long as it goes on, and one that died loses it soon.</summary>
public sealed class CheckTurnTests
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(25);

    [Theory(
        DisplayName = "S4-03 A turn that is held stays, one that is not is free within half a minute, and what came too late changes nothing"
    )]
    [InlineData(Dialect.Sqlite)]
    [InlineData(Dialect.PostgreSql)]
    public async Task A_turn_is_held_or_lost(Dialect dialect)
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 10, 11, 0, 0, TimeSpan.Zero));
        await using var database = await TestDatabase.CreateAsync(dialect, time);
        var turns = new CheckTurnStore(database.Database);
        Task<long?> BeginAsync() => turns.TryBeginAsync(TenantName.Default, "node", time.GetUtcNow(), Turn, CancellationToken.None);
        Task<bool> HoldAsync(long token) => turns.HoldAsync(TenantName.Default, token, time.GetUtcNow() + Turn, CancellationToken.None);

        var first = (await BeginAsync()).ShouldNotBeNull();
        time.Advance(TimeSpan.FromSeconds(20));
        var isHeld = await HoldAsync(first);
        time.Advance(TimeSpan.FromSeconds(20));
        var meanwhile = await BeginAsync();
        time.Advance(TimeSpan.FromSeconds(6));
        var second = (await BeginAsync()).ShouldNotBeNull();
        var isHeldTooLate = await HoldAsync(first);
        await turns.EndAsync(TenantName.Default, first, time.GetUtcNow(), 1, 1, CancellationToken.None);
        var afterTheFirst = await BeginAsync();
        await turns.EndAsync(TenantName.Default, second, time.GetUtcNow(), 2, 0, CancellationToken.None);
        var isHeldAfterItsEnd = await HoldAsync(second);
        var third = await BeginAsync();

        (isHeld, isHeldTooLate, isHeldAfterItsEnd).ShouldBe((true, false, false));
        (meanwhile, afterTheFirst).ShouldBe((null, null));
        third.ShouldNotBeNull();
    }
}
