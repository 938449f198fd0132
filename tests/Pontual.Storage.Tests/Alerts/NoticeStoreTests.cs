using Pontual.Engine.Alerts;
using Pontual.Storage.Database;
using static Pontual.Storage.Tests.Alerts.AlertStoreTests;

namespace Pontual.Storage.Tests.Alerts;

public class NoticeStoreTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_notice_is_taken_by_one_and_given_back_by_time_when_he_is_lost(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var written = await WriteAsync(rig, "ops");

        var first = await TakeAsync(rig);
        var second = await TakeAsync(rig);
        rig.Time.Advance(Hold);
        var again = await TakeAsync(rig);

        first.ShouldHaveSingleItem().Id.ShouldBe(written.Id);
        second.ShouldBeEmpty();
        again.ShouldHaveSingleItem().Id.ShouldBe(written.Id);
        again[0].Tries.ShouldBe(2);
        again[0].Alert!.Summary.ShouldBe("a did not run");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_was_sent_is_never_taken_again(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await WriteAsync(rig, "ops");

        await rig.Database.Notices.SentAsync((await TakeAsync(rig)).Single(), rig.Now, StorageRig.None);
        rig.Time.Advance(TimeSpan.FromHours(1));

        (await TakeAsync(rig)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_failed_one_waits_and_makes_its_route_one_that_fails_until_something_gets_through(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await WriteAsync(rig, "ops");
        var taken = (await TakeAsync(rig)).Single();

        await rig.Database.Notices.FailedAsync(taken, "refused", rig.Now.AddSeconds(5), rig.Now, StorageRig.None);
        (await TakeAsync(rig)).ShouldBeEmpty();
        var failing = (await rig.Database.Notices.FailingAsync(StorageRig.None)).ShouldHaveSingleItem();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await rig.Database.Notices.SentAsync((await TakeAsync(rig)).Single(), rig.Now, StorageRig.None);

        (failing.Route, failing.Tries, failing.Error).ShouldBe(("ops", 1, "refused"));
        (await rig.Database.Notices.FailingAsync(StorageRig.None)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_end_is_not_told_before_the_beginning(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var alert = NewAlert(rig);
        var opened = NewNotice(rig, alert, "ops");
        await DecideAsync(rig, await TurnAsync(rig), _ => Opening(alert) with { Notices = [opened] });
        var first = (await TakeAsync(rig)).Single();
        await rig.Database.Notices.FailedAsync(first, "down", rig.Now.AddMinutes(1), rig.Now, StorageRig.None);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        var resolved = NewNotice(rig, alert, "ops", NoticeKind.Resolved);
        var elsewhere = NewNotice(rig, alert, "mail", NoticeKind.Resolved);
        await DecideAsync(rig, await TurnAsync(rig), _ => Nothing with { Resolved = [alert], Notices = [resolved, elsewhere] });

        (await TakeAsync(rig)).ShouldHaveSingleItem().Route.ShouldBe("mail");
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        var retried = (await TakeAsync(rig)).Single(notice => notice.Route == "ops");
        retried.Kind.ShouldBe("opened");
        await rig.Database.Notices.SentAsync(retried, rig.Now, StorageRig.None);

        (await TakeAsync(rig)).ShouldHaveSingleItem().Kind.ShouldBe("resolved");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_is_part_of_a_summary_is_not_taken(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var alert = NewAlert(rig);
        var grouped = NewNotice(rig, alert, "ops") with { IsGrouped = true };
        var more = new Notice(rig.NewId(rig.Now), alert.Key.Tenant, "ops", NoticeKind.More, rig.Now, rig.Now, null, "and 480 more");
        await DecideAsync(rig, await TurnAsync(rig), _ => Opening(alert) with { Notices = [grouped, more] });

        (await TakeAsync(rig)).ShouldHaveSingleItem().Text.ShouldBe("and 480 more");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task One_that_is_given_up_is_over(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await WriteAsync(rig, "ops");

        await rig.Database.Notices.FailedAsync((await TakeAsync(rig)).Single(), "gone", null, rig.Now, StorageRig.None);
        rig.Time.Advance(TimeSpan.FromDays(1));

        (await TakeAsync(rig)).ShouldBeEmpty();
        (await rig.Database.Notices.FailingAsync(StorageRig.None)).ShouldBeEmpty();
    }

    private static async Task<Notice> WriteAsync(StorageRig rig, string route)
    {
        var alert = NewAlert(rig);
        var notice = NewNotice(rig, alert, route);
        await DecideAsync(rig, await TurnAsync(rig), _ => Opening(alert) with { Notices = [notice] });
        return notice;
    }

    private static Task<IReadOnlyList<Notice>> TakeAsync(StorageRig rig) =>
        rig.Database.Notices.TakeAsync(rig.Now, Hold, 10, StorageRig.None);
}
