using Npgsql;
using NpgsqlTypes;

namespace Pontual.Runners.Sql;

/// <summary>What is said to a target's PostgreSQL before its statement.</summary>
internal static class SessionStore
{
    /// <summary>Sets values, in one round trip.</summary>
    /// <returns>False: for the session. True: only for the transaction that it was called in, since a pooler gives the session to others (it is known by the
    /// process ids of its own making that it gives to connections).</returns>
    public static async Task<bool> SetAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(string Name, string Value)> values,
        CancellationToken cancellation
    )
    {
        const string IsPooled = "pg_backend_pid() <> @process";
        await using var command = new NpgsqlCommand(
            $"SELECT {IsPooled}, {string.Join(", ", values.Select((_, index) => $"set_config(@name{index}, @value{index}, {IsPooled})"))}",
            connection
        );
        command.Parameters.Add(new NpgsqlParameter("process", NpgsqlDbType.Integer) { Value = connection.ProcessID });
        for (var index = 0; index < values.Count; index++)
        {
            command.Parameters.Add(new NpgsqlParameter($"name{index}", NpgsqlDbType.Text) { Value = values[index].Name });
            command.Parameters.Add(new NpgsqlParameter($"value{index}", NpgsqlDbType.Text) { Value = values[index].Value });
        }

        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
