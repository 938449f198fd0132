using Pontual.Client;
using Pontual.Server.Composition;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Client;

/// <summary>A server of a test's own, and the typed client that talks to it.</summary>
public abstract class ClientTest : IAsyncLifetime, IDisposable
{
    private HttpClient _http = null!;

    private protected ApiHost Host { get; } = new();

    private protected Recorder Recorder { get; } = new();

    protected PontualClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        _http = new HttpClient(Recorder);
        Client = new PontualClient(Host.Url, Options());
    }

    public async Task DisposeAsync()
    {
        Dispose();
        await Host.DisposeAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        _http.Dispose();
        Recorder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected PontualClientOptions Options() =>
        new() { Token = DiscoveryFile.Read(Path.Combine(Host.Folder, "data"))!.Token, Http = _http };

    protected static JobDefinition Echo(string name) =>
        new()
        {
            Name = name,
            Target = new Target { Handler = new HandlerTarget("echo") },
        };
}
