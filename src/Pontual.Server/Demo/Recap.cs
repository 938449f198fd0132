using System.Globalization;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Server.Demo;

/// <summary>What a server finds when it starts on data that is there already: read before anything is planned.</summary>
/// <param name="Runs">Runs in the history that ran.</param>
/// <param name="Down">How long nothing was planned; null when nothing ever was.</param>
/// <param name="Missed">Due times that passed meanwhile.</param>
/// <param name="CaughtUp">How many of them run now, by the catch-up policies of their jobs; the others are recorded as skipped.</param>
/// <param name="Interrupted">Runs that were active when the last process ended.</param>
public sealed record Recap(long Runs, TimeSpan? Down, long Missed, long CaughtUp, int Interrupted)
{
    private const int MostCounted = 100_000;

    /// <summary>Whether there was nothing before.</summary>
    public bool IsFirst => Runs == 0 && Missed == 0 && Interrupted == 0;

    /// <summary>Reads it from the stores.</summary>
    /// <param name="jobs">The jobs, with what they have accounted for.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="now">The instant of the start.</param>
    /// <param name="cancellation">Stops reading.</param>
    public static async Task<Recap> ReadAsync(IJobStore jobs, IRunViews runs, DateTimeOffset now, CancellationToken cancellation)
    {
        var all = await jobs.ListAsync(tenant: null, after: null, int.MaxValue, cancellation);
        var active = await runs.ListAsync(new RunQuery(State: RunState.Running, Limit: 500), cancellation);
        var missed = all.Select(job => (Job: job, Count: MissedBy(job, now))).Where(miss => miss.Count > 0).ToList();
        return new Recap(
            all.Sum(job => job.Totals.Runs),
            all.Count == 0 ? null : now - all.Max(job => job.Mark),
            missed.Sum(miss => (long)miss.Count),
            missed.Sum(miss => CaughtUpBy(miss.Job, miss.Count, now)),
            active.Count
        );
    }

    /// <summary>The whole of it in one sentence.</summary>
    public override string ToString()
    {
        var interrupted =
            Interrupted == 0
                ? ""
                : $" {Count(Interrupted, "run")} that {(Interrupted == 1 ? "was" : "were")} active then {(Interrupted == 1 ? "was" : "were")} interrupted.";
        var missed =
            Missed == 0 ? "no due time passed meanwhile."
            : Missed == CaughtUp ? $"{Count(Missed, "due time")} passed meanwhile, made up for now."
            : $"{Count(Missed, "due time")} passed meanwhile: {Count(CaughtUp, "run")} now, the others are recorded as skipped.";
        return $"Back after {Words(Down ?? TimeSpan.Zero)}: {Count(Runs, "run")} in the history, {missed}{interrupted}";
    }

    private static int MissedBy(Job job, DateTimeOffset now) =>
        job.Definition.Schedule.DueTimes(job.Mark).TakeWhile(due => due <= now).Take(MostCounted).Count();

    private static long CaughtUpBy(Job job, int missed, DateTimeOffset now) =>
        job.Paused?.HoldsAt(now) == true
            ? 0
            : job.Definition.CatchUp switch
            {
                CatchUp.Latest => 1,
                CatchUp.All => Math.Min(missed, MissedBy(job with { Mark = Later(job.Mark, now - job.Definition.CatchUpWindow) }, now)),
                _ => 0,
            };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string Count(long number, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {thing}{(number == 1 ? "" : "s")}");

    private static string Words(TimeSpan span) =>
        span.TotalMinutes < 1 ? $"{span.TotalSeconds:0} s"
        : span.TotalHours < 1 ? $"{(int)span.TotalMinutes} min {span.Seconds} s"
        : span.TotalDays < 1 ? $"{(int)span.TotalHours} h {span.Minutes} min"
        : $"{(int)span.TotalDays} d {span.Hours} h";
}
