using Pontual.Bench.Postgres;

namespace Pontual.Bench.Cases;

/// <summary>One thing that can be measured by name.</summary>
internal interface ICase
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    string Summary { get; }

    /// <summary>Measured on PostgreSQL only: without <c>--postgres</c> it gets a server of its own.</summary>
    bool NeedsPostgres => false;

    /// <summary>Measures. Bounded in count and time; leaves nothing behind.</summary>
    Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options);
}

/// <summary>What every case may be told.</summary>
/// <param name="Postgres">Connection string of an empty database to measure on PostgreSQL; null for SQLite.</param>
internal sealed record BenchOptions(string? Postgres)
{
    /// <summary>Where further empty databases come from, for rounds that must not meet and for peers; null for SQLite.</summary>
    public PostgresServer? Server { get; init; }

    /// <summary>Where an engine keeps its files and leaves them at its end; null for a folder that goes with it.</summary>
    public string? Folder { get; init; }
}
