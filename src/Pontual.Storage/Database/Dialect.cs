namespace Pontual.Storage.Database;

/// <summary>The databases Pontual speaks to.</summary>
public enum Dialect
{
    /// <summary>SQLite 3.35 or later, in this process.</summary>
    Sqlite,

    /// <summary>PostgreSQL 13 or later.</summary>
    PostgreSql,
}
