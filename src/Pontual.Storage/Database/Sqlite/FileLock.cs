using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Pontual.Storage.Database.Sqlite;

/// <summary>A lock between processes on a file of its own: who writes or checkpoints a SQLite file holds it.</summary>
/// <remarks>
/// SQLite 3.7.0 to 3.51.2 can lose committed pages when one connection checkpoints while another resets the WAL. Writers exclude each other
/// anyway, so that holding this around every write and checkpoint costs a system call and closes the gap. The kernel lets go when the process ends.
/// </remarks>
internal sealed partial class FileLock : IDisposable
{
    private const int Exclusive = 2;
    private const int Unlock = 8;
    private const int Interrupted = 4;

    /// <summary>Waits of a millisecond each before an error is believed.</summary>
    private const int Patience = 30_000;

    private readonly SafeFileHandle _file;
    private readonly FileStream? _windows;

    public FileLock(string path)
    {
        _file = Open(path);
        if (OperatingSystem.IsWindows())
        {
            _windows = new FileStream(_file, FileAccess.ReadWrite, bufferSize: 1);
        }
        else
        {
            // The runtime takes a shared lock of its own on opening.
            Flock(Unlock);
        }
    }

    /// <summary>Waits until nobody else has it.</summary>
    public void Enter()
    {
        if (OperatingSystem.IsWindows())
        {
            EnterOnWindows();
        }
        else
        {
            Flock(Exclusive);
        }
    }

    [SupportedOSPlatform("windows")]
    private void EnterOnWindows() => Retry(() => _windows!.Lock(0, 1));

    /// <summary>Lets the next one in.</summary>
    public void Exit()
    {
        if (OperatingSystem.IsWindows())
        {
            _windows!.Unlock(0, 1);
        }
        else
        {
            Flock(Unlock);
        }
    }

    public void Dispose()
    {
        _windows?.Dispose();
        _file.Dispose();
    }

    private static SafeFileHandle Open(string path)
    {
        SafeFileHandle? file = null;
        // The runtime's own shared lock is refused for the moment in which another process writes.
        Retry(() => file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));
        return file!;
    }

    private static void Retry(Action attempt)
    {
        var wait = new SpinWait();
        while (true)
        {
            try
            {
                attempt();
                return;
            }
            catch (IOException exception) when (exception.GetType() == typeof(IOException) && wait.Count < Patience)
            {
                wait.SpinOnce(sleep1Threshold: 1);
            }
        }
    }

    private void Flock(int operation)
    {
        while (Flock(_file, operation) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw new IOException($"The lock file beside the database cannot be locked (error {error}).");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
