using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Channels.Registry;

/// <summary>The JSON shape of a gateway: one codec for API, packs and store.</summary>
public static class GatewayDocument
{
    private const int LongestUrl = 2_000;
    private const string SecretFix = "write ${env:NAME} or ${file:PATH}: secrets themselves are never stored";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every key, in the order they are written.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["name", "kind", "url", "secret", "account", "webhook-secret", "webhooks"];

    /// <summary>Reads a gateway and reports all that is wrong with it. Never throws on any JSON.</summary>
    /// <param name="json">The gateway.</param>
    /// <param name="path">Its JSON pointer in the document; empty when it is the document.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null exactly when a problem was added.</returns>
    public static GatewayDefinition? Read(JsonElement json, string path, ICollection<DocumentProblem> problems)
    {
        var before = problems.Count;
        DocumentText.Check(json, path, problems);
        if (DocumentObject.Open(json, path, problems, Keys) is not { } gateway)
        {
            return null;
        }

        var name = NameOf(gateway);
        var kind = KindOf(gateway);
        var url = UrlOf(gateway);
        gateway.Require("secret", SecretFix);
        var (secret, webhookSecret) = (SecretOf(gateway, "secret"), SecretOf(gateway, "webhook-secret"));
        var account = gateway.Text("account", 64);
        if (kind is GatewayKind.CloudApi && account is null && problems.Count == before)
        {
            gateway.Report("account", "required", "a cloud-api gateway needs its business account", "give the id of the WABA");
        }

        var webhooks = gateway.Flag("webhooks");
        return problems.Count == before
            ? new GatewayDefinition
            {
                Name = name!,
                Kind = kind!.Value,
                Url = url!,
                Secret = secret!,
                Account = account,
                WebhookSecret = webhookSecret,
                ManagesWebhooks = webhooks ?? true,
            }
            : null;
    }

    /// <summary>The canonical shape: defaults omitted.</summary>
    public static JsonObject Write(GatewayDefinition gateway)
    {
        var json = new JsonObject
        {
            ["name"] = gateway.Name,
            ["kind"] = gateway.Kind.Word(),
            ["url"] = gateway.Url,
            ["secret"] = gateway.Secret,
        };
        if (gateway.Account is not null)
        {
            json["account"] = gateway.Account;
        }

        if (gateway.WebhookSecret is not null)
        {
            json["webhook-secret"] = gateway.WebhookSecret;
        }

        if (!gateway.ManagesWebhooks)
        {
            json["webhooks"] = false;
        }

        return json;
    }

    /// <summary>The canonical shape as text on one line. Equal texts mean equal definitions.</summary>
    public static string Serialize(GatewayDefinition gateway) => Write(gateway).ToJsonString(Plain);

    private static string? NameOf(DocumentObject gateway)
    {
        gateway.Require("name", "name it, such as main");
        var name = gateway.Text("name", 64);
        if (name is not null && !GatewayDefinition.IsName(name))
        {
            gateway.Report("name", "name", $"'{name}' is not the name of a gateway", GatewayDefinition.NameRule);
        }

        return name;
    }

    private static GatewayKind? KindOf(DocumentObject gateway)
    {
        gateway.Require("kind", $"one of {GatewayKinds.All}");
        if (gateway.Text("kind", 32) is not { } word)
        {
            return null;
        }

        if (GatewayKinds.TryParse(word, out var kind))
        {
            return kind;
        }

        gateway.Report("kind", "word", $"'{word}' is no kind of gateway", $"one of {GatewayKinds.All}");
        return null;
    }

    private static string? UrlOf(DocumentObject gateway)
    {
        gateway.Require("url", "its base address, such as https://gateway.example.com:8443");
        if (gateway.Text("url", LongestUrl) is not { } url)
        {
            return null;
        }

        if (url.Contains("${", StringComparison.Ordinal))
        {
            if (Secrets.Problem(url) is { } problem)
            {
                gateway.Report("url", "secret", problem, "write ${env:NAME}");
            }

            return url;
        }

        if (GatewayUrl.ProblemOf(url) is { } wrong)
        {
            gateway.Report("url", "url", wrong, "write its base address, such as https://gateway.example.com:8443");
        }

        return url.TrimEnd('/');
    }

    private static string? SecretOf(DocumentObject gateway, string key)
    {
        if (gateway.Get(key) is not { } value)
        {
            return null;
        }

        // What is no reference may be the secret itself: it is not quoted.
        if (
            value.ValueKind is JsonValueKind.String
            && DocumentText.TryRead(value, out var text)
            && text.StartsWith("${", StringComparison.Ordinal)
            && text.EndsWith('}')
            && Secrets.Problem(text) is null
        )
        {
            return text;
        }

        gateway.Report(key, "secret", $"'{key}' is not a reference to a secret", SecretFix);
        return null;
    }
}

/// <summary>What the address of a gateway may be.</summary>
public static class GatewayUrl
{
    /// <returns>What is wrong with it, without quoting it; null for nothing.</returns>
    public static string? ProblemOf(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") ? "the url is no http address"
        : parsed.UserInfo.Length > 0 ? "the url has a name or password in it"
        : parsed.Query.Length > 0 || parsed.Fragment.Length > 0 ? "the url has a query"
        : null;
}
