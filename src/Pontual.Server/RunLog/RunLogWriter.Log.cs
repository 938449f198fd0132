using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;

namespace Pontual.Server.RunLog;

internal static partial class RunLogWriterLog
{
    [LoggerMessage(EventId = 5401, Level = LogLevel.Information, Message = "{Words}: {LocalTime} ({Zone})")]
    public static partial void TimeIs(this ILogger logger, string words, string localTime, string zone);

    [LoggerMessage(EventId = 5402, Level = LogLevel.Information, Message = "{Words} {Job} ({AttemptWord} {Attempt}, {RunId})")]
    public static partial void Started(this ILogger logger, string words, JobName job, string attemptWord, int attempt, Guid runId);

    [LoggerMessage(EventId = 5403, Level = LogLevel.Warning, Message = "FAIL {Job} ({AttemptWord} {Attempt}, {RunId}): {Error}")]
    public static partial void Failed(this ILogger logger, JobName job, string attemptWord, int attempt, Guid runId, string error);
}
