using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;

namespace Pontual.Server.Compat;

/// <summary>What a persistent cron asks of the engine.</summary>
internal sealed class SyncCron(IJobStore jobs, IRunViews views, RunRequests requests, IntervalEdits edits)
{
    /// <summary>How many of a job's latest runs are looked through for those that began.</summary>
    private const int MostLooked = 500;

    /// <returns>The name of a job that runs every so many whole hours; null when it is none.</returns>
    public async Task<JobName?> FindAsync(JobName name, CancellationToken cancellation) =>
        await jobs.FindAsync(name, cancellation) is { } job && IntervalJob.HoursOf(job.Definition.Schedule) is not null ? name : null;

    public Task<bool> EditAsync(JobName job, IntervalEdit edit, CancellationToken cancellation) => edits.EditAsync(job, edit, cancellation);

    public Task<RunNowResult> RunAsync(JobName job, Actor by, CancellationToken cancellation) =>
        requests.RunNowAsync(job, parameters: null, allowOverlap: false, by, cancellation);

    /// <summary>Its runs that began, newest first.</summary>
    public async Task<IReadOnlyList<CronRunView>> HistoryAsync(JobName job, int limit, CancellationToken cancellation)
    {
        var runs = await views.ListAsync(new RunQuery(job, Limit: MostLooked), cancellation);
        return [.. runs.Where(run => run.StartedAt is not null).Take(limit).Select(CronRunView.Of)];
    }
}
