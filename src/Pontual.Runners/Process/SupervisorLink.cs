using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Pontual.Engine.Nodes;

namespace Pontual.Runners.Process;

/// <summary>The node's end of the pipe to its <see cref="Supervisor"/>, which is started with the first process target.</summary>
internal sealed class SupervisorLink(IReadOnlyList<string> command, TimeProvider time, ILogger logger) : ILeaseListener, IDisposable
{
    private const string ExecutableName = "pontual";

    private static readonly string[] Inherited = ["PATH", "HOME", "DOTNET_ROOT", "DOTNET_ROLL_FORWARD", "LD_LIBRARY_PATH"];

    /// <summary>What a node that lives takes to stop its processes itself; only then the supervisor does.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1.25);

    private readonly Lock _gate = new();
    private SafeFileHandle? _pipe;
    private RunningProcess? _process;
    private long _renewedAt;
    private TimeSpan? _lease;
    private bool _warned;

    /// <summary>How this program starts its own supervisor; empty when this is not the <c>pontual</c> executable.</summary>
    public static IReadOnlyList<string> DefaultCommand()
    {
        var program = Assembly.GetEntryAssembly();
        return program?.GetName().Name != ExecutableName || Environment.ProcessPath is not { } path ? []
            : Path.GetFileNameWithoutExtension(path) == ExecutableName ? [path, Supervisor.Verb]
            : [path, Path.Combine(AppContext.BaseDirectory, $"{ExecutableName}.dll"), Supervisor.Verb];
    }

    /// <summary>Starts the supervisor unless it runs.</summary>
    /// <param name="arguments">As <see cref="Supervisor.RunAsync"/> takes them.</param>
    public void Ensure(IReadOnlyList<string> arguments)
    {
        lock (_gate)
        {
            if (_process is { Exited.IsCompleted: false })
            {
                return;
            }

            if (command.Count == 0)
            {
                Warn("no command is set to start it with (ProcessOptions.SupervisorCommand)");
                return;
            }

            Start([.. command, .. arguments]);
        }
    }

    /// <inheritdoc/>
    public void Renewed(TimeSpan stopsAfter)
    {
        lock (_gate)
        {
            (_renewedAt, _lease) = (time.GetTimestamp(), stopsAfter + StopTime);
            Tell();
        }
    }

    /// <summary>Ends the supervisor, and with it whatever this node still runs.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _pipe?.Dispose();
        }
    }

    private void Start(IReadOnlyList<string> line)
    {
        _pipe?.Dispose();
        using var quiet = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var (read, write) = Pipes.Create();
        _pipe = write;
        using (read)
        {
            var launch = new Launch(line[0], line, SupervisorEnvironment(), "/");
            var error = Spawner.Start(launch, quiet, read, mark: null, static () => true, out var pid);
            if (error != 0)
            {
                Warn(Pipes.ErrorText(error));
                return;
            }

            _process = new RunningProcess(pid, new SafeFileHandle(-1, ownsHandle: false), _ => { });
        }

        Tell();
    }

    /// <summary>Where .NET is, and small heaps; nothing else of ours.</summary>
    private static List<string> SupervisorEnvironment() =>
        [
            "DOTNET_TieredPGO=0",
            "DOTNET_GCHeapHardLimit=4000000",
            "DOTNET_gcConcurrent=0",
            .. Inherited
                .Select(name => (name, value: Environment.GetEnvironmentVariable(name)))
                .Where(variable => variable.value is not null)
                .Select(variable => $"{variable.name}={variable.value}"),
        ];

    /// <summary>Tells how long the lease holds from now. A supervisor that does not read never holds the node up: the pipe does not block.</summary>
    private unsafe void Tell()
    {
        if (_pipe is { IsInvalid: false, IsClosed: false } pipe && _lease is { } lease)
        {
            var left = (long)(lease - time.GetElapsedTime(_renewedAt)).TotalMilliseconds;
            var line = Encoding.ASCII.GetBytes(left.ToString(CultureInfo.InvariantCulture) + "\n");
            fixed (byte* start = line)
            {
                _ = Posix.Write(pipe, start, (nuint)line.Length);
            }
        }
    }

    private void Warn(string why)
    {
        if (!_warned)
        {
            _warned = true;
            logger.NoSupervisor(why);
        }
    }
}
