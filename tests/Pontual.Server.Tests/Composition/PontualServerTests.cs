using System.Net;
using System.Net.Sockets;
using Pontual.Engine.Hosting;
using Pontual.Server.Composition;

namespace Pontual.Server.Tests.Composition;

public sealed class PontualServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-server-").FullName;

    private string Data => Path.Combine(_folder, "data");

    [Fact]
    public async Task The_discovery_file_tells_its_owner_alone_where_a_server_is_while_it_runs()
    {
        await using var app = PontualServer.Build(Configuration());
        await PontualServer.StartAsync(app, CancellationToken.None);

        var file = DiscoveryFile.Read(Data)!;
        using var client = new HttpClient { BaseAddress = file.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", file.Token);
        var status = (await client.GetAsync("/api/v1/tokens")).StatusCode;
        var modes = OperatingSystem.IsWindows()
            ? default
            : (File.GetUnixFileMode(Data), File.GetUnixFileMode(Path.Combine(Data, DiscoveryFile.Name)));
        await app.StopAsync();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Environment.ProcessId, file.Pid);
        Assert.Equal(
            (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, UnixFileMode.UserRead | UnixFileMode.UserWrite),
            modes
        );
        Assert.False(File.Exists(Path.Combine(Data, DiscoveryFile.Name)));
    }

    [Fact]
    public async Task Each_start_makes_another_local_token()
    {
        var tokens = new List<string>();
        for (var start = 0; start < 2; start++)
        {
            await using var app = PontualServer.Build(Configuration());
            await PontualServer.StartAsync(app, CancellationToken.None);
            tokens.Add(DiscoveryFile.Read(Data)!.Token);
            await app.StopAsync();
        }

        Assert.NotEqual(tokens[0], tokens[1]);
    }

    [Fact]
    public async Task The_operators_admin_token_lets_in()
    {
        var token = new string('k', 32);
        await using var app = PontualServer.Build(Configuration() with { AdminToken = token });
        await PontualServer.StartAsync(app, CancellationToken.None);
        using var client = new HttpClient { BaseAddress = PontualServer.UrlOf(app) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);

        var status = (await client.GetAsync("/api/v1/tokens")).StatusCode;
        await app.StopAsync();

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_taken_port_is_said_clearly_and_no_run_is_started()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        await using var app = PontualServer.Build(Configuration() with { Urls = [url] });

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => PontualServer.StartAsync(app, CancellationToken.None));

        Assert.Contains("--urls", refused.Message, StringComparison.Ordinal);
        Assert.Null(app.Services.GetService(typeof(PontualNode)) is PontualNode node ? node.NodeId : null);
    }

    [Fact]
    public async Task An_address_that_others_reach_needs_a_token_first()
    {
        var open = Configuration() with { Urls = ["http://0.0.0.0:0"] };
        await using var refusing = PontualServer.Build(open);
        await using var allowed = PontualServer.Build(open with { AdminToken = new string('k', 40) });

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => PontualServer.StartAsync(refusing, CancellationToken.None));
        await PontualServer.StartAsync(allowed, CancellationToken.None);
        await allowed.StopAsync();

        Assert.Contains("PONTUAL_ADMIN_TOKEN", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", "http://127.0.0.1:0", "PONTUAL_ADMIN_TOKEN")]
    [InlineData("has spaces in it although it is long enough", "http://127.0.0.1:0", "PONTUAL_ADMIN_TOKEN")]
    [InlineData(null, "127.0.0.1:8080", "http://HOST:PORT")]
    [InlineData(null, "https://127.0.0.1:8443", "http://HOST:PORT")]
    [InlineData(null, "http://127.0.0.1:8080/prefix", "http://HOST:PORT")]
    public void A_wrong_configuration_is_refused_before_anything_is_touched(string? token, string url, string says)
    {
        var configuration = Configuration() with { AdminToken = token, Urls = [url] };

        var refused = Assert.Throws<StartRefusedException>(() => PontualServer.Build(configuration));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_damaged_database_is_said_clearly()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "pontual.db"), string.Concat(Enumerable.Repeat("this is no database ", 500)));
        await using var app = PontualServer.Build(Configuration());

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => PontualServer.StartAsync(app, CancellationToken.None));

        Assert.Contains("pontual.db", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_the_api_role_answers_health_and_nothing_else()
    {
        await using var app = PontualServer.Build(Configuration() with { Roles = NodeRoles.Worker });
        await PontualServer.StartAsync(app, CancellationToken.None);
        using var client = new HttpClient { BaseAddress = PontualServer.UrlOf(app) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", DiscoveryFile.Read(Data)!.Token);

        var ready = (await client.GetAsync("/health/ready")).StatusCode;
        var jobs = (await client.GetAsync("/api/v1/jobs")).StatusCode;
        await app.StopAsync();

        Assert.Equal(HttpStatusCode.OK, ready);
        Assert.Equal(HttpStatusCode.NotFound, jobs);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ServerConfiguration Configuration() => new() { DataFolder = Data, Urls = ["http://127.0.0.1:0"] };
}
