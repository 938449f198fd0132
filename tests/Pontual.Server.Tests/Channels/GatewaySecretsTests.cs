using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.Server.Tests.Api;
using Pontual.TestKit;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Server.Tests.Channels;

/// <summary>The keys of gateways and what their webhooks are signed with, through the whole server with gateways that work and gateways that tell all they hear:
/// found in no answer, log, audit entry, webhook, run, export, metric or trace, and nowhere on disk.</summary>
public sealed class GatewaySecretsTests : IAsyncLifetime
{
    private const string Key = "canary-key+/=&%\"<1>";
    private const string WebhookSecret = "canary-hook+/=&%\"<2>";
    private const string Literal = "canary-literal-3";

    // What is read at the end, when everything has happened.
    private static readonly string[] Reads =
    [
        "gateways",
        "channels",
        "session-check",
        "webhooks",
        "audit",
        "events",
        "export",
        "circuits",
        "runs",
        "jobs",
        "jobs/check",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-gateway-secrets-").FullName;
    private readonly LogBook _lines = new();
    private readonly List<string> _told = [];
    private OtlpCollector _collector = null!;
    private EchoGateway _echo = null!;
    private SimulatedGateway _simulated = null!;
    private ApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _echo = await EchoGateway.StartAsync();
        _simulated = await SimulatedGateway.StartAsync(new SimulationOptions { Time = TimeProvider.System }, CancellationToken.None);
        _host = new ApiHost
        {
            Change = usual => usual with { Otlp = _collector.Url },
            More = services =>
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddFilter(null, LogLevel.Trace).AddProvider(_lines)),
        };
        await _host.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _simulated.DisposeAsync();
        await _echo.DisposeAsync();
        await _collector.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(
        DisplayName = "Secrets of gateways are found nowhere: API, log, audit, webhooks, output of runs, export, metrics, traces, disk, in any form"
    )]
    public async Task Secrets_are_found_nowhere()
    {
        var keys = new List<string>();
        foreach (var kind in _simulated.Kinds)
        {
            _simulated.Add(kind, kind is GatewayKind.CloudApi ? "10001" : $"one-{kind.Word()}", $"551199999{(int)kind}001");
            keys.Add(await DefineAsync($"echo-{kind.Word()}", kind, _echo.Url, Key));
            keys.Add(await DefineAsync($"sim-{kind.Word()}", kind, _simulated.UrlOf(kind).ToString(), SimulatedGateway.KeyOf(kind)));
        }

        await RefusedAsync();
        await ActAsync();
        for (var at = 0; at < keys.Count; at++)
        {
            await TellAsync(keys[at], at % 2 == 0 ? Key : SimulatedGateway.KeyOf(_simulated.Kinds.ElementAt(at / 2)));
        }

        await ReadAllAsync();
        var data = Path.Combine(_host.Folder, "data");
        var onDisk = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Select(ReadShared).ToList();
        var address = Uri.UnescapeDataString(keys[0]);
        await _host.DisposeAsync();

        string[] traced = [.. _collector.Spans.SelectMany(span => span.Texts.Values.Append(span.Name)), .. _collector.Logs];
        string[] canaries = [Key, WebhookSecret, Literal, .. _simulated.Kinds.Select(SimulatedGateway.KeyOf)];
        string[] everything = [.. _told, .. _lines.Lines, .. traced, .. _collector.Metrics, .. onDisk];
        Leaks(everything, canaries).ShouldBeEmpty();
        Leaks([.. _told.Where(text => !text.Contains("webhook_url", StringComparison.Ordinal)), .. traced], address).ShouldBeEmpty();
        _echo.Asked.ShouldBeGreaterThan(10);
        _told.Count.ShouldBeGreaterThan(80);
        traced.ShouldNotBeEmpty();
        _lines.Lines.ShouldContain(line => line.Contains("check", StringComparison.OrdinalIgnoreCase));
    }

    /// <returns>The key in the address of its webhooks.</returns>
    private async Task<string> DefineAsync(string name, GatewayKind kind, string url, string secret)
    {
        var gateway = new Dictionary<string, object>
        {
            ["name"] = name,
            ["kind"] = kind.Word(),
            ["url"] = url,
            ["secret"] = Reference($"{name}-key", secret),
            ["webhook-secret"] = Reference($"{name}-hook", WebhookSecret),
        };
        if (kind is GatewayKind.CloudApi)
        {
            gateway["account"] = SimulatedGateway.CloudAccount;
        }

        using var answer = await _host.Admin.PutAsync($"/api/v1/gateways/{name}", ApiHost.Json(JsonSerializer.Serialize(gateway)));
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        _told.Add(text);
        return JsonElement.Parse(text).GetProperty("webhook_url").GetString()!.Split('/')[^1];
    }

    private string Reference(string name, string secret)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, secret);
        return $"${{file:{path}}}";
    }

    /// <summary>A key in the place of a reference to it is refused, and not repeated.</summary>
    private async Task RefusedAsync()
    {
        foreach (var body in new[] { $"\"{Literal}\"", $"[\"{Literal}\"]", $"\"x${{env:{Literal}", $"\"${{env:A}}{Literal}\"" })
        {
            await SendAsync(
                HttpMethod.Put,
                "gateways/literal",
                $$"""{"name":"literal","kind":"waha","url":"http://u:{{Literal}}@h","secret":{{body}}}"""
            );
        }
    }

    /// <summary>All that can be done with gateways and channels.</summary>
    private async Task ActAsync()
    {
        await _host.DefineAsync("check", "check-sessions");
        foreach (var gateway in await NamesAsync("gateways"))
        {
            await SendAsync(HttpMethod.Post, $"gateways/{gateway}/test");
        }

        await SendAsync(HttpMethod.Post, "session-check", """{"dry_run":true}""");
        await SendAsync(HttpMethod.Post, "session-check", """{"silent_hours":1}""");
        foreach (var channel in await NamesAsync("channels"))
        {
            await SendAsync(HttpMethod.Post, $"channels/{channel}/cure");
            await SendAsync(HttpMethod.Get, $"channels/{channel}/pairing");
            await SendAsync(HttpMethod.Get, $"channels/{channel}/outages");
            await SendAsync(HttpMethod.Get, $"channels/{channel}");
            await SendAsync(HttpMethod.Post, $"channels/{channel}/logout");
        }

        var run = await _host.RunAsync("check");
        await _host.EndedAsync(run);
        await SendAsync(HttpMethod.Get, $"runs/{run}");
        await SendAsync(HttpMethod.Get, $"runs/{run}/output");
    }

    /// <summary>A webhook that carries the gateway's key and the agreed secret wherever gateways put them: well signed or not, readable or not.</summary>
    private async Task TellAsync(string address, string key)
    {
        var net = JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["event"] = "x",
                ["apikey"] = key,
                ["secret"] = WebhookSecret,
            }
        );
        var plain = key.Replace("\"", "\\\"", StringComparison.Ordinal);
        var php = plain.Replace("/", "\\/", StringComparison.Ordinal);
        string[] bodies =
        [
            net,
            $$"""{"event":"x","apikey":"{{plain}}","php":"{{php}}"}""",
            $"no json {key} {Uri.EscapeDataString(key)} {Convert.ToBase64String(Encoding.UTF8.GetBytes(key))}",
        ];
        foreach (var body in bodies)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/{address}/more") { Content = ApiHost.Json(body) };
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {WebhookSecret}");
            request.Headers.TryAddWithoutValidation("X-Gateway-Secret", WebhookSecret);
            request.Headers.TryAddWithoutValidation("apikey", key);
            using var answer = await _host.Anonymous.SendAsync(request);
            _told.Add(await answer.Content.ReadAsStringAsync());
        }
    }

    private async Task ReadAllAsync()
    {
        foreach (var path in Reads)
        {
            await SendAsync(HttpMethod.Get, path);
        }

        foreach (var path in new[] { "/health", "/health/jobs", "/health/circuits", "/health/alerts", "/metrics" })
        {
            using var answer = await _host.Admin.GetAsync(path);
            _told.Add(await answer.Content.ReadAsStringAsync());
        }

        var webhooks = (await _host.Admin.GetJsonAsync("/api/v1/webhooks?limit=100")).GetProperty("items").EnumerateArray().ToList();
        webhooks.Count.ShouldBeGreaterThan(10);
        foreach (var webhook in webhooks)
        {
            await SendAsync(HttpMethod.Get, $"webhooks/{webhook.GetProperty("id").GetString()}");
        }
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string path) =>
        [
            .. (await _host.Admin.GetJsonAsync($"/api/v1/{path}"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(item => item.GetProperty("name").GetString()!),
        ];

    private async Task SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = body is null ? null : ApiHost.Json(body) };
        using var answer = await _host.Admin.SendAsync(request);
        _told.Add($"{method} {path} {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Bytes as they are: a database and its log are no text.</summary>
    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return $"{file} {Encoding.Latin1.GetString(bytes.ToArray())}";
    }

    /// <summary>Where a secret is found: plain, percent-encoded, escaped in JSON, in base64 of both alphabets, or in hexadecimal digits.</summary>
    private static List<string> Leaks(IReadOnlyList<string> texts, params IReadOnlyList<string> secrets)
    {
        var found = new List<string>();
        foreach (var secret in secrets)
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            string[] forms =
            [
                secret,
                Uri.EscapeDataString(secret),
                JsonEncodedText.Encode(secret).ToString(),
                secret.Replace("\"", "\\\"", StringComparison.Ordinal),
                secret.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal),
                Convert.ToBase64String(bytes).TrimEnd('='),
                Base64Url.EncodeToString(bytes),
                Convert.ToHexString(bytes),
            ];
            found.AddRange(
                from text in texts
                let at = forms.Select(form => text.IndexOf(form, StringComparison.OrdinalIgnoreCase)).Max()
                where at >= 0
                select Printable(
                    $"{secret} in: {text[..Math.Min(60, text.Length)]} … {text[Math.Max(0, at - 100)..Math.Min(text.Length, at + 60)]}"
                )
            );
        }

        return found;
    }

    private static string Printable(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '·' : letter));
}
