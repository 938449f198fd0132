namespace Pontual.Storage;

/// <summary>Where Pontual keeps its data: exactly one of the two.</summary>
public sealed class StorageOptions
{
    /// <summary>Path of the SQLite file, made if it is not there (with its folder); ":memory:" for a database that is gone with the process.</summary>
    public string? SqlitePath { get; set; }

    /// <summary>Connection string of a PostgreSQL 13 or later (Npgsql's format). All tables live in the schema <c>pontual</c>, or in the one named by <c>Search Path</c>.</summary>
    public string? PostgreSql { get; set; }

    /// <summary>Whether time goes by the clock of a PostgreSQL server, which all nodes share; default true. False for a clock that moves as a test says.</summary>
    public bool GoesByDatabaseClock { get; set; } = true;

    /// <summary>Whether nodes tell each other by LISTEN and NOTIFY what there is to do; without, they find it by polling. Behind a pooler that shares sessions it is off by itself. PostgreSQL only.</summary>
    public bool Notifications { get; set; } = true;

    /// <summary>How many times as fast as real time due times go (a test mode), 1 to 3,600; null for whatever the database has. Given to a fresh database,
    /// or equal to what it has.</summary>
    public int? Speed { get; set; }

    /// <summary>The instant by the schedules at which a fresh database begins; null for the real one. Only with <see cref="Speed"/>.</summary>
    public DateTimeOffset? Origin { get; set; }
}
