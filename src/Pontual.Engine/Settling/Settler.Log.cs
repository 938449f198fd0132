using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Settling;

internal static partial class SettlerLog
{
    [LoggerMessage(
        EventId = 1401,
        Level = LogLevel.Warning,
        Message = "The result of run {RunId} of {Job} ({State}) was refused: the run no longer carries lease token {LeaseToken}"
    )]
    public static partial void Refused(this ILogger logger, Guid runId, JobName job, long leaseToken, RunState state);

    [LoggerMessage(
        EventId = 1402,
        Level = LogLevel.Warning,
        Message = "The result of run {RunId} of {Job} was dropped: this node lost the lease it was claimed under"
    )]
    public static partial void Dropped(this ILogger logger, Guid runId, JobName job);
}
