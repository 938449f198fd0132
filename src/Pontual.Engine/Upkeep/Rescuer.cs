using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;
using Pontual.Engine.Settling;
using Pontual.Engine.Workers;

namespace Pontual.Engine.Upkeep;

/// <summary>Settles the runs of nodes that are gone as "lease lost", so that the retry policy decides what follows, and sweeps up what no event moved.</summary>
internal sealed class Rescuer(
    IRunStore runs,
    ClockWatch clock,
    UpkeepOptions options,
    Signals signals,
    IRandomBytes random,
    TimeProvider time,
    ILogger<Rescuer> logger
)
{
    private const int Batch = 500;

    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestArmed = TimeSpan.FromSeconds(10);
    private long? _sweptAt;

    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        if (clock.Jumped())
        {
            signals.Renewing.Set();
        }

        if (!clock.LeasesCanBeJudged)
        {
            return Every;
        }

        var now = time.GetUtcNow();
        var lost = await runs.FindLostAsync(now, Batch, cancellation);
        if (lost.Count > 0)
        {
            await SettleAsync(lost, now, cancellation);
        }

        if (_sweptAt is not { } at || time.GetElapsedTime(at) >= SweepEvery)
        {
            await runs.SweepAsync(now, options.StuckAfter, cancellation);
            _sweptAt = time.GetTimestamp();
            signals.Claiming.Set();
        }

        return lost.Count == Batch ? TimeSpan.Zero : Every;
    }

    private async Task SettleAsync(IReadOnlyList<LeasedRun> lost, DateTimeOffset now, CancellationToken cancellation)
    {
        var settlements = lost.Select(leased => Settlement.Of(leased, OutcomeOf(leased, now), Began(leased, now), now, Jitter.Next(random)))
            .ToList();
        var settled = await runs.SettleAsync(settlements, cancellation);
        foreach (var (leased, won) in lost.Zip(settled))
        {
            if (won)
            {
                logger.RunTakenOver(leased.Run.Id, leased.Job.Name, leased.Run.Node, leased.Run.Attempt);
            }
        }

        signals.RunsReady();
    }

    // What was armed for an instant that has not come was not begun, and nobody is left who could.
    // One that is far away was armed by a clock that somebody set back since: it may have begun.
    private static DateTimeOffset? Began(LeasedRun leased, DateTimeOffset now) =>
        leased.IsArmed && leased.ClaimedAt > now && leased.ClaimedAt - now < LongestArmed ? null : leased.ClaimedAt;

    private static Outcome OutcomeOf(LeasedRun leased, DateTimeOffset now) =>
        leased.CancelReason is { } wish and not RunReason.TakenBack ? new Outcome.Cancelled(wish)
        : Began(leased, now) is null ? new Outcome.NotBegun()
        : WorkerName.IsNode(leased.Run.Node) && now - leased.ClaimedAt >= leased.Job.Definition.Timeout ? WorkerDesk.TimedOut(leased)
        : new Outcome.Failure(
            FailureKinds.LeaseLost,
            leased.IsArmed
                ? $"Node {leased.Run.Node ?? "unknown"} was lost while it held attempt {leased.Run.Attempt}, armed for {leased.ClaimedAt:u}: it may have begun or not."
                : $"Node {leased.Run.Node ?? "unknown"} was lost while it ran attempt {leased.Run.Attempt}, begun {leased.ClaimedAt:u}."
        );
}
