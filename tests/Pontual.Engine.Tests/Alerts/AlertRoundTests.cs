using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Tenants;
using Pontual.TestKit.Checking;
using Shouldly;

namespace Pontual.Engine.Tests.Alerts;

public class AlertRoundTests
{
    private static readonly AlertRoute Ops = new("ops", "ntfy", default);
    private readonly AlertDays _days = new();

    [Fact]
    public void What_is_found_opens_an_alert_once_and_tells_each_route_once()
    {
        _days.Routes(Ops, Ops with { Name = "mail" });

        var first = _days.Look(0, Stale("a"));
        var second = _days.Look(5, Stale("a"));

        first.Opened.ShouldHaveSingleItem().Key.ShouldBe(new AlertKey(TenantName.Default, AlertRule.JobStale, "a"));
        first.Notices.Select(notice => (notice.Route, notice.Kind)).ShouldBe([("ops", "opened"), ("mail", "opened")]);
        second.Any.ShouldBeFalse();
    }

    [Fact]
    public void What_is_gone_for_two_looks_is_resolved_and_those_who_were_told_are_told()
    {
        _days.Routes(Ops);
        _days.Look(0, Stale("a"));

        _days.Look(5).Resolved.ShouldBeEmpty();
        _days.Look(10).Resolved.ShouldBeEmpty();
        var over = _days.Look(15);

        over.Resolved.ShouldHaveSingleItem().ResolvedAt.ShouldBe(AlertDays.At(15));
        over.Notices.ShouldHaveSingleItem().Kind.ShouldBe("resolved");
        _days.Look(20).Any.ShouldBeFalse();
    }

    [Fact]
    public void A_single_look_without_it_ends_nothing()
    {
        _days.Routes(Ops);
        _days.Look(0, Stale("a"));
        _days.Look(5);
        _days.Look(10, Stale("a"));

        _days.Look(15).Resolved.ShouldBeEmpty();
        _days.Look(20, Stale("a")).Notices.ShouldBeEmpty();
    }

    [Fact]
    public void What_nobody_could_look_for_stays_as_it_is()
    {
        _days.Routes(Ops);
        _days.Look(0, Stale("a"));

        for (var at = 5; at < 100; at += 5)
        {
            _days.LookWithout([AlertRule.JobStale], at).Resolved.ShouldBeEmpty();
        }

        _days.Look(100).Resolved.ShouldBeEmpty();
        _days.Look(110).Resolved.ShouldHaveSingleItem();
    }

    [Fact]
    public void An_open_alert_is_repeated_until_somebody_takes_note()
    {
        _days.Routes(Ops with { Repeat = TimeSpan.FromMinutes(10) });
        _days.Look(0, Stale("a"));

        _days.Look(599, Stale("a")).Notices.ShouldBeEmpty();
        _days.Look(600, Stale("a")).Notices.ShouldHaveSingleItem().Kind.ShouldBe("repeated");
        _days.Look(1199, Stale("a")).Notices.ShouldBeEmpty();
        _days.Change(alert => alert with { Acknowledged = new Acknowledgement(AlertDays.At(1199), "ana", null) });
        _days.Look(1200, Stale("a")).Notices.ShouldBeEmpty();
        _days.Look(9999, Stale("a")).Notices.ShouldBeEmpty();
    }

    [Fact]
    public void It_is_escalated_after_a_time_when_nobody_took_note()
    {
        _days.Routes(Ops, Ops with { Name = "boss", After = TimeSpan.FromMinutes(15) });
        _days.Look(0, Stale("a")).Notices.ShouldHaveSingleItem().Route.ShouldBe("ops");

        _days.Look(899, Stale("a")).Notices.ShouldBeEmpty();
        var late = _days.Look(900, Stale("a")).Notices.ShouldHaveSingleItem();

        (late.Route, late.Kind).ShouldBe(("boss", "escalated"));
    }

    [Fact]
    public void It_is_not_escalated_once_somebody_took_note()
    {
        _days.Routes(Ops with { Name = "boss", After = TimeSpan.FromMinutes(15) });
        _days.Look(0, Stale("a"));
        _days.Change(alert => alert with { Acknowledged = new Acknowledgement(AlertDays.At(60), "ana", "on it") });

        _days.Look(901, Stale("a")).Notices.ShouldBeEmpty();
        _days.Look(910);
        _days.Look(920).Notices.ShouldBeEmpty();
    }

    [Fact]
    public void What_becomes_worse_is_told_again()
    {
        _days.Routes(Ops);
        _days.Look(0, Stale("a"));

        _days.Look(5, Stale("a") with { Severity = Severity.Critical }).Notices.ShouldHaveSingleItem().Kind.ShouldBe("worse");
        _days.Look(10, Stale("a") with { Severity = Severity.Critical }).Notices.ShouldBeEmpty();
    }

    [Fact]
    public void What_another_alert_explains_is_quiet_while_that_is_open_and_a_minute_more()
    {
        _days.Routes(Ops);
        var parent = new Finding(AlertRule.NoScheduler, TenantName.Default, "all", Severity.Critical, "nobody plans");
        var child = Stale("a") with { Parent = parent.Key };

        _days.Look(0, child, parent).Notices.ShouldHaveSingleItem().Alert!.Key.Rule.ShouldBe("no-scheduler");
        _days.Open.Single(alert => alert.Key.Subject == "a").Quiet.ShouldBe("explained by no-scheduler all");
        _days.Look(5, child);
        _days.Look(10, child);
        _days.Look(15, child).Notices.Where(notice => notice.Alert!.Key.Subject == "a").ShouldBeEmpty();
        _days.Look(60, child).Notices.ShouldBeEmpty();
        _days.Look(76, child).Notices.ShouldHaveSingleItem().Kind.ShouldBe("opened");
    }

    [Fact]
    public void A_silence_keeps_quiet_what_it_covers_and_no_longer_than_it_holds()
    {
        _days.Routes(Ops);
        _days.Silences.Add(
            new Silence(Guid.Empty, TenantName.Default, ["job-*"], ["envio_*"], AlertDays.At(0), AlertDays.At(60), "upgrade", "ana")
        );

        _days.Look(0, Stale("envio_1"), Stale("other")).Notices.ShouldHaveSingleItem().Alert!.Key.Subject.ShouldBe("other");
        _days.Look(55, Stale("envio_1"), Stale("other")).Notices.ShouldBeEmpty();
        _days.Look(60, Stale("envio_1"), Stale("other")).Notices.ShouldHaveSingleItem().Alert!.Key.Subject.ShouldBe("envio_1");
    }

    [Fact]
    public void A_snooze_keeps_one_alert_quiet_for_a_while()
    {
        _days.Routes(Ops with { Repeat = TimeSpan.FromMinutes(1) });
        _days.Look(0, Stale("a"));
        _days.Change(alert => alert with { SnoozedUntil = AlertDays.At(600) });

        _days.Look(300, Stale("a")).Notices.ShouldBeEmpty();
        _days.Look(600, Stale("a")).Notices.ShouldHaveSingleItem().Kind.ShouldBe("repeated");
    }

    [Fact]
    public void In_quiet_hours_only_what_is_critical_is_told_and_the_rest_afterwards()
    {
        var quiet = new QuietHours(new TimeOnly(22, 0), new TimeOnly(7, 0), Pontual.Scheduling.Zones.Zone.Utc);
        _days.Routes(Ops with { Quiet = quiet });
        _days.Begin(new DateTimeOffset(2026, 3, 9, 23, 0, 0, TimeSpan.Zero));

        var found = _days.Look(0, Stale("a"), Stale("b") with { Severity = Severity.Critical }).Notices.ToDictionary(Subject);

        found["a"].DueAt.ShouldBe(new DateTimeOffset(2026, 3, 10, 7, 0, 0, TimeSpan.Zero));
        found["b"].DueAt.ShouldBe(_days.Now);
    }

    [Fact]
    public void What_was_over_before_quiet_hours_were_is_not_told_at_all()
    {
        var quiet = new QuietHours(new TimeOnly(22, 0), new TimeOnly(7, 0), Pontual.Scheduling.Zones.Zone.Utc);
        _days.Routes(Ops with { Quiet = quiet });
        _days.Begin(new DateTimeOffset(2026, 3, 9, 23, 0, 0, TimeSpan.Zero));
        var alert = _days.Look(0, Stale("a")).Opened.Single();

        _days.Look(5);
        var over = _days.Look(15);

        over.Notices.ShouldBeEmpty();
        over.Dropped.ShouldBe([(alert.Id, "ops")]);
    }

    [Fact]
    public void Of_many_at_once_the_worst_are_told_one_by_one_and_the_others_by_their_number()
    {
        _days.Routes(Ops);
        var many = Enumerable
            .Range(0, 500)
            .Select(i => Stale($"job-{i:000}") with { Severity = i == 499 ? Severity.Critical : Severity.Warning });

        var changes = _days.Look(0, [.. many]);

        changes.Opened.Count.ShouldBe(500);
        var told = changes.Notices.Where(notice => !notice.IsGrouped).ToList();
        told.Count.ShouldBe(21);
        told[0].Alert!.Key.Subject.ShouldBe("job-499");
        told[^1].Text.ShouldBe("and 480 more: 480 job-stale opened (job-019, job-020, job-021, …)");
        _days.Look(5, [.. many]).Notices.ShouldBeEmpty();
        _days.Look(10);
        _days.Look(20).Notices.Count(notice => !notice.IsGrouped).ShouldBe(21);
    }

    [Fact]
    public void A_route_is_told_of_what_it_wants_only_and_never_of_its_own_end()
    {
        _days.Routes(Ops with { Name = "jobs", Rules = ["job-*"], Least = Severity.Critical }, Ops with { Name = "all" });
        var down = new Finding(AlertRule.AlertRouteDown, TenantName.Default, "all", Severity.Critical, "it takes nothing");

        _days.Look(0, Stale("a"), down).Notices.Select(notice => (notice.Route, Subject(notice))).ShouldBe([("all", "a")]);
        _days
            .Look(5, Stale("a") with { Severity = Severity.Critical }, down)
            .Notices.Select(notice => (notice.Route, notice.Kind))
            .ShouldBe([("jobs", "opened"), ("all", "worse")], ignoreOrder: true);
    }

    [Fact]
    public void Settings_of_a_rule_turn_it_off_or_change_how_bad_it_is()
    {
        _days.Routes(Ops);
        _days.Rules[AlertRule.JobStale] = new RuleSettings(IsOff: true, null, null, null);
        _days.Look(0, Stale("a")).Opened.ShouldBeEmpty();

        _days.Rules[AlertRule.JobStale] = new RuleSettings(IsOff: false, Severity.Info, null, null);
        var opened = _days.Look(5, Stale("a"));

        opened.Opened.ShouldHaveSingleItem().Severity.ShouldBe(Severity.Info);
        opened.Notices.ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_summary_refreshes_the_alert_and_tells_nobody()
    {
        _days.Routes(Ops);
        _days.Look(0, Stale("a"));

        var changes = _days.Look(5, Stale("a") with { Summary = "another reason" });

        changes.Changed.ShouldHaveSingleItem().Summary.ShouldBe("another reason");
        changes.Notices.ShouldBeEmpty();
    }

    private static Finding Stale(string job) => new(AlertRule.JobStale, TenantName.Default, job, Severity.Warning, $"{job} did not run");

    private static string Subject(Notice notice) => notice.Alert!.Key.Subject;

    /// <summary>Looks one after the other, with what the store would keep in between.</summary>
    private sealed class AlertDays
    {
        private static readonly DateTimeOffset Noon = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
        private readonly SeededBytes _random = new(new Random(7));
        private readonly Dictionary<(Guid, string), NoticeMark> _marks = [];
        private readonly List<Alert> _resolved = [];
        private DateTimeOffset _start = Noon;
        private IReadOnlyList<AlertRoute> _routes = [];

        public List<Alert> Open { get; private set; } = [];

        public List<Silence> Silences { get; } = [];

        public Dictionary<string, RuleSettings> Rules { get; } = [];

        public DateTimeOffset Now { get; private set; }

        public static DateTimeOffset At(double seconds) => Noon.AddSeconds(seconds);

        public void Begin(DateTimeOffset at) => _start = at;

        public void Routes(params AlertRoute[] routes) => _routes = routes;

        public void Change(Func<Alert, Alert> change) => Open = Open.ConvertAll(alert => change(alert));

        public AlertChanges Look(double seconds, params Finding[] findings) => Look(seconds, findings, new HashSet<string>());

        public AlertChanges LookWithout(string[] unseen, double seconds) => Look(seconds, [], unseen.ToHashSet());

        private AlertChanges Look(double seconds, Finding[] findings, HashSet<string> unseen)
        {
            Now = _start.AddSeconds(seconds);
            var justResolved = _resolved
                .Where(alert => Now - alert.ResolvedAt < AlertRound.ParentGrace)
                .Select(alert => alert.Key)
                .ToHashSet();
            var settings = new Dictionary<TenantName, AlertSettings> { [TenantName.Default] = new(_routes, Rules) };
            var silences = Silences.Where(silence => silence.From <= Now && Now < silence.Until).ToList();
            var changes = AlertRound.Decide(
                new AlertState(Open, justResolved, _marks, silences, settings),
                new AlertLook(findings, unseen, Now),
                _random
            );
            Keep(changes);
            return changes;
        }

        private void Keep(AlertChanges changes)
        {
            var changed = changes.Changed.ToDictionary(alert => alert.Id);
            Open = [.. Open.Select(alert => changed.GetValueOrDefault(alert.Id) ?? alert), .. changes.Opened];
            Open.RemoveAll(alert => changes.Resolved.Any(over => over.Id == alert.Id));
            _resolved.AddRange(changes.Resolved);
            foreach (var notice in changes.Notices.Where(notice => notice.Alert is not null))
            {
                var isFirst = !_marks.ContainsKey((notice.Alert!.Id, notice.Route));
                _marks[(notice.Alert.Id, notice.Route)] = new NoticeMark(
                    notice.At,
                    notice.Alert.Severity,
                    isFirst && notice.DueAt > notice.At
                );
            }
        }
    }
}
