using System.Text;
using System.Text.Json;

namespace Pontual.Server.Tests.Fuzz;

/// <summary>Makes requests up from the OpenAPI document: request N of a seed is always the same.</summary>
/// <param name="document">The document.</param>
/// <param name="known">Names and ids that exist, by the segment of the path before them.</param>
/// <param name="seed">What all chance comes from.</param>
internal sealed class FuzzRequests(JsonElement document, IReadOnlyDictionary<string, string[]> known, int seed)
{
    /// <summary>Those who may do most get furthest in.</summary>
    private static readonly int[] Callers = [0, 1, 2, 3, 3, 3, 3, 4, 5, 5, 5, 5];

    private static readonly string[] Types =
    [
        "application/json",
        "application/json; charset=utf-16",
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/yaml",
        "a/b",
    ];

    private static readonly string[] OtherHeaders =
    [
        "If-Match",
        "Idempotency-Key",
        "X-Pontual-Tenant",
        "X-Pontual-Reason",
        "X-Pontual-Callback-Token",
        "X-Pontual-Antiforgery",
        "X-Forwarded-For",
        "X-HTTP-Method-Override",
        "Accept",
        "Cookie",
        "Origin",
        "Range",
        "If-None-Match",
        "traceparent",
    ];

    private readonly (string Path, string Method, JsonElement Value)[] _operations =
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name.ToUpperInvariant(), operation.Value),
    ];

    public FuzzRequest Make(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var (path, method, operation) = _operations[number % _operations.Length];
        var values = new GoodValues(document, known, random);

        // How much of it is wrong: nothing, a little, or all.
        var evil = random.Next(10) switch
        {
            0 => 0.0,
            < 7 => 0.2,
            _ => 0.8,
        };
        var target = PathOf(path, random, evil) + QueryOf(operation, values, random, evil);
        var request = new FuzzRequest(
            operation.GetProperty("operationId").GetString()!,
            method,
            target,
            Callers[random.Next(Callers.Length)]
        );
        AddHeaders(request, operation, values, random, evil);
        if (operation.TryGetProperty("requestBody", out var body))
        {
            AddBody(request, body.GetProperty("content").EnumerateObject().First(), values, random, evil);
        }
        else if (random.Next(20) == 0)
        {
            request.Body = Encoding.UTF8.GetBytes(Hostile.Json(random));
            request.Type = "application/json";
        }

        return request;
    }

    private string PathOf(string template, Random random, double evil)
    {
        var segments = template.Split('/');
        for (var at = 1; at < segments.Length; at++)
        {
            if (segments[at].StartsWith('{'))
            {
                segments[at] =
                    random.NextDouble() < evil ? Escaped(Hostile.Text(random), random)
                    : known.TryGetValue(segments[at - 1], out var names) ? Uri.EscapeDataString(names[random.Next(names.Length)])
                    : "known";
            }
        }

        return string.Join('/', segments);
    }

    private static string QueryOf(JsonElement operation, GoodValues values, Random random, double evil)
    {
        var query = new List<string>();
        foreach (var parameter in Parameters(operation, "query"))
        {
            if (random.Next(3) > 0)
            {
                var name = parameter.GetProperty("name").GetString()!;
                var value = random.NextDouble() < evil ? Hostile.Text(random) : values.Text(name, parameter.GetProperty("schema"));
                query.AddRange(Enumerable.Repeat($"{name}={Escaped(value, random)}", random.NextDouble() < evil / 10 ? 2 : 1));
            }
        }

        if (random.NextDouble() < evil / 4)
        {
            query.Add($"{Escaped(Hostile.Text(random), random)}={Escaped(Hostile.Text(random), random)}");
        }

        return query.Count == 0 ? "" : "?" + string.Join('&', query);
    }

    private static void AddHeaders(FuzzRequest request, JsonElement operation, GoodValues values, Random random, double evil)
    {
        foreach (var parameter in Parameters(operation, "header").Where(_ => random.Next(10) == 0))
        {
            var name = parameter.GetProperty("name").GetString()!;
            request.Headers[name] = OneLine(random.NextDouble() < evil ? Hostile.Text(random) : values.Header(name));
        }

        if (random.NextDouble() < evil / 2)
        {
            request.Headers[OtherHeaders[random.Next(OtherHeaders.Length)]] = OneLine(Hostile.Text(random));
        }
    }

    private static void AddBody(FuzzRequest request, JsonProperty media, GoodValues values, Random random, double evil)
    {
        var example = media.Value.TryGetProperty("example", out var written) && random.Next(2) == 0;
        var json = example ? written.GetRawText() : values.Json("", media.Value.GetProperty("schema"), 0);
        var text = Spoiled.Json(JsonElement.Parse(json), random, evil);
        var bytes = Encoding.UTF8.GetBytes(text);
        request.Type = random.NextDouble() < evil / 5 ? Types[random.Next(Types.Length)] : media.Name;
        request.Body =
            random.NextDouble() >= evil / 4
                ? bytes
                : random.Next(7) switch
                {
                    0 => bytes[..random.Next(bytes.Length + 1)],
                    1 => [.. bytes, .. bytes],
                    2 => [0xff, 0xfe, .. bytes],
                    3 => [.. bytes.Select(letter => random.Next(40) == 0 ? (byte)random.Next(256) : letter)],
                    4 => Encoding.UTF8.GetBytes(Hostile.Json(random)),
                    5 => Encoding.Unicode.GetBytes(text),
                    _ => random.Next(6) == 0 ? new byte[(1 << 20) + 1] : [],
                };
    }

    private static IEnumerable<JsonElement> Parameters(JsonElement operation, string place) =>
        operation.TryGetProperty("parameters", out var list)
            ? list.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == place)
            : [];

    /// <summary>As a client would write it, or now and then as it stands.</summary>
    private static string Escaped(string text, Random random) =>
        random.Next(8) == 0
            ? string.Concat(text.Where(letter => letter is > ' ' and < '\x7f' and not ('#' or '?')))
            : Uri.EscapeDataString(string.Concat(text.Where(letter => !char.IsSurrogate(letter))))
                .Replace("%2F", "%2f", StringComparison.Ordinal);

    private static string OneLine(string text) =>
        string.Concat(text.Where(letter => letter is >= ' ' and not '\x7f' && !char.IsSurrogate(letter)).Take(500));
}
