using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Server.Demo.Gateways;
using Pontual.Storage.Database;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>What webhooks make known of channels, over real HTTP and both databases.</summary>
public sealed class ChannelHearingTests
{
    private const string Customer = "5511888880001";

    // A Monday, 8 h in São Paulo.
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 11, 0, 0, TimeSpan.Zero);

    public static TheoryData<Dialect> Both => [Dialect.Sqlite, Dialect.PostgreSql];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Each_sign_of_life_has_its_own_clock(Dialect dialect)
    {
        await using var rig = await FleetRig.StartAsync(dialect, Monday);
        var gateway = await rig.ConnectAsync(GatewayKind.Evolution);
        var sales = rig.Gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        await rig.CheckAsync();

        await rig.PassAsync(TimeSpan.FromMinutes(1));
        sales.Receive(Customer, "hello");
        await rig.SettleAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(1));
        await rig.Open(gateway).Messages.SendAsync(new SessionRef("sales"), new OutgoingMessage(Customer, "hi"), CancellationToken.None);
        await rig.PassAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));
        var signs = (await rig.FindAsync("sales")).Signs;

        signs.InboundAt.ShouldBe(Monday.AddMinutes(1));
        signs.EchoAt.ShouldNotBeNull().ShouldBeInRange(Monday.AddMinutes(2), Monday.AddMinutes(2).AddSeconds(2));
        signs.AckAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(signs.EchoAt!.Value);
        signs.WebhookAt.ShouldBe(signs.AckAt);
    }

    [Theory(
        DisplayName = "S3-02 Nights are learned: after three weeks five hours of silence at night are usual, and by day they are suspect"
    )]
    [MemberData(nameof(Both))]
    public async Task Quiet_nights_are_learned(Dialect dialect)
    {
        await using var rig = await FleetRig.StartAsync(dialect, Monday);
        await rig.ConnectAsync(GatewayKind.Evolution);
        var sales = rig.Gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        await rig.CheckAsync();
        for (var day = 0; day < 21; day++)
        {
            foreach (var hour in new[] { 0, 4, 8, 14 })
            {
                await AtAsync(rig, Monday.AddDays(day).AddHours(hour));
                sales.Receive(Customer, "hello");
                await rig.SettleAsync();
            }
        }

        await AtAsync(rig, Monday.AddDays(21).AddHours(-5));
        var atNight = (await rig.CheckAsync()).Channels.Single();
        await AtAsync(rig, Monday.AddDays(21));
        sales.Receive(Customer, "good morning");
        await rig.SettleAsync();
        await AtAsync(rig, Monday.AddDays(21).AddHours(6));
        var byDay = (await rig.CheckAsync()).Channels.Single();

        atNight.IsSuspect.ShouldBeFalse(atNight.Reason);
        byDay.IsSuspect.ShouldBeTrue();
        byDay.State.ShouldBe(SessionState.Connected);
        (await rig.FindAsync("sales")).Status.Probe.ShouldNotBeNull().IsAlive.ShouldBe(true);
    }

    [Fact]
    public async Task The_silence_of_an_outage_teaches_nothing()
    {
        await using var rig = await FleetRig.StartAsync(start: Monday);
        await rig.ConnectAsync(GatewayKind.Evolution);
        var sales = rig.Gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        await rig.CheckAsync();
        for (var week = 0; week < 3; week++)
        {
            await AtAsync(rig, Monday.AddDays(7 * week).AddMinutes(10));
            sales.Receive(Customer, "hello");
            await rig.SettleAsync();
            sales.Apply(new Fault(FaultKind.Drop) { For = TimeSpan.FromHours(20), Recovery = Recovery.Itself });
            await rig.CheckAsync();
            await AtAsync(rig, Monday.AddDays(7 * week).AddHours(21));
            await rig.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
            await rig.CheckAsync();
            sales.Receive(Customer, "again");
            await rig.SettleAsync();
        }

        await AtAsync(rig, Monday.AddDays(21).AddMinutes(10));
        sales.Receive(Customer, "hello");
        await rig.SettleAsync();
        await AtAsync(rig, Monday.AddDays(21).AddHours(5));

        (await rig.CheckAsync()).Channels.Single().IsSuspect.ShouldBeTrue();
    }

    [Fact]
    public async Task Changes_of_state_are_counted_by_the_hour()
    {
        await using var rig = await FleetRig.StartAsync(start: Monday);
        await rig.ConnectAsync(GatewayKind.Evolution);
        var sales = rig.Gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        await rig.CheckAsync();

        sales.Apply(new Fault(FaultKind.ConnectStorm) { For = TimeSpan.FromSeconds(1) });
        await rig.PassAsync(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500));
        var signs = (await rig.FindAsync("sales")).Signs;

        signs.Changes.ShouldBeGreaterThan(0);
        signs.ChangesPerHour(rig.Time.GetUtcNow()).ShouldBe(signs.Changes);
        signs.ChangesPerHour(rig.Time.GetUtcNow().AddHours(3)).ShouldBe(0);
    }

    [Fact]
    public void Counts_of_the_hour_before_fade_out()
    {
        var signs = new Messaging.Channels.ChannelSigns
        {
            Hour = Monday,
            Changes = 10,
            ChangesBefore = 20,
        };

        signs.ChangesPerHour(Monday).ShouldBe(30);
        signs.ChangesPerHour(Monday.AddMinutes(30)).ShouldBe(20);
        signs.ChangesPerHour(Monday.AddMinutes(90)).ShouldBe(5);
        signs.ChangesPerHour(Monday.AddHours(2)).ShouldBe(0);
    }

    [Fact]
    public void Quiet_hours_go_by_local_time() =>
        QuietHour.SlotOf(new Messaging.Channels.ChannelOptions().Zone.ToLocal(Monday).DateTime).ShouldBe(8);

    private static Task AtAsync(FleetRig rig, DateTimeOffset instant) => rig.PassAsync(instant - rig.Time.GetUtcNow());
}
