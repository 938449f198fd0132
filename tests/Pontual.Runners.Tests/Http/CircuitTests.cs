using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Circuits;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Runners.Tests.Http;

/// <summary>The runner asks the circuits before each call and tells them what it came to.</summary>
public sealed class CircuitTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly HostileServer _server = new();
    private TestDatabase _database = null!;
    private ServiceProvider _services = null!;
    private HttpRig _rig = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Dialect.Sqlite, _time);
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton(_database.Circuits)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddPontualEngine()
            .BuildServiceProvider();
        _rig = new HttpRig(_time, _services.GetRequiredService<ICircuits>());
    }

    public async Task DisposeAsync()
    {
        _rig.Dispose();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact(
        DisplayName = "S5-10 a host that answers 5xx five times is not called any more, and costs no connection, until the probe after 60 s"
    )]
    public async Task A_broken_host_is_left_alone()
    {
        _server.On("/", HostileExchange.Text("503 Service Unavailable", ""));
        for (var i = 0; i < 5; i++)
        {
            (await FailAsync()).Kind.ShouldBe(FailureKinds.ServerError);
        }

        var refused = await FailAsync();
        _server.Connections.ShouldBe(5);
        _server.On("/", HostileExchange.Text("200 OK", ""));
        _time.Advance(TimeSpan.FromSeconds(60));
        var probe = await RunAsync();

        refused.Kind.ShouldBe(FailureKinds.CircuitOpen);
        refused.Message.ShouldBe(
            $"circuit open: http://127.0.0.1:{_server.Port} was not called, for HTTP 503; the next call may go at 12:01:00 UTC"
        );
        refused.RetryAfter.ShouldBe(TimeSpan.FromSeconds(60));
        probe.ShouldBeOfType<Outcome.Success>();
        (await RunAsync()).ShouldBeOfType<Outcome.Success>();
    }

    [Fact(DisplayName = "S5-10 a host where nobody listens opens its circuit, and other hosts are called")]
    public async Task A_host_that_is_away_is_left_alone()
    {
        _server.On("/", HostileExchange.Text("200 OK", ""));
        const string Away = """{"url": "http://127.0.0.1:1/"}""";
        for (var i = 0; i < 5; i++)
        {
            (await _rig.FailAsync(Away)).Kind.ShouldBe(FailureKinds.Network);
        }

        (await _rig.FailAsync(Away)).Message.ShouldStartWith("circuit open: http://127.0.0.1:1 was not called, for connection refused");
        (await RunAsync()).ShouldBeOfType<Outcome.Success>();
    }

    [Theory]
    [InlineData("400 Bad Request")]
    [InlineData("404 Not Found")]
    [InlineData("501 Not Implemented")]
    public async Task Refusals_say_that_the_host_is_there(string status)
    {
        _server.On("/", HostileExchange.Text(status, ""));
        for (var i = 0; i < 12; i++)
        {
            (await FailAsync()).Kind.ShouldNotBe(FailureKinds.CircuitOpen);
        }
    }

    [Theory(DisplayName = "S5-11 after 429 the host is not called before the time it named, in seconds or as a date")]
    [InlineData("30")]
    [InlineData("Mon, 09 Mar 2026 12:00:30 GMT")]
    public async Task A_429_is_obeyed(string wait)
    {
        _server.On("/", HostileExchange.Text("429 Too Many Requests", "", $"Retry-After: {wait}\r\n"));
        (await FailAsync()).RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        _server.On("/", HostileExchange.Text("200 OK", ""));

        var held = await RunAsync();
        _time.Advance(TimeSpan.FromSeconds(30));
        var after = await RunAsync();

        held.ShouldBeOfType<Outcome.Held>().Wait.ShouldBe(TimeSpan.FromSeconds(30));
        after.ShouldBeOfType<Outcome.Success>();
        _server.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_redirect_is_asked_for_at_the_host_it_points_to()
    {
        _server.On("/", HostileExchange.Text("302 Found", "", "Location: http://127.0.0.1:1/\r\n"));
        for (var i = 0; i < 5; i++)
        {
            (await FailAsync()).Kind.ShouldBe(FailureKinds.Network);
        }

        (await FailAsync()).Message.ShouldStartWith("circuit open: http://127.0.0.1:1 was not called");
        (await _database.Circuits.ListAsync(null, _time.GetUtcNow(), default)).ShouldHaveSingleItem().Key.Place.ShouldBe("127.0.0.1:1");
    }

    private Task<Outcome> RunAsync() => _rig.RunAsync($$"""{"url": "{{_server.Url("/")}}"}""");

    private async Task<Outcome.Failure> FailAsync() => (await RunAsync()).ShouldBeOfType<Outcome.Failure>();
}
