using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.TestKit.Checking;

/// <summary>Makes good histories from a seed, to test the checker with: every kind of row, retries, stretches and one fault.</summary>
public sealed class HistoryGenerator(int seed)
{
    private readonly Random _random = new(seed);
    private readonly DateTimeOffset _start = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A history in which nothing is wrong.</summary>
    public Witness Good()
    {
        List<ExpectedJob> jobs = [];
        List<SinkStart> starts = [];
        List<SinkEnd> ends = [];
        List<Run> rows = [];
        for (var i = 0; i < 5; i++)
        {
            var job = new ExpectedJob($"job-{i}", Occurrences(40), Exclusive: i % 2 == 0, MaxAttempts: 3);
            jobs.Add(job);
            AddRuns(job, starts, ends, rows);
        }

        return new Witness
        {
            Jobs = jobs,
            Starts = starts,
            Ends = ends,
            Rows = rows,
            Faults = [],
            // The jobs come due together, every five minutes, and take a minute at most with a retry: none waits.
            Limits =
            [
                new ExpectedLimit("all", jobs.Select(job => job.Name).ToHashSet(), 5, new ExpectedRate(50, TimeSpan.FromMinutes(20), 10)),
            ],
            JudgedUntil = _start.AddDays(1),
        };
    }

    private List<DateTimeOffset> Occurrences(int count) => [.. Enumerable.Range(1, count).Select(i => _start.AddMinutes(i * 5))];

    private void AddRuns(ExpectedJob job, List<SinkStart> starts, List<SinkEnd> ends, List<Run> rows)
    {
        for (var i = 0; i < job.Occurrences.Count; )
        {
            var choice = _random.Next(10);
            if (choice == 0)
            {
                var length = Math.Min(1 + _random.Next(4), job.Occurrences.Count - i);
                rows.Add(
                    Row(job, job.Occurrences[i]) with
                    {
                        State = RunState.Skipped,
                        Reason = RunReason.Paused,
                        DueUntil = length > 1 ? job.Occurrences[i + length - 1] : null,
                        Count = length,
                    }
                );
                i += length;
                continue;
            }

            rows.Add(Attempts(Row(job, job.Occurrences[i++]), attempts: choice < 3 ? 2 : 1, succeeds: choice != 1, starts, ends));
        }
    }

    private Run Attempts(Run row, int attempts, bool succeeds, List<SinkStart> starts, List<SinkEnd> ends)
    {
        var at = row.DueAt.AddMilliseconds(_random.Next(1, 900));
        var first = at;
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            starts.Add(new SinkStart(row.Job.ToString(), row.DueAt, row.Id, attempt, at));
            var end = at.AddSeconds(1 + _random.Next(20));
            ends.Add(new SinkEnd(row.Id, attempt, end, succeeds && attempt == attempts));
            at = end.AddSeconds(5);
        }

        return row with
        {
            State = succeeds ? RunState.Succeeded : RunState.Failed,
            Reason = succeeds ? null : RunReason.Error,
            Attempt = attempts,
            ItemsProcessed = succeeds ? attempts : null,
            StartedAt = first,
            FinishedAt = at.AddSeconds(-5),
        };
    }

    private Run Row(ExpectedJob job, DateTimeOffset due) =>
        new()
        {
            Id = RunId.New(due, new SeededBytes(_random)),
            JobId = 1,
            Job = JobName.Parse(job.Name),
            Trigger = RunTrigger.Schedule,
            DueAt = due,
            State = RunState.Pending,
        };
}

/// <summary>Random bytes that a seed repeats.</summary>
public sealed class SeededBytes(Random random) : IRandomBytes
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public void Fill(Span<byte> bytes)
    {
        lock (_gate)
        {
            random.NextBytes(bytes);
        }
    }
}
