using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;

namespace Pontual.Engine.Executing;

internal static partial class ExecutorLog
{
    [LoggerMessage(
        EventId = 1301,
        Level = LogLevel.Debug,
        Message = "The attempt of run {RunId} of {Job} ended with an exception: recorded as a failure"
    )]
    public static partial void AttemptThrew(this ILogger logger, Exception problem, Guid runId, JobName job);

    [LoggerMessage(
        EventId = 1302,
        Level = LogLevel.Warning,
        Message = "The attempt of run {RunId} of {Job} ended after this node lost its lease: its result was dropped"
    )]
    public static partial void ResultDropped(this ILogger logger, Guid runId, JobName job);

    [LoggerMessage(
        EventId = 1303,
        Level = LogLevel.Warning,
        Message = "Run {RunId} of {Job} was claimed while an older attempt of it is still stopping here: it was given back"
    )]
    public static partial void StillStopping(this ILogger logger, Guid runId, JobName job);

    [LoggerMessage(
        EventId = 1304,
        Level = LogLevel.Error,
        Message = "Stopping the attempt of run {RunId} of {Job} threw: what could be stopped was stopped"
    )]
    public static partial void StopThrew(this ILogger logger, Exception problem, Guid runId, JobName job);
}
