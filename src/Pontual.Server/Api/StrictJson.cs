using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Api;

/// <summary>A body that was read: the JSON, or the problem to answer with.</summary>
internal sealed record JsonBody(JsonElement? Json, ProblemHttpResult? Problem)
{
    /// <summary>Whether it is JSON; else there is a problem.</summary>
    public bool IsJson([NotNullWhen(true)] out JsonElement? json, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        (json, problem) = (Json, Problem);
        return json is not null;
    }
}

/// <summary>Reads request bodies: UTF-8 JSON without comments, duplicate keys, half characters or deep nesting.</summary>
internal static class StrictJson
{
    private const string MediaType = "application/json";

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = 64,
        CommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
    };

    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

    /// <summary>Reads a body that must be there.</summary>
    public static Task<JsonBody> ReadAsync(HttpRequest request) => ReadAsync(request, optional: false);

    /// <summary>Reads a body that may be left out: it then counts as an empty object.</summary>
    public static Task<JsonBody> ReadOptionalAsync(HttpRequest request) => ReadAsync(request, optional: true);

    private static async Task<JsonBody> ReadAsync(HttpRequest request, bool optional)
    {
        var bytes = await ReadBytesAsync(request);
        if (optional && bytes.Length == 0)
        {
            return new JsonBody(EmptyObject, null);
        }

        return HasJsonType(request) ? Parse(bytes) : new JsonBody(null, Problems.UnsupportedMediaType(MediaType));
    }

    /// <summary>Whether the body says that it is JSON.</summary>
    public static bool HasJsonType(HttpRequest request) => request.HasJsonContentType();

    /// <summary>The whole body; the server's limit holds.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>Reads JSON and checks every text, number and key in it.</summary>
    public static JsonBody Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Options);
            var problems = new List<DocumentProblem>();
            DocumentText.Check(document.RootElement, "", problems);
            return problems.Count == 0
                ? new JsonBody(document.RootElement.Clone(), null)
                : new JsonBody(null, Problems.InvalidDocument(problems));
        }
        catch (JsonException broken)
        {
            var why = bytes.Length == 0 ? "The body is empty; send a JSON object." : Sentence(broken);
            return new JsonBody(null, Problems.MalformedJson(why, broken.LineNumber + 1, broken.BytePositionInLine + 1));
        }
    }

    /// <summary>The parser's words without its own mention of the place, which the problem carries in numbers.</summary>
    private static string Sentence(JsonException broken)
    {
        var end = broken.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var why = end < 0 ? broken.Message : broken.Message[..end];
        return $"Line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}: {why}";
    }
}
