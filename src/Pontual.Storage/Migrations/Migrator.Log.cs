using Microsoft.Extensions.Logging;

namespace Pontual.Storage.Migrations;

internal static partial class MigratorLog
{
    [LoggerMessage(EventId = 2015, Level = LogLevel.Information, Message = "Other schedulers' names in SQL: {Note}")]
    public static partial void NameNotOffered(this ILogger logger, string note);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Database opened: {Engine} at {Place}")]
    public static partial void DatabaseOpened(this ILogger logger, string engine, string place);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "Schema brought to version {Version} ({Name})")]
    public static partial void MigrationTaken(this ILogger logger, int version, string name);
}
