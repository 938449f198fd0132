using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Events;
using Pontual.Server.Realtime;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Realtime;

/// <summary>The event log over a WebSocket, as a stream and by polling, on a real server.</summary>
public sealed class RealtimeTests : IAsyncLifetime
{
    private readonly ApiHost _host = new()
    {
        More = services =>
            services.AddSingleton(
                new RealtimePace
                {
                    Heartbeat = TimeSpan.FromMilliseconds(100),
                    Standing = TimeSpan.FromMilliseconds(50),
                    Tick = TimeSpan.FromMilliseconds(50),
                }
            ),
    };

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact(DisplayName = "S1-08 a WebSocket pushes what happens to runs, job by job")]
    public async Task A_socket_hears_what_it_subscribed_to()
    {
        await _host.DefineAsync("wanted");
        await _host.DefineAsync("other");
        await using var socket = await TestSocket.OpenAsync(_host, _host.Admin);
        var from = await socket.SubscribeAsync("\"job:wanted\"");

        await _host.EndedAsync(await _host.RunAsync("other"));
        var run = await _host.RunAsync("wanted");
        var events = await socket.ReadAsync(3);

        Assert.Equal(["run.queued", "run.started", "run.succeeded"], events.Select(news => news.GetProperty("kind").GetString()));
        Assert.All(events, news => Assert.Equal((run, "wanted", "runs"), (Text(news, "subject"), Text(news, "job"), Text(news, "topic"))));
        Assert.Equal(3, events[2].GetProperty("data").GetProperty("items_processed").GetInt32());
        var cursors = events.ConvertAll(CursorOf);
        Assert.Equal(cursors.Order(), cursors);
        Assert.True(cursors[0] > from);
    }

    [Fact(DisplayName = "S1-09 socket, stream and polling bring the same events, and each goes on where it stopped")]
    public async Task The_same_events_on_each_way()
    {
        await _host.DefineAsync("a");
        var from = (await _host.Admin.GetJsonAsync("/api/v1/events")).GetProperty("next_cursor").GetInt64();
        for (var i = 0; i < 3; i++)
        {
            await _host.EndedAsync(await _host.RunAsync("a"));
        }

        await using var socket = await TestSocket.OpenAsync(_host, _host.Admin);
        await socket.SubscribeAsync("\"*\"", from);
        var pushed = (await socket.ReadAsync(9)).ConvertAll(news => news.GetRawText());
        var polled = new List<string>();
        for (var after = from; polled.Count < 9; )
        {
            var page = await _host.Admin.GetJsonAsync($"/api/v1/events?after={after}&limit=2&wait=5");
            polled.AddRange(page.GetProperty("items").EnumerateArray().Select(news => news.GetRawText()));
            after = page.GetProperty("next_cursor").GetInt64();
        }

        var streamed = await StreamAsync($"/events?topics=runs&after={from}", null, 4);
        streamed.AddRange(await StreamAsync("/events?topics=runs", CursorOf(JsonElement.Parse(streamed[^1])), 5));
        Assert.Equal(pushed, polled);
        Assert.Equal(pushed, streamed);
    }

    [Fact]
    public async Task A_poll_waits_for_what_comes_and_answers_nothing_when_nothing_does()
    {
        await _host.DefineAsync("b");
        var none = await _host.Admin.GetJsonAsync("/api/v1/events?topics=job:b&wait=1");
        var waiting = _host.Admin.GetJsonAsync($"/api/v1/events?topics=job:b&after={none.GetProperty("next_cursor").GetInt64()}&wait=20");

        await _host.RunAsync("b");
        var page = await waiting;

        Assert.Empty(none.GetProperty("items").EnumerateArray());
        Assert.Equal("run.queued", Text(page.GetProperty("items")[0], "kind"));
    }

    [Fact]
    public async Task A_subscription_can_be_changed_and_quiet_ones_are_told_how_far_they_have_heard()
    {
        await using var socket = await TestSocket.OpenAsync(_host, _host.Admin, "/");
        await socket.SubscribeAsync("\"channels\"");
        await _host.DefineAsync("loud");
        var head = (await _host.Admin.GetJsonAsync("/api/v1/events")).GetProperty("next_cursor").GetInt64();

        while ((await socket.ReadAsync()).GetProperty("heartbeat").GetInt64() < head) { }

        await socket.SayAsync("""{"subscribe":["jobs"],"after":0}""");
        var first = await socket.ReadAsync(1);
        Assert.Equal(("job.created", "loud"), (Text(first[0], "kind"), Text(first[0], "subject")));
    }

    [Theory]
    [InlineData("nonsense", "not JSON")]
    [InlineData("""{"subscribe":"runs"}""", "no list")]
    [InlineData("""{"subscribe":["weather"]}""", "'weather' cannot be subscribed to")]
    [InlineData("""{"subscribe":["job:Not A Name"]}""", "cannot be subscribed to")]
    [InlineData("""{"subscribe":[],"after":-1}""", "'after' is no cursor")]
    [InlineData("""{"subscribe":[],"since":1}""", "'since' is not known")]
    public async Task What_it_does_not_understand_it_says_and_goes_on(string message, string why)
    {
        await using var socket = await TestSocket.OpenAsync(_host, _host.Admin);

        await socket.SayAsync(message);
        var problem = await socket.ReadAsync();

        Assert.Equal("urn:pontual:problem:bad-request", Text(problem, "problem"));
        Assert.Contains(why, Text(problem, "detail"), StringComparison.Ordinal);
        await socket.SubscribeAsync("\"runs\"");
    }

    [Fact]
    public async Task Who_comes_back_too_late_is_told_so_on_each_way()
    {
        await _host.DefineAsync("c");
        await _host.DefineAsync("d");
        await _host.App.Services.GetRequiredService<IEventStore>().PruneAsync(DateTimeOffset.MaxValue.AddDays(-1), 1, default);

        using var polled = await _host.Admin.GetAsync("/api/v1/events?after=0");
        using var streamed = await _host.Admin.GetAsync("/events?after=0");
        using var ahead = await _host.Admin.GetAsync("/api/v1/events?after=1000000");
        await using var socket = await TestSocket.OpenAsync(_host, _host.Admin);
        await socket.SayAsync("""{"subscribe":["*"],"after":0}""");
        var told = await socket.ReadAsync();

        Assert.All([polled, streamed, ahead], answer => Assert.Equal(HttpStatusCode.Gone, answer.StatusCode));
        var problem = await polled.JsonAsync();
        Assert.Equal("urn:pontual:problem:cursor-gone", Text(problem, "type"));
        Assert.Equal("urn:pontual:problem:cursor-gone", Text(told, "problem"));
        Assert.Equal(problem.GetProperty("oldest_cursor").GetInt64(), told.GetProperty("oldest_cursor").GetInt64());
        await socket.SubscribeAsync("\"*\"", told.GetProperty("oldest_cursor").GetInt64());
    }

    [Fact]
    public async Task A_tenant_hears_its_own_jobs_and_what_of_nodes_it_may_see()
    {
        var from = (await _host.Admin.GetJsonAsync("/api/v1/events")).GetProperty("next_cursor").GetInt64();
        using var shop = await TenantsTests.ClientOfAsync(_host, "shop", "admin");
        await _host.DefineAsync("ours");
        using var put = await shop.PutAsync(
            "/api/v1/jobs/theirs",
            ApiHost.Json("""{"name":"theirs","target":{"handler":{"name":"echo"}}}""")
        );
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());

        var seen = await shop.GetJsonAsync($"/api/v1/events?after={from}");
        var all = await shop.GetJsonAsync("/api/v1/events?after=0");
        var own = await _host.Admin.GetJsonAsync($"/api/v1/events?after={from}");

        Assert.Equal(["theirs"], seen.GetProperty("items").EnumerateArray().Select(news => Text(news, "job")));
        Assert.Equal(["ours"], own.GetProperty("items").EnumerateArray().Select(news => Text(news, "job")));
        Assert.Contains(all.GetProperty("items").EnumerateArray(), news => Text(news, "kind") == "node.joined");
    }

    [Fact]
    public async Task A_browser_sends_its_token_as_a_subprotocol_and_nobody_in_the_address()
    {
        var token = _host.Admin.DefaultRequestHeaders.Authorization!.Parameter!;
        using var browser = new ClientWebSocket();
        browser.Options.AddSubProtocol("pontual");
        browser.Options.AddSubProtocol($"pontual.bearer.{token}");
        using var wrong = new ClientWebSocket();
        wrong.Options.AddSubProtocol("pontual.bearer.pt_0000000000000000000000000000000000000000000");

        await browser.ConnectAsync(TestSocket.AddressOf(_host), default);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => wrong.ConnectAsync(TestSocket.AddressOf(_host), default));
        using var asked = await _host.Anonymous.GetAsync($"/api/v1/events?token={token}");
        using var plain = await _host.Admin.GetAsync("/ws");

        Assert.Equal("pontual", browser.SubProtocol);
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Equal(HttpStatusCode.UpgradeRequired, plain.StatusCode);
    }

    [Fact]
    public async Task A_revoked_token_ends_its_sockets_and_streams()
    {
        var made = await _host.Admin.PostJsonAsync("/api/v1/tokens", """{"name":"leaving","scope":"read"}""");
        using var client = _host.ClientOf(Text(made, "token"));
        await using var socket = await TestSocket.OpenAsync(_host, client);
        await socket.SubscribeAsync("\"runs\"");
        await using var stream = await client.GetStreamAsync("/events");

        using var revoked = await _host.Admin.DeleteAsync($"/api/v1/tokens/{Text(made, "id")}");
        while ((await socket.ReadAsync()).ValueKind is not JsonValueKind.Undefined) { }

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.Socket.CloseStatus);
        await stream.CopyToAsync(Stream.Null);
    }

    [Fact]
    public async Task A_stopping_server_lets_its_sockets_go_at_once()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        await using var socket = await TestSocket.OpenAsync(own.Host, own.Host.Admin);
        await socket.SubscribeAsync("\"nodes\"");

        await own.Host.App.StopAsync();

        while ((await socket.ReadAsync()).ValueKind is not JsonValueKind.Undefined) { }
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.Socket.CloseStatus);
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static long CursorOf(JsonElement news) => news.GetProperty("cursor").GetInt64();

    /// <summary>So many events of a stream, whose ids must be their cursors.</summary>
    private async Task<List<string>> StreamAsync(string path, long? last, int count)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", $"{last}");
        }

        using var answer = await _host.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (events, id) = (new List<string>(), "");
        while (events.Count < count)
        {
            var line = (await lines.ReadLineAsync())!;
            id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(line[6..]);
                Assert.Equal(id, $"{CursorOf(JsonElement.Parse(line[6..]))}");
            }
        }

        return events;
    }
}
