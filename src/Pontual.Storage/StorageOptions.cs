namespace Pontual.Storage;

/// <summary>Where Pontual keeps its data: exactly one of the two.</summary>
public sealed class StorageOptions
{
    /// <summary>Path of the SQLite file, made if it is not there (with its folder); ":memory:" for a database that is gone with the process.</summary>
    public string? SqlitePath { get; set; }

    /// <summary>Connection string of a PostgreSQL 13 or later (Npgsql's format). All tables live in the schema <c>pontual</c>, or in the one named by <c>Search Path</c>.</summary>
    public string? PostgreSql { get; set; }
}
