using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Planning;

internal static partial class PlannerLog
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Debug, Message = "Planned {Jobs} due jobs: {Runs} runs added")]
    public static partial void Planned(this ILogger logger, int jobs, int runs);
}
