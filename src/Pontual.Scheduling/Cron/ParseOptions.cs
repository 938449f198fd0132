namespace Pontual.Scheduling.Cron;

/// <summary>How a cron text is read.</summary>
public sealed record ParseOptions
{
    /// <summary>Our own dialect, and <c>H</c> spread by nothing: what is used where no options are given.</summary>
    public static ParseOptions Default { get; } = new();

    /// <summary>Whose grammar the text follows.</summary>
    public CronDialect Dialect { get; init; } = CronDialect.Pontual;

    /// <summary>What <c>H</c> is spread by, the job's name: the same text and seed mean the same times on every machine, for ever.</summary>
    public string Seed { get; init; } = "";
}

/// <summary>A grammar of cron texts.</summary>
public enum CronDialect
{
    /// <summary>Ours: 5 to 7 fields, 0 or 7 = Sunday, all special days, <c>H</c>, macros.</summary>
    Pontual,

    /// <summary>What Vixie's cron of Debian takes, and nothing more: five fields or a macro, 0 or 7 = Sunday.</summary>
    Crontab,

    /// <summary>Quartz: 6 or 7 fields, 1 = Sunday to 7 = Saturday, <c>?</c> in exactly one of the day fields.</summary>
    Quartz,
}
