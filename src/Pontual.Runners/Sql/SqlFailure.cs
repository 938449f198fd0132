using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Sql;

/// <summary>Says which kind of failure an exception of the driver's is, and what went wrong.</summary>
internal static class SqlFailure
{
    public static (FailureKinds Kind, string Message) Of(Exception failure, string place) =>
        failure switch
        {
            PostgresException refused => (KindOf(refused.SqlState), $"SQLSTATE {refused.SqlState}: {refused.MessageText}{At(refused)}"),
            NpgsqlException or SocketException or IOException or TimeoutException or AuthenticationException => (
                FailureKinds.Network,
                $"PostgreSQL at {place}: {failure.GetBaseException().Message}"
            ),
            ArgumentException => (FailureKinds.Target, $"The target's /connection: {failure.Message}"),
            _ => (FailureKinds.Error, $"{failure.GetType().Name}: {failure.Message}"),
        };

    private static FailureKinds KindOf(string state) =>
        state switch
        {
            // The server goes, comes or is full: the connection is at fault, not the statement.
            ['0', '8', ..] or ['5', '7', 'P', ..] or "53300" or "25P03" or "25P04" => FailureKinds.Network,
            // User or password, database, schema, syntax, names, rights, what this server cannot do: the next attempt would find the same.
            ['2', '8', ..] or ['4', '2', ..] or "3D000" or "3F000" or "0A000" => FailureKinds.Target,
            _ => FailureKinds.Error,
        };

    private static string At(PostgresException refused) => refused.Position > 0 ? $" (at character {refused.Position})" : "";
}
