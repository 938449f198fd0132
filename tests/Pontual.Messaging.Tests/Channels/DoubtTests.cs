using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Outages;
using Pontual.Server.Demo.Gateways;
using Pontual.Storage.Database;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>Messages that were missed without an outage that a check could prove: they are looked for all the same (S3-08).</summary>
public sealed class DoubtTests : IAsyncLifetime
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private static readonly Statement Texts = new("SELECT text FROM message WHERE is_ours = 0 ORDER BY text");

    private FleetRig _rig = null!;
    private SimulatedSession _sales = null!;

    public Task InitializeAsync() => StartAsync(Dialect.Sqlite);

    private async Task StartAsync(Dialect dialect)
    {
        _rig = await FleetRig.StartAsync(dialect);
        await _rig.ConnectAsync(GatewayKind.Evolution);
        _sales = _rig.Gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        await _rig.CheckAsync();
        await _rig.PassAsync(Period);
        await _rig.CheckAsync();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact(
        DisplayName = "S3-08 A way that was dead and is cured by somebody else before the second look is searched for messages all the same"
    )]
    public async Task A_dead_way_that_somebody_mends_in_time_is_searched()
    {
        await DeafAsync("missed");
        (await _rig.CheckAsync()).Channels.Single().IsNews.ShouldBeFalse();
        _sales.End(FaultKind.Deaf);
        _sales.Receive("5511888880001", "told");
        await _rig.PassAsync(Period);

        var found = (await _rig.CheckAsync()).Channels.Single();

        found.State.ShouldBe(SessionState.Connected);
        found.Note.ShouldNotBeNull().ShouldContain("1 message that was not told is here now");
        await ShouldBeKnownAsync("missed", "told");
        var outage = (await OutagesAsync()).ShouldHaveSingleItem();
        (outage.State, outage.Gap, outage.GapFound, outage.CuredBy).ShouldBe((SessionState.Degraded, GapResult.Found, 1, null));
        outage.EndedAt.ShouldNotBeNull();
    }

    [Theory(DisplayName = "S3-08 What a restart of the gateway cured, or lost, is searched for messages")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_restart_of_the_gateway_cured_is_searched(bool isLookedAtBefore)
    {
        await DeafAsync("missed");
        if (isLookedAtBefore)
        {
            await _rig.CheckAsync();
        }

        _rig.Gateways.Apply(GatewayKind.Evolution, new Fault(FaultKind.GatewayRestart));
        await _rig.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5));

        await _rig.CheckAsync();

        await ShouldBeKnownAsync("missed");
        (await OutagesAsync()).ShouldHaveSingleItem().GapFound.ShouldBe(1);
        (await _rig.FindAsync("sales")).Status.DoubtSince.ShouldBeNull();
    }

    [Fact(DisplayName = "S3-08 What was missed while something else still came is found when anything points to a loss")]
    public async Task What_was_missed_before_the_doubt_is_found()
    {
        _sales.Receive("5511888880001", "told");
        await _rig.PassAsync(TimeSpan.FromMinutes(1));
        await DeafAsync("missed");
        // Something was heard of since the last look: nothing is wrong yet.
        await _rig.CheckAsync();
        (await _rig.FindAsync("sales")).Status.UnheardSince.ShouldBeNull();
        await _rig.PassAsync(Period);
        await _rig.CheckAsync();
        _rig.Gateways.Apply(GatewayKind.Evolution, new Fault(FaultKind.GatewayRestart));
        await _rig.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5));

        await _rig.CheckAsync();

        await ShouldBeKnownAsync("missed", "told");
    }

    [Fact(DisplayName = "S3-08 A doubt that proves unfounded is kept as such, and is no outage")]
    public async Task A_doubt_without_a_loss_is_no_outage()
    {
        var before = _rig.Time.GetUtcNow();
        _rig.Gateways.Apply(GatewayKind.Evolution, new Fault(FaultKind.GatewayRestart));
        await _rig.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5));

        var found = (await _rig.CheckAsync()).Channels.Single();

        found.IsNews.ShouldBeFalse();
        (await OutagesAsync()).ShouldBeEmpty();
        (await _rig.FindAsync("sales")).Status.LastGap.ShouldBe(new GapLook(before, _rig.Time.GetUtcNow(), GapResult.None, 0, null));
    }

    [Fact(DisplayName = "S3-08 An outage that begins while messages are in doubt is searched from the beginning of the doubt")]
    public async Task An_outage_after_a_doubt_covers_it()
    {
        await DeafAsync("missed");
        await _rig.CheckAsync();
        _sales.End(FaultKind.Deaf);
        _sales.Apply(new Fault(FaultKind.Drop));
        await _rig.PassAsync(Period);
        await _rig.CheckAsync();
        await _rig.PassAsync(Period);
        await _rig.CheckAsync();

        await ShouldBeKnownAsync("missed");
        var outage = (await OutagesAsync()).ShouldHaveSingleItem();
        (outage.State, outage.Gap, outage.GapFound).ShouldBe((SessionState.Stopped, GapResult.Found, 1));
    }

    [Fact(DisplayName = "S3-08 A session that fell while it was restricted is searched, and one that was only restricted is not")]
    public async Task A_drop_during_a_restriction_is_searched()
    {
        await _rig.ConnectAsync(GatewayKind.Waha);
        var webhook = new SimulatedWebhook(_rig.DoorOf(GatewayKind.Waha)) { Events = ["*"] };
        var (store, other) = (
            _rig.Gateways.Add(GatewayKind.Waha, "store", "5511999990009", webhook),
            _rig.Gateways.Add(GatewayKind.Waha, "other", "5511999990008", webhook)
        );
        await _rig.CheckAsync();
        await _rig.PassAsync(Period);
        foreach (var session in new[] { store, other })
        {
            session.Apply(new Fault(FaultKind.Timelock) { For = TimeSpan.FromMinutes(30) });
        }

        await _rig.PassAsync(Period);
        await _rig.CheckAsync();
        store.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself, For = TimeSpan.FromMinutes(8) });
        store.Apply(new Fault(FaultKind.Deaf) { For = TimeSpan.FromMinutes(9) });
        store.Receive("5511888880001", "missed");
        for (var minutes = 0; minutes < 40; minutes += 5)
        {
            await _rig.PassAsync(Period, TimeSpan.FromMinutes(1));
            await _rig.CheckAsync();
        }

        await ShouldBeKnownAsync("missed");
        (await OutagesAsync("store")).ShouldHaveSingleItem().Gap.ShouldBe(GapResult.Found);
        (await OutagesAsync("other")).ShouldHaveSingleItem().Gap.ShouldBe(GapResult.None);
    }

    private async Task DeafAsync(string text)
    {
        _sales.Apply(new Fault(FaultKind.Deaf));
        _sales.Receive("5511888880001", text);
        await _rig.PassAsync(Period);
    }

    private async Task ShouldBeKnownAsync(params string[] texts) =>
        (await _rig.Database.Database.ReadAsync(session => session.QueryAsync(Texts, row => row.Text(0)), CancellationToken.None)).ShouldBe(
            texts
        );

    private async Task<IReadOnlyList<Outage>> OutagesAsync(string channel = "sales") =>
        await _rig.Channels.OutagesAsync((await _rig.FindAsync(channel)).Channel.Id, 50, CancellationToken.None);
}
