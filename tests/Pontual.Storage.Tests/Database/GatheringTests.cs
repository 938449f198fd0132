using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Database;

public sealed class GatheringTests
{
    private readonly List<(string[] Calls, TaskCompletionSource Answer)> _groups = [];
    private readonly Gathering<(string Name, long Job, int Size), string> _gathering;

    public GatheringTests() => _gathering = new(WorkAsync, call => [call.Job], call => call.Size, groupsAtOnce: 2);

    [Fact]
    public async Task Who_is_alone_waits_for_nobody_and_who_comes_meanwhile_goes_together()
    {
        var asked = new[] { Ask("a"), Ask("b"), Ask("c") };
        await BeginsAsync("a");

        await EndAsync(0);
        await asked[0];

        await BeginsAsync("a", "b c");
        await EndAsync(1);
        (await Task.WhenAll(asked)).ShouldBe(["A", "B", "C"]);
    }

    [Fact]
    public async Task Callers_of_another_job_go_beside_until_the_ways_are_full_and_then_share_one()
    {
        var asked = new[] { Ask("a", 1), Ask("b", 2), Ask("c", 3), Ask("d", 1), Ask("e", 4), Ask("f", 2) };
        await BeginsAsync("a", "b");

        await EndAsync(0);
        await asked[0];
        await BeginsAsync("a", "b", "c d e");

        await EndAsync(1);
        await asked[1];
        await BeginsAsync("a", "b", "c d e", "f");
        await EndAsync(2);
        await EndAsync(3);
        (await Task.WhenAll(asked)).ShouldBe(["A", "B", "C", "D", "E", "F"]);
    }

    [Fact]
    public async Task A_group_has_an_end_and_nobody_is_overtaken_by_his_own_job()
    {
        var asked = new[] { Ask("a"), Ask("b", size: 900), Ask("large", size: 200), Ask("c", size: 50), Ask("huge", size: 5_000) };

        for (var group = 0; group < 4; group++)
        {
            await EndAsync(group);
        }

        await BeginsAsync("a", "b", "large c", "huge");
        (await Task.WhenAll(asked)).Length.ShouldBe(5);
    }

    [Fact]
    public async Task One_bad_call_fails_alone()
    {
        var asked = new[] { Ask("a"), Ask("b"), Ask("bad"), Ask("c"), Ask("d") };

        for (var group = 0; group < 6; group++)
        {
            await EndAsync(group);
        }

        (await Should.ThrowAsync<InvalidOperationException>(asked[2])).Message.ShouldBe("bad");
        (await Task.WhenAll(asked[0], asked[1], asked[3], asked[4])).ShouldBe(["A", "B", "C", "D"]);
        await BeginsAsync("a", "b bad c d", "b bad", "b", "bad", "c d");
    }

    [Fact]
    public async Task What_is_true_of_the_database_is_told_to_all_at_once()
    {
        var asked = new[] { Ask("a"), Ask("b"), Ask("away"), Ask("c") };
        await EndAsync(0);
        await asked[0];

        await EndAsync(1);

        foreach (var call in asked[1..])
        {
            (await Should.ThrowAsync<DatabaseException>(call)).Fault.ShouldBe(DatabaseFault.Unavailable);
        }

        var next = Ask("d");
        await EndAsync(2);
        (await next).ShouldBe("D");
    }

    [Fact]
    public async Task Who_stops_waiting_harms_nobody_and_is_left_out_if_he_has_not_begun()
    {
        using var stops = new CancellationTokenSource();
        var asked = new[] { Ask("a", cancellation: stops.Token), Ask("b", cancellation: stops.Token), Ask("c") };

        await stops.CancelAsync();
        await EndAsync(0);

        await Should.ThrowAsync<OperationCanceledException>(asked[0]);
        await Should.ThrowAsync<OperationCanceledException>(asked[1]);
        await BeginsAsync("a", "c");
        await EndAsync(1);
        (await asked[2]).ShouldBe("C");
        var next = Ask("d");
        await EndAsync(2);
        (await next).ShouldBe("D");
    }

    private string[] Begun
    {
        get
        {
            lock (_groups)
            {
                return [.. _groups.Select(group => string.Join(' ', group.Calls))];
            }
        }
    }

    private async Task BeginsAsync(params string[] groups)
    {
        await Poll.UntilAsync(() => Begun.Length >= groups.Length, TimeSpan.FromSeconds(10));
        Begun.ShouldBe(groups);
    }

    private Task<string> Ask(string name, long job = 1, int size = 1, CancellationToken cancellation = default) =>
        _gathering.AskAsync((name, job, size), cancellation);

    private async Task EndAsync(int group)
    {
        await Poll.UntilAsync(() => Begun.Length > group, TimeSpan.FromSeconds(10));
        lock (_groups)
        {
            _groups[group].Answer.SetResult();
        }
    }

    private async Task<IReadOnlyList<string>> WorkAsync(IReadOnlyList<(string Name, long Job, int Size)> calls)
    {
        var answer = new TaskCompletionSource();
        lock (_groups)
        {
            _groups.Add(([.. calls.Select(call => call.Name)], answer));
        }

        await answer.Task;
        return [.. calls.Select(call => AnswerTo(call.Name))];
    }

    private static string AnswerTo(string name) =>
        name switch
        {
            "bad" => throw new InvalidOperationException(name),
            "away" => throw new DatabaseException(DatabaseFault.Unavailable, name),
            _ => name.ToUpperInvariant(),
        };
}
