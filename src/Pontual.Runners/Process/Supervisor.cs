using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace Pontual.Runners.Process;

/// <summary>A small process beside each node that outlives it: it kills what the node started once the node is dead, or stopped beyond its lease.</summary>
/// <remarks>
/// <code>
///   node ──pipe──► supervisor        "5000\n": my lease is good for 5 s more
///                                    end of pipe: I am dead
/// </code>
/// It needs no list of processes: all of them carry the node's mark (<c>NodeMark</c>), whatever became of their parents, sessions and environments.
/// </remarks>
public static class Supervisor
{
    /// <summary>The verb that the executable runs it under.</summary>
    public const string Verb = "internal-supervise";

    internal const string ByLimits = "limits";
    internal const string ByEnvironment = "environment";

    private const int LineRoom = 256;
    private const int CleanLooks = 3;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OverdueLook = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(10);

    /// <summary>Runs until the node is dead and all that it started is gone.</summary>
    /// <param name="arguments">What follows the verb: the node's mark, "limits" or "environment", and a folder to delete at the end.</param>
    /// <param name="input">The pipe from the node.</param>
    /// <param name="time">The clock that leases are measured by: monotonic.</param>
    /// <returns>The process's exit code: 0 when all is gone, 1 when something could not be killed, 2 when the arguments are wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Stream input, TimeProvider time)
    {
        if (arguments.Count != 3 || arguments[1] is not (ByLimits or ByEnvironment))
        {
            return 2;
        }

        using var stubborn = new Stubborn();
        var guard = new Guard(NodeMark.Parse(arguments[0]), arguments[1] == ByEnvironment, time);
        await guard.WatchAsync(input);
        var allGone = await guard.KillAllAsync();
        DeleteFolder(arguments[2]);
        return allGone ? 0 : 1;
    }

    private static void DeleteFolder(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A leftover in the temporary folder is the system's to sweep; there is nobody to tell.
        }
    }

    private sealed class Guard(NodeMark node, bool marksInEnvironment, TimeProvider time)
    {
        private readonly Lock _gate = new();

        // The node carries its own mark while it starts a process, and may be stopped in just that moment.
        private readonly int? _nodeItself = ProcessTable.ProcessEntry(Environment.ProcessId, marksInEnvironment)?.Parent;
        private long _heardAt;
        private TimeSpan? _lease;

        /// <summary>Listens until the pipe ends; meanwhile kills all while the lease is over.</summary>
        public async Task WatchAsync(Stream input)
        {
            var listening = Task.Run(() => ListenAsync(input));
            while (!listening.IsCompleted)
            {
                var left = LeaseLeft();
                if (left <= TimeSpan.Zero)
                {
                    KillOnce();
                }

                var wait = left is null || left > OverdueLook ? OverdueLook : left.Value;
                using var waiting = new CancellationTokenSource();
                await Task.WhenAny(listening, Task.Delay(wait > TimeSpan.Zero ? wait : OverdueLook, time, waiting.Token));
                await waiting.CancelAsync();
            }
        }

        /// <returns>False when something still lived after 10 s.</returns>
        public async Task<bool> KillAllAsync()
        {
            var start = time.GetTimestamp();
            for (var clean = 0; clean < CleanLooks; clean = KillOnce() ? 0 : clean + 1)
            {
                if (time.GetElapsedTime(start) > GiveUp)
                {
                    return false;
                }

                await Task.Delay(Look, time);
            }

            return true;
        }

        private TimeSpan? LeaseLeft()
        {
            lock (_gate)
            {
                return _lease - time.GetElapsedTime(_heardAt);
            }
        }

        private async Task ListenAsync(Stream input)
        {
            using var reader = new StreamReader(input, Encoding.ASCII, false, LineRoom);
            while (await reader.ReadLineAsync() is { } line)
            {
                if (Utf8Parser.TryParse(Encoding.ASCII.GetBytes(line), out long milliseconds, out _))
                {
                    lock (_gate)
                    {
                        (_heardAt, _lease) = (time.GetTimestamp(), TimeSpan.FromMilliseconds(milliseconds));
                    }
                }
            }
        }

        private bool KillOnce()
        {
            var living = ProcessTable
                .Read(marksInEnvironment)
                .WithDescendants(entry => node.IsOn(entry.Mark) && entry.Mark != node.Released && entry.Pid != _nodeItself)
                .FindAll(entry => entry.IsAlive && entry.Mark != node.Released && entry.Pid != _nodeItself);
            ProcessFamily.Kill(living);
            return living.Count > 0;
        }
    }

    /// <summary>Does not end with the node's terminal or service: whoever stops those stops the node, and the pipe tells.</summary>
    private sealed class Stubborn : IDisposable
    {
        private readonly PosixSignalRegistration[] _signals =
        [
            .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(signal =>
                PosixSignalRegistration.Create(signal, context => context.Cancel = true)
            ),
        ];

        public void Dispose() => Array.ForEach(_signals, signal => signal.Dispose());
    }
}
