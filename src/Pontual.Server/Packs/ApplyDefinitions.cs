using Pontual.Engine.Audit;
using Pontual.Engine.Calendars;
using Pontual.Engine.Clocks;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Requests;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Packs;

/// <summary>Makes the stored jobs what files of definitions say: all of it in one transaction, or nothing. Gateways are put before, each by itself.</summary>
/// <param name="jobs">The stored jobs.</param>
/// <param name="calendars">The stored calendars.</param>
/// <param name="limits">The stored limits of queues.</param>
/// <param name="gateways">Compares and puts gateways.</param>
/// <param name="edits">Changes them.</param>
/// <param name="runners">Check targets.</param>
/// <param name="secrets">Where secrets of targets must be found.</param>
/// <param name="clock">Says what is next.</param>
public sealed class ApplyDefinitions(
    IJobStore jobs,
    ICalendarStore calendars,
    ILimitStore limits,
    PackGateways gateways,
    JobEdits edits,
    IEnumerable<IRunner> runners,
    ISecrets secrets,
    ScheduleClock clock
)
{
    /// <summary>How often a change is made anew because somebody else changed one of the jobs meanwhile.</summary>
    private const int MostTries = 5;

    private readonly PackChecks _checks = PackChecks.By(runners, secrets);

    /// <summary>Reads, compares and (unless it is a dry run) applies.</summary>
    public async Task<ApplyResult> ApplyAsync(ApplyRequest request, CancellationToken cancellation)
    {
        var files = PackReader.Read(request.Files, _checks, request.Tenant);
        if (files.Problems.Count > 0)
        {
            return new ApplyResult.Refused(files.Problems);
        }

        if (!request.Tenant.IsDefault && files.Queues.Count > 0)
        {
            return new ApplyResult.Refused([QueuesAreShared(request)]);
        }

        for (var tries = 1; ; tries++)
        {
            var current = await jobs.ListAsync(request.Tenant, after: null, limit: int.MaxValue, cancellation);
            var reading = files.Beside(current.Select(job => job.Definition));
            var kept = (await calendars.ListAsync(request.Tenant, cancellation)).Select(calendar => calendar.Definition).ToList();
            if (UnknownCalendars(reading, request, kept) is { Count: > 0 } unknown)
            {
                return new ApplyResult.Refused(unknown);
            }

            var diff = PackDiff.Compute(current.Select(job => job.Definition), Bound(reading, kept), request.Prune, clock.Now) with
            {
                Calendars = CalendarDiff.Compute(kept, reading.Calendars, request.Prune),
                Queues = QueueDiff.Compute(
                    await limits.QueuesAsync(cancellation),
                    reading.Queues,
                    prune: request.Prune && request.Tenant.IsDefault
                ),
                Gateways = await gateways.CompareAsync(request.Tenant, reading.Gateways, cancellation),
            };
            if (request.DryRun || !diff.Any)
            {
                return new ApplyResult.Done(diff, Applied: false);
            }

            await gateways.PutAsync(request.Tenant, reading.Gateways, diff.Gateways, request.By, cancellation);
            var changed = await edits.ApplyAsync(Changes(diff, current, reading, request.Tenant) with { By = request.By }, cancellation);
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

    private static PackProblem QueuesAreShared(ApplyRequest request) =>
        new(
            request.Files[0].Name,
            1,
            1,
            "/queues",
            "tenant",
            $"limits of queues are shared by all tenants, and this is applied to the tenant '{request.Tenant}'",
            "leave 'queues' out, or apply them to the default tenant"
        );

    /// <summary>Jobs that name a calendar which neither the files define nor (unless the others are removed) the store keeps.</summary>
    private static List<PackProblem> UnknownCalendars(PackReading reading, ApplyRequest request, List<CalendarDefinition> kept)
    {
        var known = reading.Calendars.Concat(request.Prune ? [] : kept).Select(calendar => calendar.Name).ToHashSet(StringComparer.Ordinal);
        var file = request.Files.Count > 0 ? request.Files[0].Name : "";
        return
        [
            .. from job in reading.Jobs
            from name in CalendarDocument.NamesIn(job)
            where !known.Contains(name)
            select new PackProblem(
                file,
                1,
                1,
                "/jobs",
                "calendar",
                $"job '{job.Name.Text}' names the calendar '{name}', which is not there",
                $"{DidYouMean.Hint(name, known)}define it under 'calendars:', or use one that is built in (br, br-SP, weekends)"
            ),
        ];
    }

    /// <summary>The jobs of the files with the calendars they name, so that their next runs can be told.</summary>
    private static List<JobDefinition> Bound(PackReading reading, List<CalendarDefinition> kept)
    {
        var byName = kept.ToDictionary(calendar => calendar.Name, StringComparer.Ordinal);
        foreach (var calendar in reading.Calendars)
        {
            byName[calendar.Name] = calendar;
        }

        return [.. reading.Jobs.Select(job => job with { Schedule = job.Schedule.Bind(name => byName.GetValueOrDefault(name)?.Calendar) })];
    }

    private static JobChanges Changes(PackDiff diff, IReadOnlyList<Job> current, PackReading desired, TenantName tenant)
    {
        var revisions = current.ToDictionary(job => job.Name, job => job.Revision);
        var definitions = desired.Jobs.ToDictionary(job => job.Name);
        var calendars = desired.Calendars.ToDictionary(calendar => calendar.Name, StringComparer.Ordinal);
        return new JobChanges(
            [
                .. diff
                    .Jobs.Where(job => job.Kind is JobDiffKind.Create or JobDiffKind.Update)
                    .Select(job => new JobPut(definitions[job.Name], revisions.GetValueOrDefault(job.Name))),
            ],
            [.. diff.Jobs.Where(job => job.Kind is JobDiffKind.Remove).Select(job => job.Name)]
        )
        {
            Calendars = new CalendarChanges(
                [
                    .. diff
                        .Calendars.Where(calendar => calendar.Kind is JobDiffKind.Create or JobDiffKind.Update)
                        .Select(calendar => new CalendarPut(calendars[calendar.Name])),
                ],
                [.. diff.Calendars.Where(calendar => calendar.Kind is JobDiffKind.Remove).Select(calendar => calendar.Name)]
            )
            {
                Tenant = tenant,
            },
            Queues = new QueueChanges(
                diff.Queues.Where(queue => queue.Kind is JobDiffKind.Create or JobDiffKind.Update)
                    .ToDictionary(queue => queue.Queue, queue => desired.Queues[queue.Queue], StringComparer.Ordinal),
                [.. diff.Queues.Where(queue => queue.Kind is JobDiffKind.Remove).Select(queue => queue.Queue)]
            ),
        };
    }
}

/// <summary>What to apply.</summary>
/// <param name="Files">YAML or JSON files.</param>
/// <param name="Prune">Whether jobs that no file names are removed.</param>
/// <param name="DryRun">Whether to tell only what would change.</param>
/// <param name="Tenant">Whose jobs and calendars the files define.</param>
public sealed record ApplyRequest(IReadOnlyList<PackFile> Files, bool Prune = false, bool DryRun = false, TenantName Tenant = default)
{
    /// <summary>Who applies them, for the audit log.</summary>
    public Actor By { get; init; } = Actor.Product;
}

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
