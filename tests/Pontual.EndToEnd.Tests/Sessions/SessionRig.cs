using System.Diagnostics;
using System.Runtime.Versioning;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.Storage;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.EndToEnd.Tests.Sessions;

/// <summary>The wrapper of S3 with the sessions of its document, canal1 and canal2, and <c>pontual serve</c> that knows it by the document's two variables.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SessionRig : IAsyncDisposable
{
    private static readonly Statement AddChannel = new(
        """
        INSERT INTO channel (id, tenant, gateway, external_id, name, created_at, updated_at)
        VALUES (@id, 'default', 'wpp', @name, @name, @now, @now)
        """
    );

    private static readonly Statement AddSigns = new("INSERT INTO channel_signs (channel_id, inbound_at) VALUES (@id, @at)");

    private SessionRig(Folder folder, SimulatedGateway gateway) => (Folder, Gateway) = (folder, gateway);

    public static string Secret { get; } = SimulatedGateway.KeyOf(GatewayKind.Wrapper);

    public Folder Folder { get; }

    public SimulatedGateway Gateway { get; }

    public Uri Url => Gateway.UrlOf(GatewayKind.Wrapper);

    public Served Server { get; private set; } = null!;

    /// <summary>How often the gateway was asked for the code of a session.</summary>
    public int CodesOf(string session) => Gateway.Commands.Count(command => command.Session == session && command.Kind is CommandKind.Qr);

    /// <summary>Starts the gateway and the server.</summary>
    /// <param name="silentFor">Since when canal2 has received nothing; null for a database without channels.</param>
    /// <param name="more">Further arguments of the server.</param>
    public static async Task<SessionRig> StartAsync(TimeSpan? silentFor, params string[] more)
    {
        var gateway = await SimulatedGateway.StartAsync(new SimulationOptions { Time = TimeProvider.System }, CancellationToken.None);
        gateway.Add(GatewayKind.Wrapper, "canal1", "5511900000001");
        gateway.Add(GatewayKind.Wrapper, "canal2", "5511900000002");
        var rig = new SessionRig(new Folder(), gateway);
        if (silentFor is { } silence)
        {
            await rig.PrepareAsync(silence);
        }

        rig.Server = await Served.StartAsync(
            rig.Folder.Path,
            [("WPP_GATEWAY_BASE_URL", rig.Url.ToString()), ("WPP_GATEWAY_SECRET", Secret)],
            more
        );
        return rig;
    }

    /// <summary>Defines a gateway, usually as the document does.</summary>
    public Task<Answer> SetAsync(
        string name = "wpp",
        string url = "${env:WPP_GATEWAY_BASE_URL}",
        string secret = "${env:WPP_GATEWAY_SECRET}"
    ) => Server.DoAsync("gateway", "set", name, "--kind", "wrapper", "--url", url, "--secret", secret);

    /// <summary>Runs a line of a shell, as people paste it from the document.</summary>
    /// <returns>What it wrote.</returns>
    public static Task<string> ShellAsync(string line) => ShellAsync(line, Directory.GetCurrentDirectory(), []);

    /// <summary>Runs a line of a shell in a folder of the repository, where <c>pontual</c> is on the path and finds this server.</summary>
    /// <returns>What it wrote.</returns>
    public Task<string> ShellAsync(string line, string folder)
    {
        var (file, arguments) = Launcher.Usual.Line([]);
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder.Path, "bin")).FullName, "pontual");
        File.WriteAllText(program, $"#!/bin/sh\nexec {file} {string.Join(' ', arguments)} \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var path = $"{Path.GetDirectoryName(program)}:{Environment.GetEnvironmentVariable("PATH")}";
        return ShellAsync(line, Repository.Path(folder), [("PATH", path), ("PONTUAL_DATA", Folder.Path), ("HOME", Folder.Path)]);
    }

    private static async Task<string> ShellAsync(string line, string folder, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", line])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var shell = Process.Start(start)!;
        var written = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return written;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Gateway.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Nobody waits hours in a test: what is known of the past is written there.</summary>
    private async Task PrepareAsync(TimeSpan silence)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var database = await TestDatabase.OpenAsync(
            new StorageOptions { SqlitePath = Path.Combine(Folder.Path, "pontual.db") }
        );
        await database.Database.WriteAsync(
            async session =>
            {
                foreach (var (name, last) in new[] { ("canal1", now), ("canal2", now - silence) })
                {
                    var id = Guid.CreateVersion7(now);
                    await session.ExecuteAsync(AddChannel, ("id", id), ("name", name), ("now", now - silence));
                    await session.ExecuteAsync(AddSigns, ("id", id), ("at", last));
                }

                return true;
            },
            CancellationToken.None
        );
    }
}
