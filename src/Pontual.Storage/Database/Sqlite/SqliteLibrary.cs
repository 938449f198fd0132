using System.Runtime.InteropServices;

namespace Pontual.Storage.Database.Sqlite;

/// <summary>Chooses the native SQLite of this process, once: the system's where it is newer than the bundled one.</summary>
internal static class SqliteLibrary
{
    private const string Bundled = "e_sqlite3";

    // The native library of a process can be chosen only once, so this is the one thing that belongs to the process.
    private static readonly Lazy<string> Chosen = new(Choose);

    /// <summary>Loads the library if it is not loaded yet.</summary>
    /// <returns>"SQLite 3.40.1 (system)" or "SQLite 3.35.5 (bundled)".</returns>
    public static string Load() => Chosen.Value;

    private static string Choose()
    {
        var provider = typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly;
        var bundled = NativeLibrary.TryLoad(Bundled, provider, null, out var bundledHandle) ? VersionOf(bundledHandle) : 0;
        var system = NativeLibrary.TryLoad(SystemName(), out var systemHandle) ? VersionOf(systemHandle) : 0;
        var useSystem = system > bundled;
        if (useSystem)
        {
            NativeLibrary.SetDllImportResolver(provider, (name, _, _) => name == Bundled ? systemHandle : IntPtr.Zero);
        }

        SQLitePCL.Batteries_V2.Init();
        return $"SQLite {SQLitePCL.raw.sqlite3_libversion().utf8_to_string()} ({(useSystem ? "system" : "bundled")})";
    }

    private static string SystemName() =>
        OperatingSystem.IsWindows() ? "winsqlite3.dll"
        : OperatingSystem.IsMacOS() ? "/usr/lib/libsqlite3.dylib"
        : "libsqlite3.so.0";

    /// <summary>0 when the library cannot be used by several threads.</summary>
    private static int VersionOf(IntPtr library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_threadsafe", out var threadSafe)
        && NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var version)
        && Marshal.GetDelegateForFunctionPointer<NumberFunction>(threadSafe)() != 0
            ? Marshal.GetDelegateForFunctionPointer<NumberFunction>(version)()
            : 0;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int NumberFunction();
}
