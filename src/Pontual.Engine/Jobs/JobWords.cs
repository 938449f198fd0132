using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Jobs;

/// <summary>The words of a job document, and what they stand for.</summary>
public static class JobWords
{
    /// <summary>Words of <c>overlap</c>.</summary>
    public static IReadOnlyDictionary<string, Overlap> Overlaps { get; } =
        new Dictionary<string, Overlap>
        {
            ["skip"] = Overlap.Skip,
            ["buffer-one"] = Overlap.BufferOne,
            ["buffer-all"] = Overlap.BufferAll,
            ["cancel-running"] = Overlap.CancelRunning,
            ["allow"] = Overlap.Allow,
        };

    /// <summary>Words of <c>catch-up</c>.</summary>
    public static IReadOnlyDictionary<string, CatchUp> CatchUps { get; } =
        new Dictionary<string, CatchUp>
        {
            ["none"] = CatchUp.None,
            ["latest"] = CatchUp.Latest,
            ["all"] = CatchUp.All,
        };

    /// <summary>Words of <c>schedule.dialect</c>.</summary>
    public static IReadOnlyDictionary<string, CronDialect> Dialects { get; } =
        new Dictionary<string, CronDialect>
        {
            ["pontual"] = CronDialect.Pontual,
            ["crontab"] = CronDialect.Crontab,
            ["quartz"] = CronDialect.Quartz,
        };

    /// <summary>Words of <c>schedule.shift</c>.</summary>
    public static IReadOnlyDictionary<string, DayShift> Shifts { get; } =
        new Dictionary<string, DayShift>
        {
            ["next-business-day"] = DayShift.NextBusinessDay,
            ["previous-business-day"] = DayShift.PreviousBusinessDay,
        };

    /// <summary>Words of <c>schedule.dst.gap</c>.</summary>
    public static IReadOnlyDictionary<string, GapRule> Gaps { get; } =
        new Dictionary<string, GapRule>
        {
            ["run-at-end"] = GapRule.RunAtEnd,
            ["run-shifted"] = GapRule.RunShifted,
            ["skip"] = GapRule.Skip,
        };

    /// <summary>Words of <c>schedule.dst.overlap</c>.</summary>
    public static IReadOnlyDictionary<string, OverlapRule> Repeats { get; } =
        new Dictionary<string, OverlapRule>
        {
            ["first"] = OverlapRule.First,
            ["second"] = OverlapRule.Second,
            ["both"] = OverlapRule.Both,
        };

    /// <summary>Words of <c>retry.on</c>.</summary>
    public static IReadOnlyDictionary<string, FailureKinds> Failures { get; } =
        new Dictionary<string, FailureKinds>
        {
            ["network"] = FailureKinds.Network,
            ["timeout"] = FailureKinds.Timeout,
            ["5xx"] = FailureKinds.ServerError,
            ["429"] = FailureKinds.TooManyRequests,
            ["4xx"] = FailureKinds.ClientError,
            ["exit"] = FailureKinds.Exit,
            ["error"] = FailureKinds.Error,
            ["lease-lost"] = FailureKinds.LeaseLost,
            ["target"] = FailureKinds.Target,
            ["circuit-open"] = FailureKinds.CircuitOpen,
        };

    /// <summary>The word for a value.</summary>
    public static string Of<T>(IReadOnlyDictionary<string, T> words, T value)
        where T : struct, Enum => words.First(word => EqualityComparer<T>.Default.Equals(word.Value, value)).Key;
}
