using SQLitePCL;

namespace Pontual.Storage.Database.Sqlite;

/// <summary>Says SQLite's error codes in words that name the file and the next step.</summary>
internal static class SqliteFailure
{
    public static DatabaseException Of(int code, string detail, string place)
    {
        // Extended codes carry the plain one in their low byte.
        var (fault, words) = (code & 0xFF) switch
        {
            raw.SQLITE_FULL => (
                DatabaseFault.Full,
                "the disk is full. Nothing of this write was kept; free space and it goes on by itself"
            ),
            raw.SQLITE_CORRUPT => (
                DatabaseFault.Corrupt,
                "the file is damaged. Stop Pontual, keep a copy, run 'sqlite3 FILE .recover' or restore a backup"
            ),
            raw.SQLITE_NOTADB => (DatabaseFault.Corrupt, "the file is not a SQLite database. Name another file, or move this one away"),
            raw.SQLITE_READONLY => (
                DatabaseFault.Permission,
                "it cannot be written. Let the user that runs Pontual write the file and its folder"
            ),
            raw.SQLITE_CANTOPEN => (
                DatabaseFault.Permission,
                "it cannot be opened. Make sure that its folder exists and that the user that runs Pontual may write there"
            ),
            raw.SQLITE_PERM or raw.SQLITE_AUTH => (
                DatabaseFault.Permission,
                "access was denied. Let the user that runs Pontual read and write the file and its folder"
            ),
            raw.SQLITE_IOERR => (DatabaseFault.Full, "the disk failed or is full. Nothing of this write was kept; look at the disk"),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => (
                DatabaseFault.Busy,
                "another program has held it locked for 10 seconds. Close what else has it open"
            ),
            raw.SQLITE_CONSTRAINT => (DatabaseFault.Constraint, "a constraint refused a row"),
            _ => (DatabaseFault.Other, "SQLite refused"),
        };
        return new DatabaseException(fault, $"Database {place}: {words} ({detail}, SQLite error {code}).");
    }
}
