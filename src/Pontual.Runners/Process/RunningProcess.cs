using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pontual.Runners.Process;

/// <summary>Waits for a process to end and reads what it prints, on a thread of its own.</summary>
/// <remarks>Not <see cref="System.Diagnostics.Process"/>: that knows neither sessions nor marks, and its reading never ends while a stray child holds the pipe.
/// It does not take our children's ends away: it asks for its own by number.</remarks>
internal sealed unsafe class RunningProcess
{
    private const int BufferBytes = 64 << 10;
    private const int StackBytes = 256 << 10;
    private const int PollMilliseconds = 20;
    private const int Forever = -1;
    private const int Interrupted = 4;

    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SafeFileHandle _pipe;
    private readonly SafeFileHandle _process;
    private SpanAction? _print;
    private volatile bool _enough;

    /// <param name="pid">A child of this process that nobody else waits for.</param>
    /// <param name="pipe">The end that reads what it prints; closed here.</param>
    /// <param name="print">Takes what it prints.</param>
    public RunningProcess(int pid, SafeFileHandle pipe, SpanAction print)
    {
        (Pid, _pipe, _print) = (pid, pipe, print);
        _process = Posix.OpenProcess(pid);
        new Thread(Watch, StackBytes) { IsBackground = true, Name = $"process {pid}" }.Start();
    }

    public delegate void SpanAction(ReadOnlySpan<byte> bytes);

    public int Pid { get; }

    /// <summary>How the process ended. Its output may go on: children may hold the pipe.</summary>
    public Task<ProcessExit> Exited => _exited.Task;

    /// <summary>All that was printed is read: nobody holds the pipe any more, or enough is enough.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Ends the reading once the process has ended, whoever still holds the pipe.</summary>
    public void StopReading() => _enough = true;

    private void Watch()
    {
        var buffer = new byte[BufferBytes];
        var entries = stackalloc Posix.PollEntry[2];
        var running = true;
        var open = true;
        while (running || (open && !_enough))
        {
            entries[0] = new() { Descriptor = open ? (int)_pipe.DangerousGetHandle() : -1, Events = Posix.PollIn };
            entries[1] = new()
            {
                Descriptor = running && !_process.IsInvalid ? (int)_process.DangerousGetHandle() : -1,
                Events = Posix.PollIn,
            };
            _ = Posix.Poll(entries, 2, running && !_process.IsInvalid ? Forever : PollMilliseconds);
            open = open && (entries[0].Happened == 0 || ReadSome(buffer));
            running = running && !((entries[1].Happened != 0 || _process.IsInvalid) && TryReap());
        }

        _pipe.Dispose();
        _process.Dispose();
        _drained.SetResult();
    }

    /// <returns>False when nothing more can come.</returns>
    private bool ReadSome(byte[] buffer)
    {
        nint read;
        fixed (byte* start = buffer)
        {
            read = Posix.Read((int)_pipe.DangerousGetHandle(), start, BufferBytes);
        }

        if (read <= 0)
        {
            return read < 0 && Marshal.GetLastPInvokeError() == Interrupted;
        }

        try
        {
            _print?.Invoke(buffer.AsSpan(0, (int)read));
        }
        catch (Exception)
        {
            // An output that breaks must not stop the process, nor take the node down with this thread.
            _print = null;
        }

        return true;
    }

    private bool TryReap()
    {
        var pid = Posix.Wait(Pid, out var status, Posix.NoHang);
        if (pid == 0 || (pid < 0 && Marshal.GetLastPInvokeError() == Interrupted))
        {
            return false;
        }

        _exited.SetResult(pid > 0 ? new ProcessExit(status) : ProcessExit.Unknown);
        return true;
    }
}
