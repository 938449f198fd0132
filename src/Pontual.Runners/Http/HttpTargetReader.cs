using System.Text.Json;
using System.Text.RegularExpressions;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Http;

/// <summary>Reads an <c>http</c> target's settings and says all that is wrong with them at once.</summary>
internal static partial class HttpTargetReader
{
    /// <summary>Most bytes of an answer that may be kept.</summary>
    private const int MostKept = 1024 * 1024;

    private static readonly string[] Keys =
    [
        "url",
        "method",
        "headers",
        "body",
        "success",
        "redirects",
        "connect-timeout",
        "max-response",
        "sign",
        "outbound",
        "allow",
        "ca",
        "callback",
    ];

    private static readonly Dictionary<string, bool> OutboundWords = new() { ["any"] = false, ["public-only"] = true };

    /// <returns>Null when something is wrong; it is then in <paramref name="problems"/>.</returns>
    public static HttpTarget? Read(JsonElement settings, ICollection<DocumentProblem> problems)
    {
        if (DocumentObject.Open(settings, "", problems, Keys) is not { } target)
        {
            return null;
        }

        var basis = new HttpTarget { Url = ReadUrl(target, problems) };
        var read = basis with
        {
            Method = ReadMethod(target) ?? basis.Method,
            Headers = target.Get("headers") is { } headers ? ReadHeaders(headers, problems) : basis.Headers,
            Body = target.Get("body") is { } body ? RequestBody.Read(body, "/body", problems) : null,
            Success = target.Get("success") is { } success ? SuccessRule.Read(success, "/success", problems) : basis.Success,
            Redirects = target.Integer("redirects", 0, 20) ?? basis.Redirects,
            ConnectTimeout =
                target.Span("connect-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2)) ?? basis.ConnectTimeout,
            Kept = ReadKept(target) ?? basis.Kept,
            Sign = ReadSign(target, problems),
            PublicOnly = target.Has("outbound") && target.TryWord("outbound", OutboundWords, out var publicOnly) && publicOnly,
            Allow = ReadAllow(target) ?? basis.Allow,
            Ca = target.Text("ca", 4096),
            Callback = target.Flag("callback") ?? basis.Callback,
        };
        return problems.Count == 0 ? read : null;
    }

    private static Template ReadUrl(DocumentObject target, ICollection<DocumentProblem> problems)
    {
        target.Require("url", "write an absolute http or https URL");
        var template = ReadTemplate(target, "url", 8000, problems);
        var text = target.Get("url") is { } url && DocumentText.TryRead(url, out var read) ? read : null;

        // A URL that begins with a reference can only be judged when it is called.
        if (text is null || text.StartsWith("${", StringComparison.Ordinal) || text.StartsWith("{{", StringComparison.Ordinal))
        {
            return template;
        }

        if (UrlProblem(Placeholder().Replace(text, "1")) is { } problem)
        {
            target.Report("url", "url", $"{DocumentText.Quote(text)} {problem}", "write an absolute http or https URL");
        }

        return template;
    }

    /// <returns>What is wrong with a URL to call; null when nothing is.</returns>
    public static string? UrlProblem(string text) =>
        text.Any(char.IsControl) ? "contains a control character"
        : !Uri.TryCreate(text, UriKind.Absolute, out var uri) ? "is not an absolute URL"
        : uri.Scheme is not ("http" or "https") ? "is neither http nor https"
        : uri.Host.Length == 0 ? "has no host"
        : uri.Port is 0 ? "has no usable port"
        : null;

    private static HttpMethod? ReadMethod(DocumentObject target)
    {
        if (target.Text("method", 20) is not { } method)
        {
            return null;
        }

        if (!Token().IsMatch(method) || method.Equals("CONNECT", StringComparison.OrdinalIgnoreCase))
        {
            target.Report(
                "method",
                "method",
                $"{DocumentText.Quote(method)} is not a method",
                "use GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS"
            );
            return null;
        }

        return HttpMethod.Parse(method.ToUpperInvariant());
    }

    private static List<(string Name, Template Value)> ReadHeaders(JsonElement json, ICollection<DocumentProblem> problems)
    {
        var headers = new List<(string Name, Template Value)>();
        if (DocumentObject.Open(json, "/headers", problems) is not { } read)
        {
            return headers;
        }

        foreach (var name in read.Keys)
        {
            if (!Token().IsMatch(name))
            {
                read.Report(name, "header", $"{DocumentText.Quote(name)} is not a header name", "use letters, digits and -");
            }
            else if (RequestHeaders.IsReserved(name))
            {
                read.Report(name, "header", $"{name} is set by Pontual", "leave it out");
            }
            else if (
                read.Get(name) is { } value
                && DocumentText.TryRead(value, out var text)
                && RequestHeaders.ValueProblem(text) is { } problem
            )
            {
                read.Report(name, "header", $"The value of {name} {problem}", "use printable ASCII");
            }

            headers.Add((name, ReadTemplate(read, name, 8000, problems)));
        }

        return headers;
    }

    private static Template ReadTemplate(DocumentObject of, string key, int limit, ICollection<DocumentProblem> problems)
    {
        var template = Template.Parse(of.Text(key, limit) ?? "", out var problem);
        if (problem is not null)
        {
            problems.Add(new(of.PathOf(key), "template", problem, "mend the text"));
        }

        return template;
    }

    private static Template? ReadSign(DocumentObject target, ICollection<DocumentProblem> problems)
    {
        if (!target.Has("sign"))
        {
            return null;
        }

        if (target.Get("sign") is { ValueKind: JsonValueKind.String } key && key.ValueEquals(""))
        {
            target.Report("sign", "required", "The signing key is empty", "write \"${env:NAME}\" or \"${file:PATH}\"");
        }

        return ReadTemplate(target, "sign", 4096, problems);
    }

    private static int? ReadKept(DocumentObject target)
    {
        if (target.Get("max-response") is not { } json)
        {
            return null;
        }

        var match = Size()
            .Match(
                json.ValueKind is JsonValueKind.Number ? json.GetRawText()
                : DocumentText.TryRead(json, out var text) ? text
                : ""
            );
        var unit = match.Groups["unit"].Value switch
        {
            "KiB" => 1024L,
            "MiB" => 1024L * 1024,
            _ => 1L,
        };
        if (match.Success && long.Parse(match.Groups["number"].ValueSpan) * unit is >= 1 and <= MostKept and var bytes)
        {
            return (int)bytes;
        }

        target.Report("max-response", "size", $"{DocumentText.Quote(json)} is not a size from 1 to 1MiB", "write bytes, KiB or MiB: 64KiB");
        return null;
    }

    private static HostList? ReadAllow(DocumentObject target)
    {
        if (target.Get("allow") is not { } json)
        {
            return null;
        }

        var hosts = new List<string>();
        foreach (var item in json.ValueKind is JsonValueKind.Array ? json.EnumerateArray().ToList() : [json])
        {
            if (DocumentText.TryRead(item, out var host) && HostPattern().IsMatch(host))
            {
                hosts.Add(host);
            }
            else
            {
                target.Report(
                    "allow",
                    "host",
                    $"{DocumentText.Quote(item)} is not a host",
                    "list host names without port, such as api.example.com or *.example.com"
                );
            }
        }

        if (json.ValueKind is JsonValueKind.Array && json.GetArrayLength() == 0)
        {
            target.Report("allow", "host", "The list of allowed hosts is empty", "name at least one host, or leave it out");
        }

        return new HostList(hosts);
    }

    [GeneratedRegex(@"\$\{[^}]*\}|\{\{.*?\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}\z")]
    private static partial Regex Token();

    [GeneratedRegex(@"\A(?<number>[0-9]{1,9})(?<unit>B|KiB|MiB)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Size();

    [GeneratedRegex(@"\A(\*\.)?[\p{L}\p{N}_.-]{1,253}\z|\A\[?[0-9A-Fa-f:.]{2,45}\]?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex HostPattern();
}
