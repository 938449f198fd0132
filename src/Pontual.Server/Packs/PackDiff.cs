using System.Globalization;
using System.Text;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Packs;

/// <summary>What applying definitions would change. Pure.</summary>
/// <param name="Jobs">Every job concerned, in the order of the definitions; removals last, by name.</param>
public sealed record PackDiff(IReadOnlyList<JobDiff> Jobs)
{
    /// <summary>Every calendar concerned, as the jobs are.</summary>
    public IReadOnlyList<CalendarDiff> Calendars { get; init; } = [];

    /// <summary>The limit of every queue concerned, as the jobs are.</summary>
    public IReadOnlyList<QueueDiff> Queues { get; init; } = [];

    /// <summary>Every gateway concerned, as the jobs are.</summary>
    public IReadOnlyList<GatewayDiff> Gateways { get; init; } = [];

    /// <summary>Whether anything changes.</summary>
    public bool Any => Kinds.Any(kind => kind is not JobDiffKind.Unchanged);

    private IEnumerable<JobDiffKind> Kinds =>
        [
            .. Calendars.Select(calendar => calendar.Kind),
            .. Queues.Select(queue => queue.Kind),
            .. Gateways.Select(gateway => gateway.Kind),
            .. Jobs.Select(job => job.Kind),
        ];

    /// <summary>Compares what is there with what is wished.</summary>
    /// <param name="current">All jobs as they stand.</param>
    /// <param name="desired">The definitions; names are unique.</param>
    /// <param name="prune">Whether every job that is not among <paramref name="desired"/> is removed.</param>
    /// <param name="now">Next runs are told from here on.</param>
    public static PackDiff Compute(
        IEnumerable<JobDefinition> current,
        IReadOnlyCollection<JobDefinition> desired,
        bool prune,
        DateTimeOffset now
    )
    {
        var before = current.ToDictionary(job => job.Name);
        var changes = desired.Select(job => JobDiff.Between(before.GetValueOrDefault(job.Name), job, now));
        var wished = desired.Select(job => job.Name).ToHashSet();
        var removals = before
            .Values.Where(job => prune && !wished.Contains(job.Name))
            .OrderBy(job => job.Name.Text, StringComparer.Ordinal)
            .Select(job => JobDiff.Between(job, null, now));
        return new PackDiff([.. changes, .. removals]);
    }

    /// <summary>Lines for people: <c>+</c> made, <c>~</c> changed, <c>-</c> removed; unchanged jobs are counted only. Ends with a line break.</summary>
    public string Render()
    {
        var text = new StringBuilder();
        foreach (var calendar in Calendars.Where(calendar => calendar.Kind is not JobDiffKind.Unchanged))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Sign(calendar.Kind)} calendar {calendar.Name}\n");
            foreach (var field in calendar.Fields)
            {
                text.Append("    ").Append(Line(field, calendar.Kind)).Append('\n');
            }
        }

        foreach (var queue in Queues.Where(queue => queue.Kind is not JobDiffKind.Unchanged))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Sign(queue.Kind)} limit of queue {queue.Queue}\n");
            foreach (var field in queue.Fields)
            {
                text.Append("    ").Append(Line(field, queue.Kind)).Append('\n');
            }
        }

        foreach (var gateway in Gateways.Where(gateway => gateway.Kind is not JobDiffKind.Unchanged))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Sign(gateway.Kind)} gateway {gateway.Name}\n");
            foreach (var field in gateway.Fields)
            {
                text.Append("    ").Append(Line(field, gateway.Kind)).Append('\n');
            }
        }

        foreach (var job in Jobs.Where(job => job.Kind is not JobDiffKind.Unchanged))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Sign(job.Kind)} {job.Name.Text}\n");
            foreach (var field in job.Fields)
            {
                text.Append("    ").Append(Line(field, job.Kind)).Append('\n');
            }
        }

        int Count(JobDiffKind kind) => Kinds.Count(found => found == kind);
        var summary =
            $"{Count(JobDiffKind.Create)} to create, {Count(JobDiffKind.Update)} to update, {Count(JobDiffKind.Remove)} to remove, {Count(JobDiffKind.Unchanged)} unchanged.";
        return text.Append(summary).Append('\n').ToString();
    }

    private static char Sign(JobDiffKind kind) =>
        kind switch
        {
            JobDiffKind.Create => '+',
            JobDiffKind.Update => '~',
            JobDiffKind.Remove => '-',
            _ => '=',
        };

    private static string Line(FieldDiff field, JobDiffKind kind) =>
        (field.Before, field.After, kind) switch
        {
            (null, { } after, JobDiffKind.Create) => $"{field.Path}: {after}",
            (null, { } after, _) => $"+ {field.Path}: {after}",
            ({ } before, null, _) => $"- {field.Path}: {before}",
            var (before, after, _) => $"~ {field.Path}: {before} -> {after}",
        };
}

/// <summary>What becomes of one job.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Fields">What differs, in the documented order of the keys, then the next run when it moves; empty for unchanged and removed jobs.</param>
public sealed record JobDiff(JobName Name, JobDiffKind Kind, IReadOnlyList<FieldDiff> Fields)
{
    internal static JobDiff Between(JobDefinition? before, JobDefinition? after, DateTimeOffset now)
    {
        if (after is null)
        {
            return new JobDiff(before!.Name, JobDiffKind.Remove, []);
        }

        var fields = FieldDiff.Between(before, after).ToList();
        if (before is not null && fields.Count == 0)
        {
            return new JobDiff(after.Name, JobDiffKind.Unchanged, []);
        }

        var next = new FieldDiff("next run", before is null ? null : NextRun.Of(before, now), NextRun.Of(after, now));
        if (before is null || next.Before != next.After)
        {
            fields.Add(next);
        }

        return new JobDiff(after.Name, before is null ? JobDiffKind.Create : JobDiffKind.Update, fields);
    }
}

/// <summary>What is done to a job.</summary>
public enum JobDiffKind
{
    /// <summary>It is new.</summary>
    Create,

    /// <summary>It is there and differs.</summary>
    Update,

    /// <summary>It is there and the same.</summary>
    Unchanged,

    /// <summary>It is there and not wished any more.</summary>
    Remove,
}
