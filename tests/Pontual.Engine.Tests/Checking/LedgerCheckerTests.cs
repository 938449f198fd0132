using Pontual.Engine.Runs;
using Pontual.TestKit.Checking;
using Shouldly;

namespace Pontual.Engine.Tests.Checking;

/// <summary>The checker is what the simulation and the kill -9 campaign believe, so it is tried first: it must catch what is wrong and nothing else.</summary>
public sealed class LedgerCheckerTests
{
    public static TheoryData<string, string> Mutations =>
        new()
        {
            { "drop a row", "lost" },
            { "double a row", "double" },
            { "shift a row", "phantom" },
            { "shorten a stretch", "lost" },
            { "change a stretch's count", "miscounted" },
            { "relabel failed as succeeded", "ghost" },
            { "cut the end of a success", "ghost" },
            { "relabel a started run as skipped", "ghost" },
            { "swap the tokens of two attempts", "token" },
            { "start before the due time", "early" },
            { "start what was armed a moment early", "early" },
            { "start though paused before the due time", "paused" },
            { "start a run again for no reason", "unexplained" },
            { "start beside an active run", "overlap" },
            { "start without a row", "silent" },
            { "leave a run running", "stuck" },
            { "start one more than at once", "over-limit" },
            { "start more often than the rate", "over-limit" },
        };

    [Theory(DisplayName = "Every seeded mutation of a good history is caught, and named")]
    [MemberData(nameof(Mutations))]
    public void A_mutated_history_is_refused(string mutation, string verdict)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var good = new HistoryGenerator(seed).Good();

            var bad = Mutate(good, mutation, new Random(seed));

            All(bad).Select(found => found.Kind).ShouldContain(verdict, $"seed {seed}");
        }
    }

    [Fact]
    public void A_thousand_good_histories_pass()
    {
        for (var seed = 1; seed <= 1000; seed++)
        {
            All(new HistoryGenerator(seed).Good()).ShouldBeEmpty($"seed {seed}");
        }
    }

    private static IEnumerable<Verdict> All(Witness witness) => [.. LedgerChecker.Check(witness), .. LimitChecker.Check(witness).Verdicts];

    private static Witness Mutate(Witness good, string mutation, Random random)
    {
        var rows = good.Rows.ToList();
        var starts = good.Starts.ToList();
        var ends = good.Ends.ToList();
        var jobs = good.Jobs;
        List<PausedJob> pauses = [];
        int Pick(Func<Run, bool> wanted) => rows.IndexOf(PickOne(rows.Where(wanted), random));

        switch (mutation)
        {
            case "drop a row":
                rows.RemoveAt(Pick(_ => true));
                break;
            case "double a row":
                var doubled = rows[Pick(row => row.DueUntil is null)];
                rows.Add(
                    doubled with
                    {
                        Id = RunId.New(doubled.DueAt, new SeededBytes(random)),
                        State = RunState.Skipped,
                        Reason = "overlap",
                    }
                );
                break;
            case "shift a row":
                Change(rows, Pick(row => row.DueUntil is null), row => row with { DueAt = row.DueAt.AddSeconds(7) });
                break;
            case "shorten a stretch":
                Change(
                    rows,
                    Pick(row => row.Count > 1),
                    row => row with { DueUntil = row.DueUntil!.Value.AddMinutes(-5), Count = row.Count - 1 }
                );
                break;
            case "change a stretch's count":
                Change(rows, Pick(row => row.Count > 1), row => row with { Count = row.Count + 1 });
                break;
            case "relabel failed as succeeded":
                Change(rows, Pick(row => row.State is RunState.Failed), row => row with { State = RunState.Succeeded });
                break;
            case "cut the end of a success":
                var cut = rows[Pick(row => row.State is RunState.Succeeded)];
                ends.RemoveAll(end => end.RunId == cut.Id);
                break;
            case "relabel a started run as skipped":
                Change(
                    rows,
                    Pick(row => row.State is RunState.Succeeded),
                    row => row with { State = RunState.Skipped, Reason = "overlap", Attempt = 0 }
                );
                break;
            case "swap the tokens of two attempts":
                var retried = rows[Pick(row => row.Attempt == 2)];
                for (var i = 0; i < starts.Count; i++)
                {
                    starts[i] = starts[i].RunId == retried.Id ? starts[i] with { Token = 3 - starts[i].Token } : starts[i];
                }

                break;
            case "start before the due time":
                var early = random.Next(starts.Count);
                starts[early] = starts[early] with { At = starts[early].DueAt.AddSeconds(-3) };
                break;
            case "start what was armed a moment early":
                var armed = random.Next(starts.Count);
                starts[armed] = starts[armed] with { At = starts[armed].DueAt.AddMilliseconds(-51) };
                break;
            case "start though paused before the due time":
                var begun = rows[Pick(row => row.State is RunState.Succeeded)];
                var paused = begun.DueAt.AddMilliseconds(-700);
                pauses.Add(new PausedJob(begun.Job.ToString(), paused, begun.DueAt.AddMinutes(1), paused));
                break;
            case "start a run again for no reason":
                var again = rows[Pick(row => row.State is RunState.Succeeded)];
                var last = starts.Last(start => start.RunId == again.Id);
                starts.Add(last with { Token = last.Token + 1, At = last.At.AddMinutes(2) });
                break;
            case "start beside an active run":
                var exclusive = jobs.Where(job => job.Exclusive).Select(job => job.Name).ToHashSet();
                var beside = PickOne(starts.Where(start => exclusive.Contains(start.Job)), random);
                starts.Add(beside with { RunId = RunId.New(beside.DueAt, new SeededBytes(random)), At = beside.At.AddMilliseconds(500) });
                break;
            case "start without a row":
                starts.Add(PickOne(starts, random) with { RunId = RunId.New(good.JudgedUntil, new SeededBytes(random)) });
                break;
            case "leave a run running":
                Change(rows, Pick(row => row.State is RunState.Succeeded), row => row with { State = RunState.Running });
                break;
            case "start one more than at once":
                var crowded = PickOne(starts, random);
                for (var i = 0; i < 5; i++)
                {
                    starts.Add(
                        crowded with
                        {
                            RunId = RunId.New(crowded.DueAt, new SeededBytes(random)),
                            At = crowded.At.AddMilliseconds(i),
                        }
                    );
                }

                break;
            case "start more often than the rate":
                var often = PickOne(starts, random);
                for (var i = 0; i < 60; i++)
                {
                    var more = often with { RunId = RunId.New(often.DueAt, new SeededBytes(random)), At = often.At.AddSeconds(i) };
                    starts.Add(more);
                    ends.Add(new SinkEnd(more.RunId, more.Token, more.At, Succeeded: true));
                }

                break;
            default:
                throw new ArgumentException($"no such mutation: {mutation}");
        }

        return new Witness
        {
            Jobs = jobs,
            Starts = starts,
            Ends = ends,
            Faults = good.Faults,
            Pauses = pauses,
            Limits = good.Limits,
            Rows = rows,
            JudgedUntil = good.JudgedUntil,
        };
    }

    private static void Change(List<Run> rows, int index, Func<Run, Run> change) => rows[index] = change(rows[index]);

    private static T PickOne<T>(IEnumerable<T> from, Random random)
    {
        var all = from.ToList();
        return all[random.Next(all.Count)];
    }
}
