using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Pontual.TestKit.Faults;

/// <summary>Stands on loopback between clients and a PostgreSQL (or any TCP server) and does to their connections what networks do. All may be called at any time, from anywhere.</summary>
/// <remarks>Give clients <see cref="ConnectionString"/>. Npgsql pools by connection string, so that each proxy has pools of its own.</remarks>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<ProxiedConnection, bool> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile EndPoint _server;
    private volatile CommitCut? _cut;
    private volatile TaskCompletionSource? _hole;
    private volatile bool _refuses;
    private long _latencyTicks;
    private int _bytesPerSecond;
    private int _accepted;

    private FaultProxy(EndPoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The server's connection string with this proxy's address in place of its own; "" for a server of another kind.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Connections that are open now.</summary>
    public int Open => _open.Count;

    /// <summary>Connections taken since the start.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Added to everything, in each direction: an answer comes twice this later. Zero for none.</summary>
    public TimeSpan Latency
    {
        get => new(Interlocked.Read(ref _latencyTicks));
        set => Interlocked.Exchange(ref _latencyTicks, value.Ticks);
    }

    /// <summary>Most bytes a second of each connection and direction; 0 for no limit.</summary>
    public int BytesPerSecond
    {
        get => Volatile.Read(ref _bytesPerSecond);
        set => Volatile.Write(ref _bytesPerSecond, value);
    }

    /// <summary>A proxy in front of the PostgreSQL of a connection string (its first host).</summary>
    public static FaultProxy InFrontOf(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var host = settings.Host!.Split(',')[0];
        var proxy = new FaultProxy(Server(host, settings.Port));
        (settings.Host, settings.Port) = ("127.0.0.1", proxy.Port);
        proxy.ConnectionString = settings.ConnectionString;
        return proxy;
    }

    /// <summary>A proxy in front of any TCP server.</summary>
    public static FaultProxy InFrontOf(string host, int port) => new(Server(host, port));

    /// <summary>Where new connections go from now on: a server that took over, say. Open ones stay where they are.</summary>
    public void PointTo(string host, int port) => _server = Server(host, port);

    /// <summary>Resets every open connection. New ones are taken.</summary>
    /// <returns>How many there were.</returns>
    public int Reset()
    {
        var open = _open.Keys.ToList();
        open.ForEach(connection => connection.Reset());
        return open.Count;
    }

    /// <summary>Resets every open connection, and new ones as soon as they come, until <see cref="Heal"/>: the server is gone.</summary>
    public void Refuse()
    {
        _refuses = true;
        Reset();
    }

    /// <summary>From now until <see cref="Heal"/> nothing comes through and nobody is told: connections stay open and silent, new ones too. What was sent meanwhile arrives after the healing.</summary>
    public void BlackHole() => _hole ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The next COMMIT that a client sends through here is never answered: its connection is reset instead.</summary>
    /// <param name="happens">True: the server commits, and only its answer is lost. False: the COMMIT never reaches the server.</param>
    /// <param name="keepsServer">True: only the client's side breaks; the server learns nothing and goes on waiting.</param>
    /// <returns>Completes when it happened (never, when no COMMIT comes).</returns>
    public Task CutNextCommit(bool happens = true, bool keepsServer = false)
    {
        var cut = new CommitCut(happens, keepsServer);
        _cut = cut;
        return cut.Done.Task;
    }

    /// <summary>Ends every fault. Connections that were reset stay so.</summary>
    public void Heal()
    {
        _refuses = false;
        _cut = null;
        Latency = TimeSpan.Zero;
        BytesPerSecond = 0;
        Interlocked.Exchange(ref _hole, null)?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Heal();
        _refuses = true;
        Reset();
        await _accepting;
        _stop.Dispose();
    }

    /// <summary>Holds back what goes by for as long as the faults that are set say.</summary>
    internal async Task HoldAsync(int bytes, CancellationToken cancellation)
    {
        if (Latency is { Ticks: > 0 } latency)
        {
            await Task.Delay(latency, TimeProvider.System, cancellation);
        }

        if (BytesPerSecond is > 0 and var limit)
        {
            await Task.Delay(TimeSpan.FromSeconds((double)bytes / limit), TimeProvider.System, cancellation);
        }

        while (_hole is { } hole)
        {
            await hole.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Takes the fault that waits for a COMMIT: only one connection meets it.</summary>
    internal CommitCut? TakeCut() => Interlocked.Exchange(ref _cut, null);

    private static EndPoint Server(string host, int port) =>
        IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                var connection = new ProxiedConnection(this, client);
                _open.TryAdd(connection, true);
                _ = RunAsync(connection);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
        }
    }

    private async Task RunAsync(ProxiedConnection connection)
    {
        if (!_refuses)
        {
            await connection.RunAsync(_server, _stop.Token);
        }

        connection.Reset();
        _open.TryRemove(connection, out _);
    }
}

/// <summary>A connection to be broken at its next COMMIT.</summary>
internal sealed record CommitCut(bool Happens, bool KeepsServer)
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
