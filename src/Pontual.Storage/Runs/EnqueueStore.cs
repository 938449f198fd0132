using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>Adds runs that somebody asked for.</summary>
internal sealed class EnqueueStore(JobPlanStore plans, PlannedAheadStore planned, ScheduleClock clock)
{
    public async ValueTask<IReadOnlyList<EnqueueResult>> EnqueueAsync(
        DatabaseSession session,
        IReadOnlyList<EnqueueRequest> requests,
        Func<EnqueueRequest, DueJob, EnqueueDecision> decide,
        DateTimeOffset now
    )
    {
        long[] ids = [.. requests.Select(request => request.JobId).Distinct().Order()];
        await KnownJobsStore.LockAsync(session, ids);
        var jobs = (await plans.ReadAsync(session, ids)).ToDictionary(due => due.Job.Id, due => new Wishes(due));

        var results = new List<EnqueueResult>(requests.Count);
        var (runs, cancel) = (new List<NewRun>(requests.Count), new List<Guid>());
        foreach (var request in requests)
        {
            if (!jobs.TryGetValue(request.JobId, out var job))
            {
                results.Add(new EnqueueResult(null, null, JobFound: false));
                continue;
            }

            var decision = decide(request, job.Due);
            results.Add(new EnqueueResult(decision.Accepted ? request.Id : null, decision.Blocking, JobFound: true));
            if (decision.Accepted)
            {
                job.Accept(request, decision);
                cancel.AddRange(decision.Cancel);
                runs.Add(RunOf(request, job.Due.Job, decision));
            }
        }

        await HotRunStore.WishCancelAsync(session, cancel, RunReason.Superseded);
        await HotRunStore.InsertAsync(session, await LimitStore.EnterAsync(session, runs, now));
        await LimitStore.LetGoAsync(session, runs.Select(run => run.LimitKey), now);
        var steppedBack = await TakeBackAsync(session, jobs, runs, now);
        return steppedBack.Count == 0 ? results : results.ConvertAll(result => result with { TakesBack = result.RunId is not null });
    }

    /// <summary>What was planned ahead while these jobs were idle was decided without the runs that join now.</summary>
    private async ValueTask<IReadOnlyDictionary<long, DateTimeOffset>> TakeBackAsync(
        DatabaseSession session,
        Dictionary<long, Wishes> jobs,
        List<NewRun> added,
        DateTimeOffset now
    )
    {
        long[] disturbed = [.. added.Select(run => run.Job.Id).Distinct().Where(job => jobs[job].Due.Hot.Any(IsAhead))];
        return await planned.TakeBackAsync(session, disturbed, now);
        bool IsAhead(HotRun run) => run is { Trigger: RunTrigger.Schedule, Attempt: <= 1 } && clock.RealOf(run.DueAt) > now;
    }

    private static NewRun RunOf(EnqueueRequest request, Job job, EnqueueDecision decision) =>
        new(
            request.Id,
            job,
            request.Trigger,
            request.DueAt,
            decision.Held ? null : request.NotBefore,
            request.AllowOverlap && job.Definition.Slots is not null ? NewRun.NoLimit : job.Definition.Slots,
            request.Priority ?? job.Definition.Priority,
            request.Parameters
        );

    /// <summary>A job as the next wish of the batch finds it: the accepted ones before it are there.</summary>
    private sealed class Wishes
    {
        private readonly List<HotRun> _hot;

        public Wishes(DueJob due)
        {
            _hot = [.. due.Hot];
            Due = due with { Hot = _hot };
        }

        public DueJob Due { get; }

        public void Accept(EnqueueRequest request, EnqueueDecision decision)
        {
            if (Due.Job.Definition.Slots is not null)
            {
                _hot.Add(new HotRun(request.Id, request.DueAt, request.Trigger, RunState.Pending, 0, decision.Held));
            }
        }
    }
}
