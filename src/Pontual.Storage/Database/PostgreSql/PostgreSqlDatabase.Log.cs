using Microsoft.Extensions.Logging;

namespace Pontual.Storage.Database.PostgreSql;

internal static partial class PostgreSqlDatabaseLog
{
    [LoggerMessage(
        EventId = 2011,
        Level = LogLevel.Warning,
        Message = "Database {Place} does not answer as it should ({Problem}); trying again until it does"
    )]
    public static partial void DatabaseLost(this ILogger logger, string place, string problem);

    [LoggerMessage(
        EventId = 2012,
        Level = LogLevel.Warning,
        Message = "Database {Place} has not answered as it should for {Elapsed}, {Failures} failures ({Problem})"
    )]
    public static partial void DatabaseStillLost(this ILogger logger, string place, TimeSpan elapsed, int failures, string problem);

    [LoggerMessage(EventId = 2013, Level = LogLevel.Information, Message = "Database {Place} is back after {Elapsed}, {Failures} failures")]
    public static partial void DatabaseBack(this ILogger logger, string place, TimeSpan elapsed, int failures);

    [LoggerMessage(
        EventId = 2014,
        Level = LogLevel.Information,
        Message = "Database {Place} is behind a connection pooler: nothing is prepared, each transaction sets what it needs, and nodes poll in place of notifying each other"
    )]
    public static partial void BehindPooler(this ILogger logger, string place);

    [LoggerMessage(
        EventId = 2015,
        Level = LogLevel.Warning,
        Message = "Database {Place} does not pass on notifications: nodes find each other's news by polling"
    )]
    public static partial void NotificationsDoNotCome(this ILogger logger, string place);
}
