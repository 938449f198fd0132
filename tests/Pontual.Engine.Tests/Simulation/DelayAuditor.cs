using Pontual.Engine.Runs;
using Pontual.TestKit.Checking;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>Follows the chain of a job with a fixed delay: each due time is so long after the end of the run before, or after a due time that was skipped.</summary>
internal sealed class DelayAuditor(string job, TimeSpan delay, DateTimeOffset first)
{
    private DateTimeOffset _nextDue = first;

    public long Links { get; private set; }

    /// <summary>The due times that rows stand for, as the checker wants them.</summary>
    public IEnumerable<DateTimeOffset> DueTimes(IEnumerable<Run> rows) =>
        rows.SelectMany(row => Enumerable.Range(0, (int)row.Count).Select(step => row.DueAt + (delay * step)));

    /// <param name="rows">Ended rows not seen before, oldest first.</param>
    /// <param name="until">Nothing after this is judged.</param>
    public IEnumerable<Verdict> Follow(IReadOnlyList<Run> rows, DateTimeOffset until)
    {
        foreach (var row in rows)
        {
            if (row.DueAt != _nextDue)
            {
                yield return new Verdict("chain", job, $"due at {row.DueAt:O} in place of {_nextDue:O}");
            }

            var last = row.DueAt + (delay * (row.Count - 1));
            if (row.DueUntil is { } said && said != last)
            {
                yield return new Verdict(
                    "chain",
                    job,
                    $"a stretch of {row.Count} from {row.DueAt:O} ends at {said:O} in place of {last:O}"
                );
            }

            _nextDue = (row.State is RunState.Skipped ? last : row.FinishedAt!.Value) + delay;
            Links += row.Count;
        }

        if (_nextDue < until - TimeSpan.FromDays(3))
        {
            yield return new Verdict("chain", job, $"nothing follows {_nextDue:O}");
        }
    }
}
