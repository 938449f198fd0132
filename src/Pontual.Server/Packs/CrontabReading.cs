using Pontual.Engine.Jobs;

namespace Pontual.Server.Packs;

/// <summary>How a crontab is to be read.</summary>
public sealed record CrontabOptions
{
    /// <summary>Home folder of the crontab's owner, absolute: cron runs commands there.</summary>
    public required string Home { get; init; }

    /// <summary>Zone of lines that <c>CRON_TZ</c> does not rule: an IANA id.</summary>
    public string Zone { get; init; } = JobDocument.DefaultZone;

    /// <summary>Whether a user stands before each command, as in <c>/etc/crontab</c> and <c>/etc/cron.d</c>.</summary>
    public bool SystemFormat { get; init; }

    /// <summary>Home folders of the users that a system crontab names; null for one that is not known. Only used to find relative paths.</summary>
    public Func<string, string?> HomeOf { get; init; } = _ => null;

    /// <summary>Longest time of a run. Cron has no limit; a job always has one.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>What a crontab came to. Every line with content is a job, unimportable, or a setting that went into jobs or notes.</summary>
/// <param name="Jobs">The jobs, in the order of their lines.</param>
/// <param name="Unimportable">Lines that did not become jobs, and why.</param>
/// <param name="Notes">What is done otherwise than by cron; line 0 for the file as a whole.</param>
public sealed record CrontabReading(
    IReadOnlyList<CrontabJob> Jobs,
    IReadOnlyList<CrontabRemark> Unimportable,
    IReadOnlyList<CrontabRemark> Notes
);

/// <summary>A job and the line it was made from.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Definition">The job.</param>
public sealed record CrontabJob(int Line, JobDefinition Definition);

/// <summary>Something to say about a line.</summary>
/// <param name="Line">From 1; 0 for the file as a whole.</param>
/// <param name="Text">The line, or a part of it; empty for the file as a whole.</param>
/// <param name="Reason">What there is to say.</param>
public sealed record CrontabRemark(int Line, string Text, string Reason);
