using System.CommandLine;
using Pontual.Cli.Terminal;
using Pontual.Engine.Tenants;
using Pontual.Server.Composition;

namespace Pontual.Cli.Connection;

/// <summary>One command at work: where it writes, and the server it speaks to.</summary>
internal sealed class Session(ParseResult parsed) : IAsyncDisposable
{
    private ApiClient? _client;
    private LocalServer? _local;

    public Screen Screen { get; } = new(parsed.GetValue(GlobalOptions.Json));

    public ParseResult Parsed { get; } = parsed;

    /// <summary>The data folder of this command.</summary>
    public string Data { get; } = DataFolder.Of(parsed.GetValue(GlobalOptions.Data));

    /// <summary>Whether a server was reached; false where the command works on the data folder itself.</summary>
    public bool HasServer => _client is not null && _local is null;

    /// <summary>Whether the data folder of this command is the server's: none was named that is elsewhere.</summary>
    public bool IsOnThisMachine => NamedServer() is not { } named || Running()?.Url.Authority == named.Authority;

    /// <summary>Opens the way to a running server: the one that was named, or the one that runs on the data folder (or on the demo's).</summary>
    public Task<ApiClient> ConnectAsync(CancellationToken cancellation) => ConnectAsync(offline: false, mayCreate: false, cancellation);

    /// <summary>As <see cref="ConnectAsync(CancellationToken)"/>, and where no server runs, works on the data folder itself.</summary>
    /// <param name="mayCreate">Whether a data folder that is not there yet is made.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<ApiClient> ConnectOrOpenAsync(bool mayCreate, CancellationToken cancellation) =>
        ConnectAsync(offline: true, mayCreate, cancellation);

    /// <summary>As <see cref="ConnectAsync(CancellationToken)"/>, and where no server runs, asks an empty one: for questions that need no data.</summary>
    public async Task<ApiClient> ConnectAnywhereAsync(CancellationToken cancellation)
    {
        if (NamedServer() is not null || Running() is not null)
        {
            return await ConnectAsync(cancellation);
        }

        _local = await LocalServer.StartEmptyAsync(cancellation);
        return _client = new ApiClient(_local.Url, _local.Token, Tenant(), Parsed.GetValue(GlobalOptions.Why));
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_local is not null)
        {
            await _local.DisposeAsync();
        }
    }

    private async Task<ApiClient> ConnectAsync(bool offline, bool mayCreate, CancellationToken cancellation)
    {
        var token = Parsed.GetValue(GlobalOptions.Token) ?? Environment.GetEnvironmentVariable("PONTUAL_TOKEN");
        if (NamedServer() is { } named)
        {
            var known = Running() is { } here && here.Url.Authority == named.Authority ? here.Token : null;
            return _client = new ApiClient(named, token ?? known, Tenant(), Parsed.GetValue(GlobalOptions.Why));
        }

        var postgres = Parsed.GetValue(GlobalOptions.Postgres);
        if (postgres is null && Running() is { } running)
        {
            return _client = new ApiClient(running.Url, token ?? running.Token, Tenant(), Parsed.GetValue(GlobalOptions.Why));
        }

        if (!offline)
        {
            throw new CommandFailure(
                ExitCode.Unreachable,
                $"no server runs on {Data}. Start one with 'pontual serve', or name one with --server URL or its folder with --data DIR."
            );
        }

        _local = await LocalServer.StartAsync(mayCreate ? Data : FolderWithData(), postgres, mayCreate, cancellation);
        return _client = new ApiClient(_local.Url, _local.Token, Tenant(), Parsed.GetValue(GlobalOptions.Why));
    }

    /// <summary>Whose jobs the command is about; null for whose token it uses.</summary>
    private string? Tenant()
    {
        var name = Parsed.GetValue(GlobalOptions.Tenant) ?? Environment.GetEnvironmentVariable("PONTUAL_TENANT");
        return string.IsNullOrEmpty(name) || TenantName.TryParse(name, out _)
            ? name
            : throw CommandFailure.Usage($"'{name}' is not the name of a tenant: {TenantName.Rule}.");
    }

    private Uri? NamedServer()
    {
        var text = Parsed.GetValue(GlobalOptions.Server);
        var name = "--server";
        if (text is null)
        {
            (text, name) = (Environment.GetEnvironmentVariable("PONTUAL_SERVER"), "PONTUAL_SERVER");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return name == "--server"
                ? throw CommandFailure.Usage("--server is empty: give the address of a server, such as http://127.0.0.1:8080.")
                : null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw CommandFailure.Usage($"{name} '{text}' is not an address: use http://HOST:PORT or https://HOST[:PORT].");
    }

    /// <summary>The data folder; where none was named and it is empty, the demo's will do.</summary>
    private string FolderWithData() =>
        IsNamed || LocalServer.HasData(Data) || !LocalServer.HasData(DataFolder.OfDemo(null)) ? Data : DataFolder.OfDemo(null);

    private bool IsNamed => !string.IsNullOrWhiteSpace(Parsed.GetValue(GlobalOptions.Data));

    /// <summary>The server on the data folder; where no folder was named, the demo's will do.</summary>
    private DiscoveryFile? Running() => RunningServer.Find(Data) ?? (IsNamed ? null : RunningServer.Find(DataFolder.OfDemo(null)));
}
