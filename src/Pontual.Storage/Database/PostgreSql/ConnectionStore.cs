using Npgsql;
using NpgsqlTypes;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>What is said to PostgreSQL about connections themselves.</summary>
internal static class ConnectionStore
{
    private const string WhichSession = "SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()";

    /// <summary>Whether a pooler stands between: it gives connections process ids of its own making.</summary>
    public static bool IsPooled(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)command.ExecuteScalar()! != connection.ProcessID;
    }

    /// <summary>Sets values for the session, or only until the end of the transaction.</summary>
    public static async Task SetAsync(
        NpgsqlConnection connection,
        (string Name, string Value)[] values,
        bool onlyForTransaction,
        CancellationToken cancellation
    )
    {
        await using var command = SetCommand(connection, values, onlyForTransaction);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>As <see cref="SetAsync"/>, on this thread alone.</summary>
    public static void Set(NpgsqlConnection connection, (string Name, string Value)[] values, bool onlyForTransaction)
    {
        using var command = SetCommand(connection, values, onlyForTransaction);
        command.ExecuteNonQuery();
    }

    /// <summary>Which session of the server's a connection has.</summary>
    public static async Task<ServerSession> SessionAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(WhichSession, connection);
        return new ServerSession(connection.ProcessID, (DateTime)(await command.ExecuteScalarAsync())!);
    }

    /// <summary>As <see cref="SessionAsync"/>, on this thread alone.</summary>
    public static ServerSession Session(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(WhichSession, connection);
        return new ServerSession(connection.ProcessID, (DateTime)command.ExecuteScalar()!);
    }

    /// <summary>Ends sessions of this user. A process id that another session has got meanwhile (the server was restarted) is left alone.</summary>
    /// <returns>How many of them were still there.</returns>
    public static async Task<int> EndAsync(NpgsqlConnection connection, ServerSession[] sessions, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE (pid, backend_start) IN (SELECT * FROM unnest(@processes, @starts))
                AND usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()
            """,
            connection
        );
        int[] processes = [.. sessions.Select(session => session.Process)];
        DateTime[] starts = [.. sessions.Select(session => session.Start)];
        command.Parameters.Add(new NpgsqlParameter("processes", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = processes });
        command.Parameters.Add(new NpgsqlParameter("starts", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = starts });
        return (int)(long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static NpgsqlCommand SetCommand(NpgsqlConnection connection, (string Name, string Value)[] values, bool onlyForTransaction)
    {
        var command = new NpgsqlCommand(
            $"SELECT {string.Join(", ", values.Select((_, index) => $"set_config(@name{index}, @value{index}, {onlyForTransaction})"))}",
            connection
        );
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters.Add(new NpgsqlParameter($"name{index}", NpgsqlDbType.Text) { Value = values[index].Name });
            command.Parameters.Add(new NpgsqlParameter($"value{index}", NpgsqlDbType.Text) { Value = values[index].Value });
        }

        return command;
    }
}

/// <summary>A session of the server's: process ids come back, with another start.</summary>
/// <param name="Process">Its process id.</param>
/// <param name="Start">When the server started it, by its own clock.</param>
internal readonly record struct ServerSession(int Process, DateTime Start);
