using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Audit;
using Pontual.Engine.Events;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Alerts;

public class AlertStoreTests
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly Actor Ana = new("user:ana");

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task One_node_in_so_many_seconds_has_the_turn(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var alerts = rig.Database.Alerts;

        var first = await alerts.TakeTurnAsync("a", Every, rig.Now, StorageRig.None);
        var second = await alerts.TakeTurnAsync("b", Every, rig.Now, StorageRig.None);
        await DecideAsync(rig, first!.Value, _ => Nothing);
        var tooSoon = await alerts.TakeTurnAsync("b", Every, rig.Now.AddSeconds(4.9), StorageRig.None);
        var third = await alerts.TakeTurnAsync("b", Every, rig.Now.AddSeconds(5), StorageRig.None);

        first.ShouldBe(1);
        second.ShouldBeNull();
        tooSoon.ShouldBeNull();
        third.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_turn_that_was_taken_over_writes_nothing(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var alerts = rig.Database.Alerts;
        var slow = await alerts.TakeTurnAsync("a", Every, rig.Now, StorageRig.None);
        (await alerts.TakeTurnAsync("b", Every, rig.Now.AddSeconds(14), StorageRig.None)).ShouldBeNull();
        var other = await alerts.TakeTurnAsync("b", Every, rig.Now.AddSeconds(15), StorageRig.None);

        var late = await DecideAsync(rig, slow!.Value, _ => Opening(NewAlert(rig)));
        var right = await DecideAsync(rig, other!.Value, _ => Nothing);

        late.ShouldBeNull();
        right.ShouldNotBeNull();
        (await alerts.ListAsync(new AlertQuery(TenantName.Default, 10), StorageRig.None)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_alert_is_kept_whole_and_told_as_an_event(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var tenant = TenantName.Parse("shop");
        var alert = NewAlert(rig) with
        {
            Key = new AlertKey(tenant, AlertRule.JobStale, "envio"),
            Facts = new Dictionary<string, string> { ["due"] = "12:00", ["why"] = "\"quoted\"" },
            Parent = new AlertKey(tenant, AlertRule.TargetDown, "http://there"),
            Since = rig.Now.AddMinutes(-3),
            Quiet = "explained by target-down http://there",
        };

        await DecideAsync(rig, await TurnAsync(rig), _ => Opening(alert));

        var kept = (await rig.Database.Alerts.ListAsync(new AlertQuery(tenant, 10), StorageRig.None)).ShouldHaveSingleItem();
        kept.Facts.ShouldBe(alert.Facts);
        (kept with { Facts = alert.Facts }).ShouldBe(alert);
        (await rig.Database.Alerts.ListAsync(new AlertQuery(TenantName.Default, 10), StorageRig.None)).ShouldBeEmpty();
        while (await rig.Database.Events.RelayAsync(StorageRig.None)) { }

        var told = (await rig.Database.Events.ReadAsync(0, 1000, StorageRig.None))!.Events.Single(happened =>
            happened.Kind == EventKind.AlertOpened
        );
        (told.Subject, told.Tenant).ShouldBe(("envio", tenant));
        told.Data.ShouldContain("\"rule\":\"job-stale\"");
        told.Data.ShouldNotContain("shop");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_round_sees_what_the_ones_before_it_wrote(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.Database.AlertSettings.WriteAsync(TenantName.Default, new AlertSettings([], Off), null, Ana, rig.Now, StorageRig.None);
        var silence = new Silence(rig.NewId(rig.Now), TenantName.Default, ["job-*"], [], rig.Now, rig.Now.AddHours(1), "upgrade", "ana");
        await rig.Database.Alerts.AddSilenceAsync(silence, Ana, rig.Now, StorageRig.None);
        var (stays, goes) = (NewAlert(rig), NewAlert(rig, "b"));
        var notice = NewNotice(rig, stays, "ops");
        await DecideAsync(rig, await TurnAsync(rig), _ => Nothing with { Opened = [stays, goes], Notices = [notice] });
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await DecideAsync(rig, await TurnAsync(rig), _ => Nothing with { Resolved = [goes with { ResolvedAt = rig.Now }] });
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        AlertState? seen = null;

        await DecideAsync(rig, await TurnAsync(rig), state => Keep(out seen, state));

        seen!.Open.ShouldHaveSingleItem().Id.ShouldBe(stays.Id);
        seen.JustResolved.ShouldBe([goes.Key]);
        seen.Marks.ShouldHaveSingleItem()
            .ShouldBe(KeyValuePair.Create((stays.Id, "ops"), new NoticeMark(notice.At, Severity.Warning, false)));
        seen.Silences.ShouldHaveSingleItem().Reason.ShouldBe("upgrade");
        seen.Settings[TenantName.Default].Of(AlertRule.JobSlow).IsOff.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_waits_for_the_end_of_quiet_hours_is_held_and_can_be_dropped(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var alert = NewAlert(rig);
        var held = NewNotice(rig, alert, "ops") with { DueAt = rig.Now.AddHours(8) };
        await DecideAsync(rig, await TurnAsync(rig), _ => Nothing with { Opened = [alert], Notices = [held] });
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        AlertState? seen = null;
        await DecideAsync(rig, await TurnAsync(rig), state => Keep(out seen, state));

        seen!.Marks[(alert.Id, "ops")].IsHeld.ShouldBeTrue();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await DecideAsync(rig, await TurnAsync(rig), _ => Nothing with { Dropped = [(alert.Id, "ops")] });

        var report = (await rig.Database.Alerts.FindAsync(TenantName.Default, alert.Id, StorageRig.None))!.Notices.ShouldHaveSingleItem();
        (report.SentAt, report.NextAt, report.Error).ShouldBe((null, null, "over before quiet hours were"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Taking_note_and_snoozing_are_kept_audited_and_only_for_open_alerts(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var alerts = rig.Database.Alerts;
        var alert = NewAlert(rig);
        await DecideAsync(rig, await TurnAsync(rig), _ => Opening(alert));

        var noted = await alerts.AcknowledgeAsync(TenantName.Default, alert.Id, "on it", Ana, rig.Now, StorageRig.None);
        var snoozed = await alerts.SnoozeAsync(TenantName.Default, alert.Id, rig.Now.AddHours(2), Ana, rig.Now, StorageRig.None);
        var other = await alerts.AcknowledgeAsync(TenantName.Parse("shop"), alert.Id, null, Ana, rig.Now, StorageRig.None);
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await DecideAsync(rig, await TurnAsync(rig), _ => Nothing with { Resolved = [alert with { ResolvedAt = rig.Now }] });

        noted!.Acknowledged.ShouldBe(new Acknowledgement(StorageRig.Start, "user:ana", "on it"));
        snoozed!.SnoozedUntil.ShouldBe(StorageRig.Start.AddHours(2));
        other.ShouldBeNull();
        (await alerts.SnoozeAsync(TenantName.Default, alert.Id, null, Ana, rig.Now, StorageRig.None)).ShouldBeNull();
        var audit = await rig.Database.Audit.ListAsync(new AuditQuery(TenantName.Default, 10) { Action = "alert" }, StorageRig.None);
        audit.Select(entry => entry.Action).ShouldBe(["alert.snoozed", "alert.acknowledged"], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Pages_of_alerts_go_on_where_the_last_one_ended(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        List<Alert> all = [];
        for (var i = 0; i < 5; i++)
        {
            all.Add(NewAlert(rig, $"job-{i}"));
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await DecideAsync(rig, await TurnAsync(rig), _ => Nothing with { Opened = all, Resolved = [all[0] with { ResolvedAt = rig.Now }] });
        var page = await rig.Database.Alerts.ListAsync(new AlertQuery(TenantName.Default, 2), StorageRig.None);
        var next = await rig.Database.Alerts.ListAsync(new AlertQuery(TenantName.Default, 9) { After = page[^1].Id }, StorageRig.None);
        var open = await rig.Database.Alerts.ListAsync(new AlertQuery(TenantName.Default, 9) { IsOpen = true }, StorageRig.None);
        var over = await rig.Database.Alerts.ListAsync(new AlertQuery(TenantName.Default, 9) { IsOpen = false }, StorageRig.None);

        page.Select(alert => alert.Key.Subject).ShouldBe(["job-4", "job-3"]);
        next.Select(alert => alert.Key.Subject).ShouldBe(["job-2", "job-1", "job-0"]);
        open.Count.ShouldBe(4);
        over.ShouldHaveSingleItem().Key.Subject.ShouldBe("job-0");
        (await rig.Database.Alerts.ListAsync(new AlertQuery(TenantName.Default, 9) { Subject = "job-3" }, StorageRig.None)).Count.ShouldBe(
            1
        );
        (await rig.Database.Alerts.ListAsync(new AlertQuery(TenantName.Default, 9) { Rule = "job-slow" }, StorageRig.None)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Settings_have_a_revision_and_are_audited(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var store = rig.Database.AlertSettings;

        (await store.ReadAsync(TenantName.Default, StorageRig.None)).Revision.ShouldBe(0);
        (await store.WriteAsync(TenantName.Default, new AlertSettings([], Off), 0, Ana, rig.Now, StorageRig.None)).ShouldBe(1);
        (await store.WriteAsync(TenantName.Default, AlertSettings.None, 0, Ana, rig.Now, StorageRig.None)).ShouldBeNull();
        (await store.WriteAsync(TenantName.Default, AlertSettings.None, 1, Ana, rig.Now, StorageRig.None)).ShouldBe(2);

        var (settings, revision) = await store.ReadAsync(TenantName.Default, StorageRig.None);
        (settings.Rules.Count, revision).ShouldBe((0, 2));
        (
            await rig.Database.Audit.ListAsync(new AuditQuery(TenantName.Default, 10) { Action = "alert-settings" }, StorageRig.None)
        ).Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_route_whose_way_this_program_does_not_know_is_not_taken_for_gone(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var pager = new AlertRoute("pager", "carrier-pigeon", StorageRig.Json("""{"loft": 3}""")) { Least = Severity.Critical };

        await rig.Database.AlertSettings.WriteAsync(
            TenantName.Default,
            new AlertSettings([pager], Off),
            null,
            Ana,
            rig.Now,
            StorageRig.None
        );

        var (kept, _) = await rig.Database.AlertSettings.ReadAsync(TenantName.Default, StorageRig.None);
        var route = kept.Routes.ShouldHaveSingleItem();
        (route.Name, route.Kind, route.Least).ShouldBe(("pager", "", Severity.Critical));
        kept.Of(AlertRule.JobSlow).IsOff.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_stretch_without_a_look_is_an_outage_with_what_became_of_its_due_times(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await DecideAsync(rig, await TurnAsync(rig), _ => Nothing);
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        await DecideAsync(rig, await TurnAsync(rig), _ => Nothing);
        var restart = await rig.Database.Alerts.LastOutageAsync(StorageRig.None);
        var from = rig.Now;
        rig.Time.Advance(TimeSpan.FromMinutes(10));
        await TurnAsync(rig);

        var outage = await rig.Database.Alerts.LastOutageAsync(StorageRig.None);

        restart.ShouldBeNull();
        outage.ShouldBe(new OutageReport(from, rig.Now, 0, 0));
        (await rig.Database.Alerts.LastLookAsync(StorageRig.None)).ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task One_node_in_so_much_time_says_outside_that_somebody_watches(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var minute = TimeSpan.FromMinutes(1);

        (await rig.Database.Alerts.TakeBeatAsync(minute, rig.Now, StorageRig.None)).ShouldBeTrue();
        (await rig.Database.Alerts.TakeBeatAsync(minute, rig.Now.AddSeconds(59), StorageRig.None)).ShouldBeFalse();
        (await rig.Database.Alerts.TakeBeatAsync(minute, rig.Now.AddSeconds(60), StorageRig.None)).ShouldBeTrue();
    }

    private static readonly Dictionary<string, RuleSettings> Off = new() { [AlertRule.JobSlow] = new(IsOff: true, null, null, null) };

    internal static readonly AlertChanges Nothing = new([], [], [], [], []);

    internal static AlertChanges Opening(Alert alert) => Nothing with { Opened = [alert] };

    internal static Alert NewAlert(StorageRig rig, string subject = "a") =>
        new(
            rig.NewId(rig.Now),
            new AlertKey(TenantName.Default, AlertRule.JobStale, subject),
            Severity.Warning,
            $"{subject} did not run",
            rig.Now,
            rig.Now
        );

    internal static Notice NewNotice(StorageRig rig, Alert alert, string route, string kind = NoticeKind.Opened) =>
        new(rig.NewId(rig.Now), alert.Key.Tenant, route, kind, rig.Now, rig.Now, alert);

    internal static async Task<long> TurnAsync(StorageRig rig) =>
        (await rig.Database.Alerts.TakeTurnAsync("a", Every, rig.Now, StorageRig.None))!.Value;

    internal static Task<AlertChanges?> DecideAsync(StorageRig rig, long turn, Func<AlertState, AlertChanges> decide) =>
        rig.Database.Alerts.DecideAsync(turn, decide, rig.Now, StorageRig.None);

    private static AlertChanges Keep(out AlertState? seen, AlertState state)
    {
        seen = state;
        return Nothing;
    }
}
