using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Hosting;
using Pontual.Server.Composition;

namespace Pontual.Cli.Connection;

/// <summary>The API on a data folder that no server runs on, for the length of one command: on a free port of this machine, planning and running nothing.</summary>
/// <remarks>So that each verb has one way to work, whether a server runs or not.</remarks>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _temporary;

    private LocalServer(WebApplication app, Uri url, string token, string? temporary)
    {
        _app = app;
        _temporary = temporary;
        Url = url;
        Token = token;
    }

    public Uri Url { get; }

    public string Token { get; }

    /// <summary>Whether a folder holds a database.</summary>
    public static bool HasData(string data) => File.Exists(Path.Combine(data, "pontual.db"));

    /// <param name="data">The data folder.</param>
    /// <param name="postgres">Connection string of PostgreSQL; null for SQLite in the folder.</param>
    /// <param name="mayCreate">Whether a database that is not there yet is made.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<LocalServer> StartAsync(string data, string? postgres, bool mayCreate, CancellationToken cancellation)
    {
        if (!mayCreate && postgres is null && !HasData(data))
        {
            throw new CommandFailure(
                ExitCode.Unreachable,
                $"{data} holds no Pontual data and no server runs there. Name the right folder with --data DIR, a server with --server URL, or start one with 'pontual serve'."
            );
        }

        return await OpenAsync(data, postgres, temporary: null, cancellation);
    }

    /// <summary>The API on a temporary folder, gone with the command.</summary>
    public static Task<LocalServer> StartEmptyAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("pontual-").FullName;
        return OpenAsync(folder, postgres: null, temporary: folder, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private static async Task<LocalServer> OpenAsync(string data, string? postgres, string? temporary, CancellationToken cancellation)
    {
        var configuration = new ServerConfiguration
        {
            DataFolder = data,
            PostgreSql = postgres,
            Urls = ["http://127.0.0.1:0"],
            Roles = NodeRoles.Api,
        };
        var app = await ServerStart.PrepareAsync(configuration, [], LogLevel.None, cancellation);
        await ServerStart.StartAsync(app, cancellation);
        return new LocalServer(app, PontualServer.UrlOf(app), DiscoveryFile.Read(data)!.Token, temporary);
    }
}
