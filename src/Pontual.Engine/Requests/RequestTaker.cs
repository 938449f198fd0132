using Microsoft.Extensions.Logging;
using Pontual.Engine.Clocks;
using Pontual.Engine.Pacing;
using Pontual.Engine.Planning;

namespace Pontual.Engine.Requests;

/// <summary>Does what was asked for by the database's own language, as if it had been asked here.</summary>
internal sealed class RequestTaker(
    IRequestStore store,
    OccurrencePlanner planner,
    Signals signals,
    ScheduleClock clock,
    TimeProvider time,
    ILogger<RequestTaker> logger,
    IPostSender? posts = null
)
{
    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var (scheduled, now) = (clock.Now, time.GetUtcNow());
        var terms = new RequestTerms(
            scheduled,
            now,
            due => planner.Decide(due, scheduled),
            (wish, due) => OccurrencePlanner.Decide(wish, due, now)
        );
        var taken = await store.TakeAsync(terms, cancellation);
        foreach (var refused in taken.Refused)
        {
            logger.RequestRefused(refused.Kind, refused.Id, refused.Job?.ToString() ?? "a job that is gone", refused.By, refused.Reason);
        }

        if (taken.Count > 0)
        {
            signals.SchedulesChanged();
            signals.RunsReady();
            signals.CancelWished();
        }

        if (taken.PostsWait)
        {
            posts?.Look();
        }

        return taken.More ? TimeSpan.Zero : null;
    }
}
