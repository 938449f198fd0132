using Npgsql;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>Says PostgreSQL's errors in words that name the server and the next step.</summary>
internal static class PostgreSqlFailure
{
    /// <summary>Whether two transactions got into each other's way: the same one may well get through when it is run again.</summary>
    public static bool IsConflict(NpgsqlException exception) =>
        exception is PostgresException refused
        && (
            refused.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            || refused.ConstraintName == "run_one_active"
        );

    /// <summary>Whether the connection, or the server behind it, is no good (any more) and another one may be.</summary>
    public static bool IsLoss(NpgsqlException exception) =>
        exception is not PostgresException refused
        || refused.SqlState
            is PostgresErrorCodes.AdminShutdown
                or PostgresErrorCodes.CrashShutdown
                or PostgresErrorCodes.CannotConnectNow
                or PostgresErrorCodes.TooManyConnections
                or PostgresErrorCodes.ConfigurationLimitExceeded
                or PostgresErrorCodes.ReadOnlySqlTransaction
        || refused.SqlState is "25P03" or "25P04" or "57P05"
        || refused.SqlState.StartsWith("08", StringComparison.Ordinal);

    /// <summary>Whether a commit that ended so may have happened. An error of the server's own means that it did not; one that ends the session means nothing.</summary>
    public static bool LeavesCommitOpen(NpgsqlException exception) => exception is not PostgresException { InvariantSeverity: "ERROR" };

    public static DatabaseException Of(NpgsqlException exception, string place)
    {
        var state = (exception as PostgresException)?.SqlState ?? "";
        var (fault, words) = state switch
        {
            "" => (
                DatabaseFault.Unavailable,
                "it cannot be reached or the connection broke. Check that the server runs and that the address is right"
            ),
            "28P01" or "28000" => (DatabaseFault.Permission, "user or password was refused. Check the connection string"),
            "3D000" => (DatabaseFault.Permission, "there is no such database. Create it, or name another"),
            "42501" => (
                DatabaseFault.Permission,
                "this user may not do that. Grant it CREATE on the database, or make the schema beforehand"
            ),
            "53100" => (
                DatabaseFault.Full,
                "the server's disk is full. Nothing of this write was kept; free space and it goes on by itself"
            ),
            "57014" or "55P03" => (
                DatabaseFault.Busy,
                "a statement took longer than its limit, or waited too long for another one. Nothing of this write was kept. "
                    + "The limit is 'Command Timeout' (seconds) of the connection string"
            ),
            "53300" or "53400" => (
                DatabaseFault.Unavailable,
                "the server takes no more connections. Raise its max_connections, or lower 'Maximum Pool Size' in the connection strings"
            ),
            "25006" => (DatabaseFault.Permission, "the server is read-only (a standby?). Use 'Target Session Attributes=primary'"),
            "XX001" or "XX002" => (DatabaseFault.Corrupt, "the server reports damaged data. Restore a backup"),
            _ when state.StartsWith("23", StringComparison.Ordinal) => (DatabaseFault.Constraint, "a constraint refused a row"),
            _ when state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57", StringComparison.Ordinal) => (
                DatabaseFault.Unavailable,
                "the server ended the connection or refuses new ones for now"
            ),
            _ => (DatabaseFault.Other, "PostgreSQL refused"),
        };
        var code = state.Length > 0 ? $", error {state}" : "";
        return new DatabaseException(fault, $"Database {place}: {words} ({exception.Message}{code}).", exception);
    }
}
