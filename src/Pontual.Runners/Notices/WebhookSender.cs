using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Runners.Http;

namespace Pontual.Runners.Notices;

/// <summary><c>webhook: { url, secret, headers }</c>: the notice as JSON, signed as targets are (<c>X-Pontual-Signature: t=…,v1=…</c>, HMAC-SHA256 over time and body).</summary>
internal sealed class WebhookSender(HttpNotice http, NoticeWords words, ISecrets secrets, TimeProvider time) : INoticeSender
{
    public string Kind => "webhook";

    public void Check(JsonElement settings, string path, ICollection<DocumentProblem> problems)
    {
        if (DocumentObject.Open(settings, path, problems, "url", "secret", "headers") is not { } webhook)
        {
            return;
        }

        RouteSettings.Address(webhook, "url");
        RouteSettings.Secret(webhook, "secret", isRequired: false);
        if (webhook.Get("headers") is { } headers && DocumentObject.Open(headers, webhook.PathOf("headers"), problems) is { } named)
        {
            foreach (var name in named.Keys)
            {
                named.Text(name, 2_000);
            }
        }
    }

    public async Task SendAsync(AlertRoute route, Notice notice, CancellationToken cancellation)
    {
        var resolved = new ResolvedSecrets(secrets);
        var address = RouteSettings.ResolveAddress(route.Settings, "url", resolved);
        var body = Encoding.UTF8.GetBytes(route.Template is null ? NoticeDocument.Write(notice) : words.Of(route, notice));
        var headers = new List<KeyValuePair<string, string>> { new("X-Pontual-Notice", notice.Kind) };
        if (RouteSettings.Resolve(route.Settings, "secret", resolved) is { } key)
        {
            headers.Add(new(RequestHeaders.Signature, Sign(key, body, time.GetUtcNow())));
        }

        if (route.Settings.TryGetProperty("headers", out var more))
        {
            headers.AddRange(
                more.EnumerateObject()
                    .Select(header => new KeyValuePair<string, string>(header.Name, RouteSettings.Resolve(more, header.Name, resolved)!))
            );
        }

        await http.PostAsync(address, notice, body, "application/json; charset=utf-8", resolved, headers, cancellation);
    }

    private static string Sign(string key, byte[] body, DateTimeOffset now)
    {
        var stamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key));
        hash.AppendData(Encoding.ASCII.GetBytes(stamp + "."));
        hash.AppendData(body);
        return $"t={stamp},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
