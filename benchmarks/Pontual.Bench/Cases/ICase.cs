namespace Pontual.Bench.Cases;

/// <summary>One thing that can be measured by name.</summary>
internal interface ICase
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    string Summary { get; }

    /// <summary>Measures. Bounded in count and time; leaves nothing behind.</summary>
    Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options);
}

/// <summary>What every case may be told.</summary>
/// <param name="Postgres">A connection string to measure on PostgreSQL; null for SQLite.</param>
internal sealed record BenchOptions(string? Postgres);
