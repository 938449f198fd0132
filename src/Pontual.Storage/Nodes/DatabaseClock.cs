using Pontual.Engine.Clocks;
using Pontual.Storage.Database;

namespace Pontual.Storage.Nodes;

/// <summary>Reads the database's clock, where time goes by it, along with a statement that is sent anyway.</summary>
internal sealed class DatabaseClock(TimeProvider time)
{
    private static readonly Statement Now = new(postgreSql: "SELECT clock_timestamp()", sqlite: "SELECT @now");

    private readonly DatabaseTime? _shared = time as DatabaseTime;

    /// <summary>Asks for nothing but the clock.</summary>
    public async ValueTask ReadAsync(DatabaseSession session) => await ReadAsync(session, Now, ("now", time.GetUtcNow()));

    /// <summary>Runs a statement whose first column is the database's clock, and takes the reading.</summary>
    /// <returns>How many rows it answered.</returns>
    public async ValueTask<int> ReadAsync(DatabaseSession session, Statement statement, params (string Name, Value Value)[] values)
    {
        var asked = time.GetTimestamp();
        var said = await session.QueryAsync(statement, row => row.Instant(0), values);
        if (said.Count > 0)
        {
            _shared?.Take(said[0], asked, time.GetTimestamp());
        }

        return said.Count;
    }
}
