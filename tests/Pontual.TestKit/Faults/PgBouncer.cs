using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Pontual.TestKit.Faults;

/// <summary>A real PgBouncer in transaction mode in front of the tests' PostgreSQL; <c>./test</c> installs it.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private PgBouncer(Process process, DirectoryInfo folder, string connectionString) =>
        (_process, _folder, ConnectionString) = (process, folder, connectionString);

    /// <summary>How to reach the server through it.</summary>
    public string ConnectionString { get; }

    /// <param name="connectionString">The server's.</param>
    /// <param name="sessions">Sessions it shares among all its clients.</param>
    public static async Task<PgBouncer> StartAsync(string connectionString, int sessions)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var password = server.Password is { } secret ? $" password={secret}" : "";
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("pontual-pgbouncer-");
        var settings = Path.Combine(folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(
            settings,
            $"""
            [databases]
            {server.Database} = host={server.Host} port={server.Port} dbname={server.Database} user={server.Username}{password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = {sessions}
            max_client_conn = 200
            """
        );
        var isRoot = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;
        if (isRoot && !OperatingSystem.IsWindows())
        {
            // It refuses to run as root, and reads its settings as the user it becomes.
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(settings, (UnixFileMode)0b110_100_100);
        }

        string[] arguments = isRoot ? ["-q", "-u", "postgres", settings] : ["-q", settings];
        var process = Process.Start(new ProcessStartInfo(Program(), arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.BeginErrorReadLine();
        (server.Host, server.Port) = ("127.0.0.1", port);
        var bouncer = new PgBouncer(process, folder, server.ConnectionString);
        await Poll.UntilAsync(() => bouncer.Listens(port), Patience);
        return bouncer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Program() =>
        new[] { "/usr/sbin/pgbouncer", "/usr/local/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer" }.FirstOrDefault(
            File.Exists
        ) ?? throw new InvalidOperationException("PgBouncer was not found: run the tests by ./test, or install the package pgbouncer.");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private bool Listens(int port)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"PgBouncer ended with code {_process.ExitCode}.");
        }

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
