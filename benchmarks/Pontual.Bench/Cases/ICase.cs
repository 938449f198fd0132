using Pontual.Bench.Postgres;

namespace Pontual.Bench.Cases;

/// <summary>One thing that can be measured by name.</summary>
internal interface ICase
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    string Summary { get; }

    /// <summary>What we aim at in it, a line each.</summary>
    IReadOnlyList<string> Aims { get; }

    /// <summary>Measured on PostgreSQL only: without <c>--postgres</c> it gets a server of its own.</summary>
    bool NeedsPostgres => false;

    /// <summary>Measures. Bounded in count and time; leaves nothing behind.</summary>
    Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options);
}

/// <summary>How much a case measures.</summary>
internal enum BenchSize
{
    /// <summary>What the aims speak of.</summary>
    Full,

    /// <summary>Less where a case is long, so that all of them take half an hour.</summary>
    Short,

    /// <summary>As little as shows that the case works; its figures mean nothing.</summary>
    Smoke,
}

/// <summary>What every case may be told.</summary>
/// <param name="Postgres">Connection string of an empty database to measure on PostgreSQL; null for SQLite.</param>
internal sealed record BenchOptions(string? Postgres)
{
    /// <summary>Where further empty databases come from, for rounds that must not meet and for peers; null for SQLite.</summary>
    public PostgresServer? Server { get; init; }

    /// <summary>Where an engine keeps its files and leaves them at its end; null for a folder that goes with it.</summary>
    public string? Folder { get; init; }

    /// <summary>How much is measured.</summary>
    public BenchSize Size { get; init; }

    /// <summary>The same on SQLite.</summary>
    public BenchOptions OnSqlite => this with { Postgres = null, Server = null };

    /// <summary>Rows of history to measure with (<c>PONTUAL_BENCH_ROWS</c>); null where nobody said.</summary>
    public int? Rows { get; } = int.TryParse(Environment.GetEnvironmentVariable("PONTUAL_BENCH_ROWS"), out var rows) ? rows : null;

    /// <summary>One of three numbers, by <see cref="Size"/>.</summary>
    public int Of(int full, int brief, int smoke) =>
        Size switch
        {
            BenchSize.Full => full,
            BenchSize.Short => brief,
            _ => smoke,
        };
}
