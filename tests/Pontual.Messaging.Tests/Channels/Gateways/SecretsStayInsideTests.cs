using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways;

/// <summary>Secrets that are easy to recognize go through every connector and everything that can go wrong: nothing that comes out holds one.</summary>
public sealed class SecretsStayInsideTests
{
    private const string Key = "canary-key+/=&%\"<1>";
    private const string WebhookSecret = "canary-hook+/=&%\"<2>";
    private const string SessionKey = "canary-session+/=&%\"<3>";
    private const string HookKey = "canary-address-4";
    private static readonly WebhookWish Wish = new(new Uri($"https://pontual.example.com/hooks/{HookKey}"), WebhookSecret);

    public static TheoryData<GatewayKind> Kinds => [.. Connectors.Keys];

    private static Dictionary<GatewayKind, IGatewayConnector> Connectors { get; } =
        typeof(IGatewayConnector)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IGatewayConnector).IsAssignableFrom(type))
            .Select(type => (IGatewayConnector)Activator.CreateInstance(type)!)
            .ToDictionary(connector => connector.Kind);

    [Theory(DisplayName = "secrets stay inside when a gateway echoes all that it was told, with every status, in every form")]
    [MemberData(nameof(Kinds))]
    public async Task A_gateway_that_echoes_makes_no_secret_show(GatewayKind kind)
    {
        var logs = new LogBook();
        await using var rig = await LineRig.CreateAsync(logs: logs);
        await using var echo = await Echo.StartAsync();
        var told = new List<string>();
        foreach (var (status, isJson) in Echo.Ways)
        {
            (echo.Status, echo.IsJson) = (status, isJson);
            var address = new GatewayAddress(kind, new Uri(echo.Url), Key) { WebhookSecret = WebhookSecret, Account = "222" };
            var gateway = Connectors[kind].Open(rig.To(address));
            told.Add($"{address} {new SessionRef("one", SessionKey)} {Wish}");
            foreach (var session in new[] { new SessionRef("one"), new SessionRef("one", SessionKey) })
            {
                told.AddRange(await AllAsync(gateway, session));
            }
        }

        told.Count.ShouldBeGreaterThan(200);
        echo.Asked.ShouldBeGreaterThan(100);
        Leaks([.. told, .. logs.Lines], Key, WebhookSecret, SessionKey, HookKey).ShouldBeEmpty();
    }

    [Theory(DisplayName = "secrets stay inside with every fault of the simulated gateway")]
    [MemberData(nameof(Kinds))]
    public async Task No_fault_makes_a_secret_show(GatewayKind kind)
    {
        var (time, logs) = (new ManualTime(), new LogBook());
        await using var rig = await LineRig.CreateAsync(time, logs);
        await using var world = await SimulatedGateway.StartAsync(new SimulationOptions { Time = time }, CancellationToken.None);
        if (!world.Kinds.Contains(kind))
        {
            Assert.Fail($"nobody simulates {kind.Word()}");
        }

        var key = SimulatedGateway.KeyOf(kind);
        var address = new GatewayAddress(kind, world.UrlOf(kind), key)
        {
            WebhookSecret = WebhookSecret,
            Account = SimulatedGateway.CloudAccount,
        };
        var told = new List<string>();
        foreach (var fault in Enum.GetValues<FaultKind>().Except([FaultKind.Slow, FaultKind.ConnectStorm]))
        {
            var id = fault.Word();
            world.Add(kind, id, "5511999990000", new SimulatedWebhook(Wish.Url.ToString()) { Secret = WebhookSecret, IsEnabled = false });
            world.Find(kind, id)!.Apply(new Fault(fault));
            told.AddRange(await AllAsync(Connectors[kind].Open(rig.To(address)), new SessionRef(id)));
            world.Find(kind, id)!.End(fault);
        }

        told.Count.ShouldBeGreaterThan(200);
        Leaks([.. told, .. logs.Lines], key, WebhookSecret, HookKey).ShouldBeEmpty();
    }

    /// <summary>All that can be asked of a gateway, and what came of it in words.</summary>
    private static async Task<List<string>> AllAsync(Gateway gateway, SessionRef session)
    {
        var (sessions, messages) = gateway;
        var told = new List<string>();
        await TellAsync(async () => string.Join('\n', await sessions.ListAsync(default)));
        foreach (var step in sessions.Traits.Steps)
        {
            await TellAsync(async () =>
            {
                await sessions.CureAsync(session, step, SessionState.Stopped, Wish, default);
                return "cured";
            });
        }

        await TellAsync(async () => $"{await sessions.PairAsync(session, default)}");
        await TellAsync(async () => $"{await sessions.ProbeAsync(session, "5511999990000", default)}");
        await TellAsync(async () => $"{(await sessions.ReadWebhookAsync(session, default))?.IsEnabled}");
        await TellAsync(async () => $"{await messages.SendAsync(session, new OutgoingMessage("5511988887777", "oi"), default)}");
        var media = new OutgoingMedia(MediaKind.Image, "image/png", "a.png", null, new byte[] { 1 });
        await TellAsync(async () =>
            $"{await messages.SendAsync(session, new OutgoingMessage("5511988887777", "oi") { Media = media }, default)}"
        );
        await TellAsync(async () => $"{await messages.CheckNumberAsync(session, "5511988887777", default)}");
        await TellAsync(async () =>
            string.Join('\n', await messages.MessagesSinceAsync(session, DateTimeOffset.UnixEpoch.AddDays(1), 10, default))
        );
        await TellAsync(async () =>
        {
            await sessions.LogOutAsync(session, default);
            return "unpaired";
        });
        return told;

        async Task TellAsync(Func<Task<string>> ask)
        {
            try
            {
                told.Add(await ask());
            }
            catch (GatewayException trouble)
            {
                told.Add($"{trouble} {JsonSerializer.Serialize(trouble.Data)}");
            }
        }
    }

    /// <summary>What of the texts holds a secret: plain, percent-encoded, escaped in JSON, in base64 of both alphabets, or in hexadecimal digits.</summary>
    private static List<string> Leaks(IReadOnlyList<string> texts, params string[] secrets)
    {
        var forms = secrets
            .SelectMany(secret =>
            {
                var bytes = Encoding.UTF8.GetBytes(secret);
                return new[]
                {
                    secret,
                    Uri.EscapeDataString(secret),
                    JsonEncodedText.Encode(secret).ToString(),
                    Convert.ToBase64String(bytes).TrimEnd('='),
                    System.Buffers.Text.Base64Url.EncodeToString(bytes),
                    Convert.ToHexString(bytes),
                };
            })
            .ToList();
        return [.. texts.Where(text => forms.Exists(form => text.Contains(form, StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>Answers with all that it was told: the address, the headers and the body, and each secret in base64 and percent form.</summary>
    private sealed class Echo : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Echo(WebApplication app) => _app = app;

        public static IEnumerable<(int Status, bool IsJson)> Ways { get; } =
            new[] { 200, 201, 302, 400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503 }.SelectMany(status =>
                new[] { (status, true), (status, false) }
            );

        public string Url => _app.Urls.First();

        public int Status { get; set; }

        public bool IsJson { get; set; }

        public int Asked { get; private set; }

        public static async Task<Echo> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var echo = new Echo(builder.Build());
            echo._app.Run(echo.AnswerAsync);
            await echo._app.StartAsync();
            return echo;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            Asked++;
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            var path = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            var heard = $"{path} {string.Join(' ', context.Request.Headers.Values)} {body}";
            string[] known = [.. new[] { Key, SessionKey, WebhookSecret, HookKey }.Where(secret => Knows(heard, secret)).Select(Forms)];
            var said = $"{string.Join(' ', known)} {heard}";
            context.Response.StatusCode = Status;
            context.Response.ContentType = IsJson ? "application/json" : "text/html";

            // As many names as gateways have for what went wrong, and a token that is made.
            await context.Response.WriteAsync(
                IsJson
                    ? JsonSerializer.Serialize(
                        new
                        {
                            status = said,
                            error = new { code = 190, message = said },
                            message = said,
                            response = said,
                            token = Key,
                            success = false,
                        }
                    )
                    : $"<html>{said}</html>"
            );
        }

        /// <summary>A gateway can only tell what it was told.</summary>
        private static bool Knows(string heard, string secret) =>
            heard.Contains(secret, StringComparison.Ordinal)
            || Uri.UnescapeDataString(heard).Contains(secret, StringComparison.Ordinal)
            || heard.Contains(JsonEncodedText.Encode(secret).ToString(), StringComparison.Ordinal);

        private static string Forms(string secret) =>
            $"{secret} {Uri.EscapeDataString(secret)} {Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))}";
    }
}
