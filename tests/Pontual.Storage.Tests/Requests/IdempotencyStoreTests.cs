using System.Text;
using Pontual.Engine.Requests;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Requests;

public class IdempotencyStoreTests
{
    private static readonly IdempotencyKey Key = new(TenantName.Default, "token:1", "k");
    private static readonly byte[] Print = [1, 2, 3];
    private static readonly KeptAnswer Made = new(201, "/there", "\"1\"", "application/json", Encoding.UTF8.GetBytes("{}"));

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_first_takes_a_key_and_the_others_get_its_answer(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var keys = rig.Database.IdempotencyKeys;

        var first = await TakeAsync(rig, Key);
        var second = await TakeAsync(rig, Key);
        await keys.AnswerAsync(Key, Made, rig.Now, StorageRig.None);
        var third = await TakeAsync(rig, Key);

        first.ShouldBe(new KeyState.Taken(rig.Now));
        second.ShouldBeOfType<KeyState.InProgress>();
        var answer = third.ShouldBeOfType<KeyState.Answered>().Answer;
        (answer with { Body = null }).ShouldBe(Made with { Body = null });
        answer.Body!.Value.ToArray().ShouldBe(Made.Body!.Value.ToArray());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_answer_may_be_kept_without_its_body(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await TakeAsync(rig, Key);

        await rig.Database.IdempotencyKeys.AnswerAsync(Key, Made with { Body = null }, rig.Now, StorageRig.None);

        (await TakeAsync(rig, Key)).ShouldBe(new KeyState.Answered(Made with { Body = null }));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_key_is_for_one_request_of_one_caller(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await TakeAsync(rig, Key);

        (await TakeAsync(rig, Key, [9])).ShouldBeOfType<KeyState.OtherRequest>();
        (await TakeAsync(rig, Key with { Caller = "token:2" })).ShouldBeOfType<KeyState.Taken>();
        (await TakeAsync(rig, Key with { Tenant = TenantName.Parse("shop") })).ShouldBeOfType<KeyState.Taken>();
        (await TakeAsync(rig, Key with { Key = "K" })).ShouldBeOfType<KeyState.Taken>();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_key_that_was_given_back_or_left_behind_is_taken_again_and_knows_when_it_was_first_seen(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var start = rig.Now;
        await TakeAsync(rig, Key);
        await rig.Database.IdempotencyKeys.ReleaseAsync(Key, StorageRig.None);

        (await TakeAsync(rig, Key, [9])).ShouldBe(new KeyState.Taken(start));
        rig.Time.Advance(TimeSpan.FromSeconds(59));
        (await TakeAsync(rig, Key, [9])).ShouldBeOfType<KeyState.InProgress>();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        (await TakeAsync(rig, Key, [9])).ShouldBe(new KeyState.Taken(start));
        (await TakeAsync(rig, Key, [9])).ShouldBeOfType<KeyState.InProgress>();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task After_a_day_a_key_is_new_and_what_others_left_is_gone(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var keys = rig.Database.IdempotencyKeys;
        await TakeAsync(rig, Key);
        await keys.AnswerAsync(Key, Made, rig.Now, StorageRig.None);
        await TakeAsync(rig, Key with { Key = "other" });

        rig.Time.Advance(TimeSpan.FromHours(25));
        var again = await TakeAsync(rig, Key, [9]);
        await keys.AnswerAsync(Key, Made, rig.Now, StorageRig.None);

        again.ShouldBe(new KeyState.Taken(rig.Now));
        (await rig.Database.Database.ReadAsync(CountAsync, StorageRig.None)).ShouldBe([1]);

        static ValueTask<List<long>> CountAsync(DatabaseSession session) =>
            session.QueryAsync(new Statement("SELECT count(*) FROM idempotency"), row => row.Int64(0));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Of_many_at_once_one_takes_the_key(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);

        var states = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => TakeAsync(rig, Key))));

        states.Count(state => state is KeyState.Taken).ShouldBe(1);
        states.Count(state => state is KeyState.InProgress).ShouldBe(9);
    }

    private static Task<KeyState> TakeAsync(StorageRig rig, IdempotencyKey key, byte[]? print = null) =>
        rig.Database.IdempotencyKeys.TakeAsync(key, print ?? Print, rig.Now, StorageRig.None);
}
