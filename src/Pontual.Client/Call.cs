using System.Globalization;
using System.Text;

namespace Pontual.Client;

/// <summary>One request.</summary>
internal sealed record Call(HttpMethod Method, string Path)
{
    /// <summary>Parameters; those that are null are left out.</summary>
    public IReadOnlyList<(string Name, object? Value)> Query { get; init; } = [];

    /// <summary>Sent as JSON; null for none.</summary>
    public object? Body { get; init; }

    /// <summary>Sent as it stands, in place of JSON.</summary>
    public (string Text, string Type)? Document { get; init; }

    public string? IfMatch { get; init; }

    public string? IdempotencyKey { get; init; }

    public string? CallbackToken { get; init; }

    public string Accept { get; init; } = "application/json";

    /// <summary>Whether 503 is an answer too, as it is of health.</summary>
    public bool TakesUnavailable { get; init; }

    public static Call Get(string path, params IReadOnlyList<(string Name, object? Value)> query) =>
        new(HttpMethod.Get, path) { Query = query };

    public static Call Post(string path, object? body = null) => new(HttpMethod.Post, path) { Body = body };

    public static Call Put(string path, object body) => new(HttpMethod.Put, path) { Body = body };

    public static Call Delete(string path) => new(HttpMethod.Delete, path);

    /// <summary>A name or id as part of a path.</summary>
    public static string Part(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);

        // These two would be taken for steps in the path by whatever handles the address.
        return text is "." or ".."
            ? throw new ArgumentException($"'{text}' cannot stand in a path.", nameof(text))
            : Uri.EscapeDataString(text);
    }

    /// <summary>The path with its query.</summary>
    public string Target()
    {
        var text = new StringBuilder(Path);
        foreach (var (name, value) in Query.Where(parameter => parameter.Value is not null))
        {
            text.Append(text.Length == Path.Length ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(Text(value!)));
        }

        return text.ToString();
    }

    private static string Text(object value) =>
        value switch
        {
            bool flag => flag ? "true" : "false",
            DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
}
