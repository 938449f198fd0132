using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>Adds runs that somebody asked for.</summary>
internal sealed class EnqueueStore(JobPlanStore plans, PlannedAheadStore planned, ScheduleClock clock)
{
    /// <summary>All of the calls in one transaction, one after the other: each sees what those before it brought.</summary>
    /// <returns>For each call, in order, its results.</returns>
    public async ValueTask<IReadOnlyList<IReadOnlyList<EnqueueResult>>> EnqueueAsync(
        DatabaseSession session,
        IReadOnlyList<EnqueueCall> calls
    )
    {
        long[] ids = [.. calls.SelectMany(call => call.Jobs).Distinct().Order()];
        var jobs = (await plans.HoldAsync(session, ids)).ToDictionary(due => due.Job.Id, due => new Wishes(due));
        var (runs, cancel) = (new List<NewRun>(), new List<Guid>());
        var results = calls.Select(call => Decide(call, jobs, runs, cancel)).ToList();

        var now = calls.Max(call => call.Now);
        await HotRunStore.WishCancelAsync(session, cancel, RunReason.Superseded);
        await HotRunStore.InsertAsync(session, await LimitStore.EnterAsync(session, runs, now), now);
        await LimitStore.LetGoAsync(session, runs.Select(run => run.LimitKey), now);
        await RecordAsync(session, calls, jobs, runs);
        var steppedBack = await TakeBackAsync(session, jobs, runs, now);
        if (steppedBack.Count > 0)
        {
            foreach (var (call, of) in calls.Zip(results))
            {
                MarkTakenBack(call, of, steppedBack);
            }
        }

        return results;
    }

    /// <summary>Tells who asked, where people did; programs' wishes are their runs.</summary>
    private static async ValueTask RecordAsync(
        DatabaseSession session,
        IReadOnlyList<EnqueueCall> calls,
        Dictionary<long, Wishes> jobs,
        List<NewRun> accepted
    )
    {
        var made = accepted.Select(run => run.Id).ToHashSet();
        var lines =
            from call in calls
            from request in call.Requests
            let person = request.By
            where person is not null && made.Contains(request.Id)
            let job = jobs[request.JobId].Due.Job.Name
            select new AuditLine(
                call.Now,
                job.Tenant,
                person,
                "run.requested",
                request.Id.ToString(),
                After: JobAudit.OfJob(job, request.Parameters)
            );
        await AuditRowStore.AddAsync(session, [.. lines]);
    }

    private static List<EnqueueResult> Decide(EnqueueCall call, Dictionary<long, Wishes> jobs, List<NewRun> runs, List<Guid> cancel)
    {
        var results = new List<EnqueueResult>(call.Requests.Count);
        foreach (var request in call.Requests)
        {
            if (!jobs.TryGetValue(request.JobId, out var job))
            {
                results.Add(new EnqueueResult(null, null, JobFound: false));
                continue;
            }

            var decision = call.Decide(request, job.Due);
            results.Add(new EnqueueResult(decision.Accepted ? request.Id : null, decision.Blocking, JobFound: true));
            if (decision.Accepted)
            {
                job.Accept(request, decision);
                cancel.AddRange(decision.Cancel);
                runs.Add(RunOf(request, job.Due.Job, decision));
            }
        }

        return results;
    }

    private static void MarkTakenBack(EnqueueCall call, List<EnqueueResult> results, IReadOnlyDictionary<long, DateTimeOffset> steppedBack)
    {
        for (var index = 0; index < results.Count; index++)
        {
            if (results[index].RunId is not null && steppedBack.ContainsKey(call.Requests[index].JobId))
            {
                results[index] = results[index] with { TakesBack = true };
            }
        }
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

/// <summary>What one caller wishes for.</summary>
/// <param name="Requests">The runs.</param>
/// <param name="Decide">What comes of each; may be asked again when the transaction is done again.</param>
/// <param name="Now">The instant of the wish.</param>
internal sealed record EnqueueCall(
    IReadOnlyList<EnqueueRequest> Requests,
    Func<EnqueueRequest, DueJob, EnqueueDecision> Decide,
    DateTimeOffset Now
)
{
    /// <summary>The jobs, each once.</summary>
    public long[] Jobs { get; } = [.. Requests.Select(request => request.JobId).Distinct()];
}
