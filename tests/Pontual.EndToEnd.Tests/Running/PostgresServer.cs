using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Pontual.EndToEnd.Tests.Running;

/// <summary>A PostgreSQL server of a test's own, to be stopped, killed, held up and promoted. Gone, with its data, when it is disposed of.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private static readonly bool AsRoot = Environment.UserName == "root";

    private readonly string _folder;

    // In its file, not on its command line: the recovery that precedes winding a killed server back must know them too, or it throws away what is wound by.
    private static readonly string[] Settings =
    [
        "listen_addresses = '127.0.0.1'",
        "unix_socket_directories = ''",
        "fsync = off",
        "max_connections = 120",
        "wal_log_hints = on",
        "max_wal_size = 256MB",
        "wal_keep_size = 256MB",
        "log_min_messages = log",
    ];

    private PostgresServer(string folder, string name)
    {
        (_folder, Name, Port) = (folder, name, FreePort());
    }

    /// <summary>Its name as a standby.</summary>
    public string Name { get; }

    public int Port { get; }

    /// <summary>Where it is, without a password.</summary>
    public string Connection => $"Host=127.0.0.1;Port={Port};Username=pontual;Database=postgres";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes an empty one and starts it.</summary>
    public static async Task<PostgresServer> CreateAsync(string name = "one", params string[] settings)
    {
        var server = new PostgresServer(Place(), name);
        await server.RunAsync("initdb", "-D", server.Data, "-U", "pontual", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await File.AppendAllLinesAsync(Path.Combine(server.Data, "postgresql.conf"), [.. Settings, .. settings]);
        await server.StartAsync();
        return server;
    }

    /// <summary>Makes a standby of a running one and starts it.</summary>
    public static async Task<PostgresServer> StandbyOfAsync(PostgresServer primary, string name)
    {
        var server = new PostgresServer(Place(), name);
        await server.FollowAsync(primary);
        return server;
    }

    /// <summary>Starts it (again).</summary>
    public Task StartAsync() =>
        RunAsync("pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "server.log"), "-w", "-t", "60", "-o", $"-p {Port}", "start");

    /// <param name="mode">smart, fast or immediate.</param>
    public Task StopAsync(string mode) => RunAsync("pg_ctl", "-D", Data, "-m", mode, "-w", "-t", "60", "stop");

    /// <param name="mode">smart, fast or immediate.</param>
    public async Task RestartAsync(string mode)
    {
        await StopAsync(mode);
        await StartAsync();
    }

    /// <summary>Makes a standby the primary.</summary>
    public Task PromoteAsync() => RunAsync("pg_ctl", "-D", Data, "-w", "-t", "60", "promote");

    /// <summary>kill -9 of all its processes.</summary>
    public async Task KillAsync()
    {
        Signal(Signals.Kill);
        await Wait.ForAsync<object>(
            "end of the server",
            TimeSpan.FromSeconds(20),
            () => Task.FromResult<object?>(Pids().Count == 0 ? this : null)
        );
        File.Delete(Path.Combine(Data, "postmaster.pid"));
    }

    /// <summary>Holds all its processes up.</summary>
    public void Pause() => Signal(Signals.Stop);

    /// <summary>Lets them go on.</summary>
    public void Resume() => Signal(Signals.Continue);

    /// <summary>Throws its data away and makes it a standby of another one, by copying or by winding it back to where the two parted.</summary>
    public async Task FollowAsync(PostgresServer primary, bool rewinding = false)
    {
        var source = $"host=127.0.0.1 port={primary.Port} user=pontual dbname=postgres application_name={Name}";
        if (rewinding)
        {
            // Until its first checkpoint a promoted server says that it is on the timeline of before, and nothing would be wound back.
            await using var running = NpgsqlDataSource.Create($"{primary.Connection};Pooling=false");
            await using var checkpoint = running.CreateCommand("CHECKPOINT");
            await checkpoint.ExecuteNonQueryAsync();
            await RunAsync("pg_rewind", "--no-sync", "-D", Data, "--source-server", source);
        }
        else
        {
            if (Directory.Exists(Data))
            {
                Directory.Delete(Data, recursive: true);
            }

            await RunAsync("pg_basebackup", "-D", Data, "-d", source, "-X", "stream", "-c", "fast", "--no-sync");
        }

        await File.WriteAllTextAsync(Path.Combine(Data, "standby.signal"), "");
        await File.WriteAllTextAsync(Path.Combine(Data, "postgresql.auto.conf"), $"primary_conninfo = '{source}'\n");
        await OwnAsync(Path.Combine(Data, "standby.signal"));
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Resume();
        Signal(Signals.Kill);
        await Wait.ForAsync<object>(
            "end of the server",
            TimeSpan.FromSeconds(20),
            () => Task.FromResult<object?>(Pids().Count == 0 ? this : null)
        );
        Directory.Delete(_folder, recursive: true);
    }

    private static string Place()
    {
        var folder = Directory.CreateTempSubdirectory("pontual-pg-").FullName;
        if (AsRoot)
        {
            Process.Start("chown", [User, folder]).WaitForExit();
        }

        return folder;
    }

    private static async Task OwnAsync(string path)
    {
        if (AsRoot)
        {
            using var change = Process.Start("chown", [User, path]);
            await change.WaitForExitAsync();
        }
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        var path = PathOf(program);
        var start = AsRoot
            ? new ProcessStartInfo("runuser", ["-u", User, "--", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = _folder;
        // pg_ctl hands its streams on to the server: they go to a file, or nobody would ever see them end.
        var log = Path.Combine(_folder, "commands.log");
        var line = new ProcessStartInfo("/bin/sh", ["-c", "\"$@\" >>\"$0\" 2>&1", log, start.FileName, .. start.ArgumentList])
        {
            WorkingDirectory = _folder,
        };
        using var process = Process.Start(line)!;
        await process.WaitForExitAsync();
        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} → {process.ExitCode}\n{await File.ReadAllTextAsync(log)}"
        );
    }

    private static string PathOf(string program)
    {
        var folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            : Enumerable.Empty<string>();
        return folders.Select(folder => Path.Combine(folder, "bin", program)).FirstOrDefault(File.Exists) ?? program;
    }

    private void Signal(int signal)
    {
        foreach (var pid in Pids())
        {
            _ = Signals.Send(pid, signal);
        }
    }

    /// <summary>The server's main process, which is the first in the list, and its children.</summary>
    private List<int> Pids()
    {
        var all = Processes();
        var main = all.Where(process => process.Line.Contains($"-D\0{Data}\0", StringComparison.Ordinal))
            .Select(process => process.Pid)
            .ToList();
        return [.. main, .. all.Where(process => main.Contains(process.Parent)).Select(process => process.Pid)];
    }

    private static List<(int Pid, int Parent, string Line)> Processes()
    {
        var found = new List<(int, int, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[0] != "Z" && stat.Contains("postgres", StringComparison.Ordinal))
                {
                    var pid = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
                    found.Add((pid, int.Parse(fields[1], CultureInfo.InvariantCulture), File.ReadAllText(Path.Combine(folder, "cmdline"))));
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked.
            }
        }

        return found;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
