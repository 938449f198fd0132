using System.Diagnostics;
using Pontual.Storage.Database;

namespace Pontual.Cli.Doctor;

/// <summary>Looks whether the SQLite file of a data folder is whole.</summary>
internal static class DatabaseExam
{
    /// <summary>Above this a look takes longer than people wait.</summary>
    private const long Largest = 4L << 30;

    public static Symptom Look(string folder, bool whole)
    {
        var path = Path.Combine(folder, "pontual.db");
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return Symptom.Skip("database file", $"there is no {path}: the server keeps its data on PostgreSQL, or has none yet");
        }

        if (file.Length > Largest && !whole)
        {
            return Symptom.Skip("database file", $"{path} has {file.Length >> 30} GB: look at all of it with --full, in a quiet hour");
        }

        try
        {
            var began = Stopwatch.GetTimestamp();
            var faults = IntegrityStore.Check(path);
            return faults.Count == 0
                ? Symptom.Ok(
                    "database file",
                    $"{path} is whole ({file.Length >> 20} MB, looked at in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s by {IntegrityStore.SqliteVersion})"
                )
                : Symptom.Fail(
                    "database file",
                    $"{path} is damaged: {string.Join("; ", faults.Take(3))}",
                    "Stop the server, keep a copy of the file, and restore a backup; look at the disk."
                );
        }
        catch (DatabaseException refused)
        {
            return Symptom.Fail("database file", refused.Message, "Look at the file and its rights; restore a backup if it is damaged.");
        }
    }
}
