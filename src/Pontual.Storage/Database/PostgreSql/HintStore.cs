using Npgsql;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>LISTEN and NOTIFY.</summary>
internal static class HintStore
{
    private static readonly Statement Notify = new("SELECT 1 FROM (SELECT pg_notify(@channel, @payload)) AS sent");

    /// <summary>Tells all who listen, this process too.</summary>
    public static Task NotifyAsync(PontualDatabase database, string channel, string payload, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync(Notify, row => row.Int64(0), ("channel", channel), ("payload", payload)),
            cancellation
        );

    /// <summary>Has a connection's notifications raised.</summary>
    public static async Task ListenAsync(NpgsqlConnection connection, string channel, CancellationToken cancellation)
    {
        using var quoting = new NpgsqlCommandBuilder();
        await using var command = new NpgsqlCommand($"LISTEN {quoting.QuoteIdentifier(channel)}", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
