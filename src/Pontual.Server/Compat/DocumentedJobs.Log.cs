using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Compat;

internal static partial class DocumentedJobsLog
{
    [LoggerMessage(EventId = 5601, Level = LogLevel.Warning, Message = "The work of {Job}, asked for by HTTP, failed: {Detail}")]
    public static partial void JobRouteFailed(this ILogger logger, JobName job, string detail);
}
