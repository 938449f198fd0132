using System.Net.Http.Headers;

namespace Pontual.Server.Tests.Fuzz;

/// <summary>A request that was made up.</summary>
/// <param name="Operation">Its id in the document.</param>
/// <param name="Method">The verb.</param>
/// <param name="Target">Path and query, sent as they stand.</param>
/// <param name="Caller">Which token is sent.</param>
internal sealed record FuzzRequest(string Operation, string Method, string Target, int Caller)
{
    public Dictionary<string, string> Headers { get; } = [];
    public byte[]? Body { get; set; }
    public string? Type { get; set; }

    public override string ToString()
    {
        var body = Body is null ? "" : System.Text.Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 2_000)));
        return $"{Operation}: {Method} {Target} as caller {Caller}, {string.Join("; ", Headers.Select(header => $"{header.Key}: {header.Value}"))} [{Type}] {body}";
    }

    /// <summary>The message; null for what no client can send.</summary>
    public HttpRequestMessage? ToMessage(Uri server, string? token)
    {
        if (
            !Uri.TryCreate(
                $"http://{server.Authority}{Target}",
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true },
                out var uri
            )
        )
        {
            return null;
        }

        var message = new HttpRequestMessage(new HttpMethod(Method), uri);
        if (token is not null)
        {
            message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        foreach (var (name, value) in Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            // What is too large is refused before it is read.
            message.Headers.ExpectContinue = Body.Length > 1 << 20 ? true : null;
            message.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(Type, out var type) ? type : null;
        }

        return message;
    }
}
