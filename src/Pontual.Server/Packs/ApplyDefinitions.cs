using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;

namespace Pontual.Server.Packs;

/// <summary>Makes the stored jobs what files of definitions say: all of it in one transaction, or nothing.</summary>
/// <param name="jobs">The stored jobs.</param>
/// <param name="edits">Changes them.</param>
/// <param name="runners">Check targets.</param>
/// <param name="secrets">Where secrets of targets must be found.</param>
/// <param name="time">The clock.</param>
public sealed class ApplyDefinitions(IJobStore jobs, JobEdits edits, IEnumerable<IRunner> runners, ISecrets secrets, TimeProvider time)
{
    /// <summary>How often a change is made anew because somebody else changed one of the jobs meanwhile.</summary>
    private const int MostTries = 5;

    private readonly PackChecks _checks = PackChecks.By(runners, secrets);

    /// <summary>Reads, compares and (unless it is a dry run) applies.</summary>
    public async Task<ApplyResult> ApplyAsync(ApplyRequest request, CancellationToken cancellation)
    {
        var reading = PackReader.Read(request.Files, _checks);
        if (reading.Problems.Count > 0)
        {
            return new ApplyResult.Refused(reading.Problems);
        }

        for (var tries = 1; ; tries++)
        {
            var current = await jobs.ListAsync(after: null, limit: int.MaxValue, cancellation);
            var diff = PackDiff.Compute(current.Select(job => job.Definition), reading.Jobs, request.Prune, time.GetUtcNow());
            if (request.DryRun || !diff.Any)
            {
                return new ApplyResult.Done(diff, Applied: false);
            }

            var changed = await edits.ApplyAsync(Changes(diff, current, reading.Jobs), cancellation);
            if (!changed.Any(change => change.Change is JobChange.Conflict))
            {
                return new ApplyResult.Done(diff, Applied: true);
            }

            if (tries == MostTries)
            {
                return new ApplyResult.Conflict([
                    .. changed.Where(change => change.Change is JobChange.Conflict).Select(change => change.Name),
                ]);
            }
        }
    }

    private static JobChanges Changes(PackDiff diff, IReadOnlyList<Job> current, IReadOnlyList<JobDefinition> desired)
    {
        var revisions = current.ToDictionary(job => job.Name, job => job.Revision);
        var definitions = desired.ToDictionary(job => job.Name);
        return new JobChanges(
            [
                .. diff
                    .Jobs.Where(job => job.Kind is JobDiffKind.Create or JobDiffKind.Update)
                    .Select(job => new JobPut(definitions[job.Name], revisions.GetValueOrDefault(job.Name))),
            ],
            [.. diff.Jobs.Where(job => job.Kind is JobDiffKind.Remove).Select(job => job.Name)]
        );
    }
}

/// <summary>What to apply.</summary>
/// <param name="Files">YAML or JSON files.</param>
/// <param name="Prune">Whether jobs that no file names are removed.</param>
/// <param name="DryRun">Whether to tell only what would change.</param>
public sealed record ApplyRequest(IReadOnlyList<PackFile> Files, bool Prune = false, bool DryRun = false);

/// <summary>What came of it. Closed: these and no others.</summary>
public abstract record ApplyResult
{
    private ApplyResult() { }

    /// <summary>Something is wrong in the files; nothing was changed.</summary>
    /// <param name="Problems">All that is wrong.</param>
    public sealed record Refused(IReadOnlyList<PackProblem> Problems) : ApplyResult;

    /// <summary>The files are right.</summary>
    /// <param name="Diff">What changes, or would change.</param>
    /// <param name="Applied">False for a dry run, and when there was nothing to change.</param>
    public sealed record Done(PackDiff Diff, bool Applied) : ApplyResult;

    /// <summary>Others kept changing the same jobs; nothing was changed. Trying again is right.</summary>
    /// <param name="Jobs">The jobs in question.</param>
    public sealed record Conflict(IReadOnlyList<JobName> Jobs) : ApplyResult;
}
