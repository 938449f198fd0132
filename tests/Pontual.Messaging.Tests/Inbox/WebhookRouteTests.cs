using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Inbox;
using Pontual.Server.Composition;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Messaging.Tests.Inbox;

/// <summary>Webhooks over real HTTP, on a server of their own.</summary>
public sealed class WebhookRouteTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-webhooks-").FullName;
    private WebApplication _app = null!;
    private HttpClient _admin = null!;
    private HttpClient _gateway = null!;

    public async Task InitializeAsync()
    {
        var configuration = new ServerConfiguration { DataFolder = _folder, Urls = ["http://127.0.0.1:0"] };
        _app = PontualServer.Build(
            configuration,
            services =>
            {
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
                services.RemoveAll<IGatewayConnector>();
                services.AddSingleton<IGatewayConnector, PlainConnector>();
                services.AddSingleton<IGatewayDirectory, OneGateway>();
            }
        );
        await PontualServer.StartAsync(_app, CancellationToken.None);
        _gateway = new HttpClient { BaseAddress = PontualServer.UrlOf(_app) };
        _admin = new HttpClient { BaseAddress = PontualServer.UrlOf(_app) };
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DiscoveryFile.Read(_folder)!.Token);
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        _gateway.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(
        DisplayName = "S3-06 a webhook is answered once it is kept, and read within a moment, also where a gateway appends the event to the address"
    )]
    public async Task A_webhook_is_taken()
    {
        using var plain = await SendAsync("webhooks/key-of-main", PlainConnector.Message("a", "1"));
        using var appended = await SendAsync("webhooks/key-of-main/messages-upsert", PlainConnector.Message("a", "2"));

        plain.StatusCode.ShouldBe(HttpStatusCode.OK);
        appended.StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntilAsync("read", 2);
    }

    [Fact(DisplayName = "S3-06 what could not be read is listed, shown and replayed over the API")]
    public async Task What_failed_is_shown_and_replayed()
    {
        await SendAsync("webhooks/key-of-main", "{ not json"u8.ToArray());
        await UntilAsync("failed", 1);

        var listed = (await GetAsync("api/v1/webhooks?state=failed&gateway=main")).GetProperty("items")[0];
        var shown = await GetAsync($"api/v1/webhooks/{listed.GetProperty("id").GetString()}");
        using var replay = await _admin.PostAsync(
            "api/v1/webhooks/replay",
            new StringContent("""{"state":"failed"}""", Encoding.UTF8, "application/json")
        );

        shown.GetProperty("payload").GetString().ShouldBe("{ not json");
        (await replay.Content.ReadAsStringAsync()).ShouldBe("""{"replayed":1}""");
        await Poll.UntilAsync(
            () =>
                GetAsync($"api/v1/webhooks/{listed.GetProperty("id").GetString()}")
                    .Result.GetProperty("webhook")
                    .GetProperty("tries")
                    .GetInt32() == 2,
            Patience
        );
    }

    [Fact]
    public async Task An_unknown_key_and_a_wrong_secret_are_told_apart()
    {
        using var unknown = await SendAsync("webhooks/another-key", PlainConnector.Message("a", "1"));
        using var wrong = await SendAsync("webhooks/key-of-main", PlainConnector.Message("a", "1"), "another-secret");

        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var kept = (await GetAsync("api/v1/webhooks")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        kept.GetProperty("state").GetString().ShouldBe("refused");
    }

    [Fact]
    public async Task Five_megabytes_are_taken_and_nine_are_not()
    {
        using var large = await SendAsync("webhooks/key-of-main", PlainConnector.Message("a", "1", new string('x', 5 << 20)));
        using var larger = await SendAsync("webhooks/key-of-main", PlainConnector.Message("a", "2", new string('x', 9 << 20)));

        large.StatusCode.ShouldBe(HttpStatusCode.OK);
        larger.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Metas_handshake_gets_its_challenge_back_for_the_right_token_only()
    {
        var token = WebhookAddress.VerifyTokenOf("key-of-main");

        using var right = await _gateway.GetAsync(
            $"webhooks/key-of-main?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444"
        );
        using var wrong = await _gateway.GetAsync(
            "webhooks/key-of-main?hub.mode=subscribe&hub.verify_token=guessed&hub.challenge=1158201444"
        );
        using var unknown = await _gateway.GetAsync($"webhooks/other?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444");

        (await right.Content.ReadAsStringAsync()).ShouldBe("1158201444");
        right.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, byte[] body, string secret = InboxRig.Secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Webhook-Secret", secret);
        // What is too large is refused before it is sent.
        request.Headers.ExpectContinue = body.Length > 1 << 20;
        return await _gateway.SendAsync(request);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _admin.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    private Task UntilAsync(string state, int count) =>
        Poll.UntilAsync(() => GetAsync($"api/v1/webhooks?state={state}").Result.GetProperty("items").GetArrayLength() == count, Patience);

    /// <summary>Knows one gateway by one key.</summary>
    private sealed class OneGateway : IGatewayDirectory
    {
        public ValueTask<GatewayEntry?> FindByKeyAsync(string key, CancellationToken cancellation) =>
            ValueTask.FromResult(key == "key-of-main" ? InboxRig.Gateway : null);
    }
}
