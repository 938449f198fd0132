using Pontual.Storage.Database.Sqlite;

namespace Pontual.Storage.Database;

/// <summary>Looks whether a database is whole, without changing it and beside a server that works on it.</summary>
public static class IntegrityStore
{
    /// <summary>Most faults that are told.</summary>
    private const int Most = 20;

    private static readonly Statement Quick = new($"PRAGMA quick_check({Most})");

    /// <summary>The library that reads SQLite files in this process: "SQLite 3.40.1 (system)".</summary>
    public static string SqliteVersion => SqliteLibrary.Load();

    /// <summary>Walks all pages of a SQLite file. Takes seconds for each gigabyte.</summary>
    /// <returns>What is wrong, at most 20 lines; empty when nothing is.</returns>
    /// <exception cref="DatabaseException">It cannot be opened or read, or is no database.</exception>
    public static IReadOnlyList<string> Check(string path)
    {
        using var connection = SqliteConnection.Open(path, readOnly: true);
        var lines = SqliteSession.Run(connection, session => session.QueryAsync(Quick, row => row.Text(0)));
        return lines is ["ok"] ? [] : lines;
    }
}
