using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Alerts;

internal static partial class AlertsLog
{
    [LoggerMessage(1801, LogLevel.Warning, "ALERT {Severity} {Key}: {Summary} (quiet: {Quiet})")]
    public static partial void Opened(this ILogger logger, Severity severity, AlertKey key, string summary, string? quiet);

    [LoggerMessage(1802, LogLevel.Information, "RESOLVED {Key} after {Duration}")]
    public static partial void Resolved(this ILogger logger, AlertKey key, string duration);

    [LoggerMessage(1803, LogLevel.Error, "{Watch} cannot look")]
    public static partial void LookFailed(this ILogger logger, Exception problem, string watch);

    [LoggerMessage(1804, LogLevel.Warning, "Notice {Notice} was not taken by route {Route}, try {Try}: {Error}; again {Again}")]
    public static partial void NotTaken(this ILogger logger, Guid notice, string route, int @try, string error, DateTimeOffset? again);

    [LoggerMessage(1805, LogLevel.Error, "Notice {Notice} to route {Route} is given up after {Tries} tries: {Error}")]
    public static partial void GivenUp(this ILogger logger, Guid notice, string route, int tries, string error);

    [LoggerMessage(1806, LogLevel.Error, "What became of notice {Notice} could not be written; it is delivered again")]
    public static partial void NotWritten(this ILogger logger, Exception problem, Guid notice);

    [LoggerMessage(1807, LogLevel.Warning, "The heartbeat to the outside was not taken: {Problem}")]
    public static partial void BeatFailed(this ILogger logger, string problem);
}
