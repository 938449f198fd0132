using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;

namespace Pontual.Engine.Upkeep;

internal static partial class UpkeepLog
{
    [LoggerMessage(
        EventId = 1501,
        Level = LogLevel.Warning,
        Message = "Run {RunId} of {Job} was taken from node {LostNode}, which no longer holds it (attempt {Attempt}): its retry policy decides what follows"
    )]
    public static partial void RunTakenOver(this ILogger logger, Guid runId, JobName job, string? lostNode, int attempt);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Information, Message = "Deleted {Runs} runs that ended before {Before:u}")]
    public static partial void Pruned(this ILogger logger, long runs, DateTimeOffset before);
}
