using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pontual.Runners.Process;

/// <summary>Makes the ends that processes are connected by. None is inherited unless it is handed over.</summary>
internal static unsafe class Pipes
{
    /// <summary>A pipe whose writing end does not block.</summary>
    public static (SafeFileHandle Read, SafeFileHandle Write) Create()
    {
        var (read, write) = CreateBlocking();
        Posix.SetNonBlocking(write);
        return (read, write);
    }

    /// <summary>A pipe.</summary>
    /// <exception cref="IOException">There are too many open files.</exception>
    public static (SafeFileHandle Read, SafeFileHandle Write) CreateBlocking()
    {
        var ends = stackalloc int[2];
        return Posix.Pipe(ends, Posix.CloseOnExec) == 0
            ? (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true))
            : throw Problem();
    }

    /// <summary>A file in memory that holds a text, at its start.</summary>
    /// <exception cref="IOException">There is no memory or too many open files.</exception>
    public static SafeFileHandle Holding(string text)
    {
        const uint CloseOnExec = 1;
        var file = new SafeFileHandle(Posix.CreateMemoryFile("stdin", CloseOnExec), ownsHandle: true);
        if (file.IsInvalid)
        {
            throw Problem();
        }

        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                var written = Posix.Write(file, start, (nuint)bytes.Length);
                bytes = written > 0 ? bytes[(int)written..] : throw Problem();
            }
        }

        _ = Posix.Seek(file, 0, 0);
        return file;
    }

    /// <summary>The system's words for an error number.</summary>
    public static string ErrorText(int error) => new Win32Exception(error).Message;

    private static IOException Problem() => new(ErrorText(Marshal.GetLastPInvokeError()));
}
