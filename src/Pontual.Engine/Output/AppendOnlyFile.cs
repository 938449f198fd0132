using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pontual.Engine.Output;

/// <summary>Appends so that writers in several processes never overwrite each other.</summary>
/// <remarks>.NET's <see cref="FileMode.Append"/> seeks to the end once; on Linux the kernel's own append mode is used instead. <c>O_NONBLOCK</c> keeps a
/// pipe that nobody reads from hanging the open; for files it means nothing.</remarks>
internal static partial class AppendOnlyFile
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int AppendMode = 0x400;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoSuchEntry = 2;
    private const int Interrupted = 4;

    /// <summary>All may read and write but for what the umask takes away, as a shell's redirection does.</summary>
    private const int Mode = 0b110_110_110;

    /// <exception cref="DirectoryNotFoundException">The folder is missing.</exception>
    /// <exception cref="IOException">Anything else; the message is the system's.</exception>
    public static void Append(string path, ReadOnlySpan<byte> bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            AppendOnLinux(path, bytes);
            return;
        }

        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.Write(bytes);
    }

    private static void AppendOnLinux(string path, ReadOnlySpan<byte> bytes)
    {
        if (path.Contains('\0'))
        {
            throw new IOException("the path contains NUL");
        }

        using var file = new SafeFileHandle(
            Open(path, WriteOnly | Create | AppendMode | NonBlocking | CloseOnExec, Mode),
            ownsHandle: true
        );
        if (file.IsInvalid)
        {
            throw Problem(Marshal.GetLastPInvokeError());
        }

        while (!bytes.IsEmpty)
        {
            var written = WriteTo(file, bytes, (nuint)bytes.Length);
            if (written < 0 && Marshal.GetLastPInvokeError() is not Interrupted and var error)
            {
                throw Problem(error);
            }

            bytes = bytes[(int)Math.Max(0, written)..];
        }
    }

    private static IOException Problem(int error)
    {
        var words = new Win32Exception(error).Message;
        return error == NoSuchEntry ? new DirectoryNotFoundException(words) : new IOException(words);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint count);
}
