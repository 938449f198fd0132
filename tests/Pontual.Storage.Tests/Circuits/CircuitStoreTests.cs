using Pontual.Engine.Audit;
using Pontual.Engine.Circuits;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;
using static Pontual.Storage.Tests.StorageRig;

namespace Pontual.Storage.Tests.Circuits;

public sealed class CircuitStoreTests
{
    private static readonly CircuitKey Erp = new(default, "http://erp.example:8080");
    private static readonly Actor Ana = new("user:ana", Reason: "it works again");

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory(DisplayName = "S5-10 a circuit is opened once, probed by one node, and closed by it, and the history has every change")]
    [MemberData(nameof(Both))]
    public async Task A_circuit_goes_round(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var store = rig.Database.Circuits;

        (await store.TryOpenAsync(Erp, "a", "refused", At(0), At(60), None)).ShouldBeTrue();
        (await store.TryOpenAsync(Erp, "b", "refused", At(1), At(61), None)).ShouldBeFalse();
        (await store.TryProbeAsync(Erp, "b", At(59), At(119), None)).ShouldBeFalse();
        (await store.TryProbeAsync(Erp, "b", At(60), At(120), None)).ShouldBeTrue();
        (await store.TryProbeAsync(Erp, "a", At(60), At(120), None)).ShouldBeFalse();
        await store.EndProbeAsync(Erp, "a", At(61), null, null, None);
        (await store.HoldingAsync(At(61), None)).ShouldHaveSingleItem().State.ShouldBe(CircuitState.HalfOpen);
        await store.EndProbeAsync(Erp, "b", At(61), null, null, None);

        (await store.HoldingAsync(At(61), None)).ShouldBeEmpty();
        (await store.ListAsync(TenantName.Default, At(61), None)).ShouldHaveSingleItem().State.ShouldBe(CircuitState.Closed);
        (await store.HistoryAsync(default, Erp.Name, At(0), 10, None))
            .Select(change => (change.Before, change.After, change.By, change.Reason))
            .ShouldBe([
                (CircuitState.HalfOpen, CircuitState.Closed, "b", null),
                (CircuitState.Open, CircuitState.HalfOpen, "b", null),
                (CircuitState.Closed, CircuitState.Open, "a", "refused"),
            ]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_probe_that_fails_opens_it_again_and_one_that_is_never_heard_of_is_taken_over(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var store = rig.Database.Circuits;
        await store.TryOpenAsync(Erp, "a", "refused", At(0), At(60), None);
        await store.TryProbeAsync(Erp, "a", At(60), At(120), None);

        await store.EndProbeAsync(Erp, "a", At(61), At(121), "HTTP 503", None);
        var again = (await store.HoldingAsync(At(61), None)).ShouldHaveSingleItem();
        (await store.TryProbeAsync(Erp, "a", At(121), At(181), None)).ShouldBeTrue();

        (again.State, again.Until, again.Reason).ShouldBe((CircuitState.Open, At(121), "HTTP 503"));
        (await store.TryProbeAsync(Erp, "b", At(180), At(240), None)).ShouldBeFalse();
        (await store.TryProbeAsync(Erp, "b", At(181), At(241), None)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_circuit_is_closed_by_hand_and_the_audit_log_says_by_whom(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var store = rig.Database.Circuits;
        await store.TryOpenAsync(Erp, "a", "refused", At(0), At(60), None);
        await store.HoldAsync(Erp, 1, At(1), At(100), None);

        (await store.ResetAsync(Erp, Ana, At(2), None)).ShouldBeTrue();
        (await store.ResetAsync(new CircuitKey(default, "http://other"), Ana, At(2), None)).ShouldBeFalse();

        (await store.HoldingAsync(At(3), None)).ShouldBeEmpty();
        (await store.HistoryAsync(default, null, At(0), 1, None)).ShouldHaveSingleItem().By.ShouldBe("user:ana");
        var entry = (await rig.Database.Audit.ListAsync(new AuditQuery(default, Limit: 10), None)).ShouldHaveSingleItem();
        (entry.Action, entry.Subject, entry.Before, entry.After).ShouldBe(
            ("circuit.reset", Erp.Name, """{"state":"open"}""", """{"state":"closed"}""")
        );
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_longest_wait_that_429_asked_for_stands_and_five_within_a_minute_are_a_storm(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var store = rig.Database.Circuits;

        await store.HoldAsync(Erp, 1, At(0), At(30), None);
        var shorter = await store.HoldAsync(Erp, 3, At(1), At(10), None);
        var storm = await store.HoldAsync(Erp, 1, At(50), At(60), None);
        var later = await store.HoldAsync(Erp, 1, At(200), At(201), None);

        (shorter.HeldUntil, shorter.Told, shorter.StormAt).ShouldBe((At(30), 4, null));
        (storm.HeldUntil, storm.Told, storm.StormAt).ShouldBe((At(60), 5, At(50)));
        (later.HeldUntil, later.Told, later.StormAt).ShouldBe((At(201), 1, At(50)));
        (await store.HoldingAsync(At(200), None)).ShouldHaveSingleItem().HeldUntil.ShouldBe(At(201));
        (await store.HoldingAsync(At(201), None)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Tenants_have_circuits_of_their_own(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var store = rig.Database.Circuits;
        var shop = TenantName.Parse("shop");

        await store.TryOpenAsync(Erp with { Tenant = shop }, "a", "refused", At(0), At(60), None);
        (await store.TryOpenAsync(Erp, "a", "refused", At(0), At(60), None)).ShouldBeTrue();

        (await store.ListAsync(shop, At(0), None)).ShouldHaveSingleItem().Key.Tenant.ShouldBe(shop);
        (await store.ListAsync(null, At(0), None)).Count.ShouldBe(2);
        (await store.HistoryAsync(shop, null, At(0), 10, None)).ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task History_older_than_a_month_is_dropped_with_the_next_change(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var store = rig.Database.Circuits;
        var later = At(0) + ICircuitStore.KeepsHistory + TimeSpan.FromDays(1);
        await store.TryOpenAsync(Erp, "a", "refused", At(0), At(60), None);

        await store.TryProbeAsync(Erp, "a", later, later.AddMinutes(1), None);

        (await store.HistoryAsync(default, null, DateTimeOffset.UnixEpoch, 10, None)).ShouldHaveSingleItem().At.ShouldBe(later);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Slots_of_a_rate_follow_each_other_and_are_not_taken_from_too_far_ahead(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var store = rig.Database.Circuits;
        var every = TimeSpan.FromSeconds(1);

        (await store.TakeSlotsAsync("erp", every, 1, At(0), At(2), None)).ShouldBe((At(0), true));
        (await store.TakeSlotsAsync("erp", every, 2, At(0), At(2), None)).ShouldBe((At(1), true));
        (await store.TakeSlotsAsync("erp", every, 1, At(0), At(2), None)).ShouldBe((At(3), false));
        (await store.TakeSlotsAsync("erp", every, 1, At(10), At(12), None)).ShouldBe((At(10), true));

        (await store.SlotsAsync(None)).ShouldHaveSingleItem().Value.ShouldBe(At(11));
    }
}
