using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.TestKit.Checking;
using Shouldly;

namespace Pontual.Engine.Tests.Checking;

/// <summary>What the fault programme of real processes believes beside the ledger's checker is tried first, too.</summary>
public sealed class CampaignCheckerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_thousand_good_histories_pass_the_checks_of_fencing_and_delay()
    {
        for (var seed = 1; seed <= 1000; seed++)
        {
            var good = new HistoryGenerator(seed).Good();

            FencingChecker.Check(good, good.Rows).ShouldBeEmpty($"seed {seed}");
            DelayChecker.Check(good, TimeSpan.FromSeconds(1)).Verdicts.ShouldBeEmpty($"seed {seed}");
        }
    }

    [Theory(DisplayName = "Every seeded mutation of a good history that concerns owners and results is caught, and named")]
    [InlineData("take an older attempt's result", "stale")]
    [InlineData("take a result that was never given", "ghost")]
    [InlineData("forget whose result it was", "ghost")]
    [InlineData("fail what never began", "unstarted")]
    [InlineData("change what was final", "transition")]
    public void A_mutated_history_is_refused(string mutation, string verdict)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var good = new HistoryGenerator(seed).Good();
            var rows = good.Rows.ToList();
            var starts = good.Starts.ToList();
            int Pick(Func<Run, bool> wanted) => rows.FindIndex(row => wanted(row));
            switch (mutation)
            {
                case "take an older attempt's result":
                    Change(rows, Pick(row => row is { State: RunState.Succeeded, Attempt: 2 }), row => row with { ItemsProcessed = 1 });
                    break;
                case "take a result that was never given":
                    Change(rows, Pick(row => row.State is RunState.Succeeded), row => row with { ItemsProcessed = 9 });
                    break;
                case "forget whose result it was":
                    Change(rows, Pick(row => row.State is RunState.Succeeded), row => row with { ItemsProcessed = null });
                    break;
                case "fail what never began":
                    var failed = rows[Pick(row => row.State is RunState.Failed)];
                    starts.RemoveAll(start => start.RunId == failed.Id);
                    break;
                default:
                    Change(rows, Pick(row => row.State is RunState.Failed), row => row with { State = RunState.Cancelled });
                    break;
            }

            FencingChecker.Check(With(good, rows, starts), good.Rows).Select(found => found.Kind).ShouldContain(verdict, $"seed {seed}");
        }
    }

    [Fact]
    public void A_late_start_needs_a_fault()
    {
        var good = new HistoryGenerator(1).Good();
        var free = good.Jobs.First(job => !job.Exclusive).Name;
        var starts = good.Starts.ToList();
        var chosen = starts.FindIndex(start => start.Job == free);
        var due = starts[chosen].DueAt;
        starts[chosen] = starts[chosen] with { At = due.AddSeconds(9) };
        var late = With(good, good.Rows, starts);
        var hit = With(good, good.Rows, starts, [new Fault("kill", due.AddSeconds(-20), due.AddSeconds(1))]);

        var set = With(good, good.Rows, starts, [new Fault("clock", due.AddSeconds(1), due.AddSeconds(1))]);

        DelayChecker.Check(late, TimeSpan.FromSeconds(5)).Verdicts.Single().Kind.ShouldBe("late");
        DelayChecker.Check(hit, TimeSpan.FromSeconds(5)).Verdicts.ShouldBeEmpty();
        DelayChecker.Check(set, TimeSpan.FromSeconds(5)).Verdicts.Single().Kind.ShouldBe("late", "a clock that is set explains nothing");
    }

    [Fact]
    public void Another_start_needs_a_fault_of_the_node_that_ran_the_one_before()
    {
        var good = new HistoryGenerator(1).Good();
        var starts = good.Starts.Select(start => start with { Node = "n1.1" }).ToList();
        var again = starts.Last(start => good.Rows.Any(row => row.Id == start.RunId && row.State is RunState.Succeeded));
        starts.Add(again with { Token = again.Token + 1, At = again.At.AddMinutes(3), Node = "n2.1" });
        Fault Kill(string node, double seconds) => new("kill", again.At.AddSeconds(seconds), again.At.AddSeconds(seconds), node);

        Unexplained([]).ShouldBe(1);
        Unexplained([Kill("n2.1", 0.5)]).ShouldBe(1, "another node's death explains nothing");
        Unexplained([Kill("n1.1", 60)]).ShouldBe(1, "its result was long there");
        Unexplained([Kill("n1.1", 0.5)]).ShouldBe(0);

        int Unexplained(Fault[] faults) =>
            LedgerChecker.Check(With(good, good.Rows, starts, faults)).Count(verdict => verdict.Kind == "unexplained");
    }

    [Fact]
    public void Acknowledged_writes_must_be_there_and_refused_ones_not()
    {
        var run = Guid.CreateVersion7(Noon);
        var row = new Run
        {
            Id = run,
            JobId = 1,
            Job = JobName.Parse("enqueue-1"),
            Trigger = RunTrigger.Manual,
            DueAt = Noon,
            State = RunState.Succeeded,
        };
        var ran = Call("run", "enqueue-1", $"{run}", 0, CallEnd.Ok);
        ClientCall Put(string value, int at, CallEnd end) => Call("put", "register-1", value, at, end);
        var pause = Call("pause", "pausing-1", null, 0, CallEnd.Ok);
        var resume = Call("resume", "pausing-1", null, 60, CallEnd.Ok);
        SinkStart Start(int due) => new("pausing-1", Noon.AddSeconds(due), run, 1, Noon.AddSeconds(due));

        Verdict([ran], [row]).ShouldBeEmpty();
        Verdict([ran], []).ShouldBe(["acked-lost"]);
        Verdict([Call("run", "enqueue-1", null, 0, CallEnd.Unknown)], [row]).ShouldBeEmpty();
        Verdict([Call("run", "enqueue-1", null, 0, CallEnd.Failed)], [row]).ShouldBe(["failed-present"]);
        Verdict([Put("v1", 0, CallEnd.Ok), Put("v2", 9, CallEnd.Ok)], [], "v2").ShouldBeEmpty();
        Verdict([Put("v1", 0, CallEnd.Ok), Put("v2", 9, CallEnd.Ok)], [], "v1").ShouldBe(["acked-lost"]);
        Verdict([Put("v1", 0, CallEnd.Ok), Put("v2", 9, CallEnd.Unknown)], [], "v2").ShouldBeEmpty();
        Verdict([Put("v1", 0, CallEnd.Ok), Put("v2", 9, CallEnd.Failed)], [], "v2").ShouldBe(["failed-present"]);
        Verdict([pause, resume], [], starts: [Start(0), Start(60)]).ShouldBeEmpty();
        Verdict([pause, resume], [], starts: [Start(30)]).ShouldBe(["paused"]);

        List<string> Verdict(ClientCall[] calls, Run[] rows, string? value = null, SinkStart[]? starts = null) =>
            [
                .. WritesChecker
                    .Check(calls, rows, new Dictionary<string, string?> { ["register-1"] = value }, starts ?? [])
                    .Select(verdict => verdict.Kind),
            ];
    }

    private static ClientCall Call(string kind, string job, string? value, int at, CallEnd end) =>
        new(kind, job, value, Noon.AddSeconds(at), Noon.AddSeconds(at).AddMilliseconds(20), end);

    private static Witness With(Witness good, IReadOnlyList<Run> rows, List<SinkStart> starts, IReadOnlyList<Fault>? faults = null) =>
        new()
        {
            Jobs = good.Jobs,
            Starts = [.. starts.OrderBy(start => start.At)],
            Ends = good.Ends,
            Faults = faults ?? good.Faults,
            Rows = rows,
            JudgedUntil = good.JudgedUntil,
        };

    private static void Change(List<Run> rows, int index, Func<Run, Run> change) => rows[index] = change(rows[index]);
}
