using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Pontual.Engine.Jobs;

/// <summary>Reads one JSON object of a document, adding a <see cref="DocumentProblem"/> for everything that is wrong. Never throws on any JSON.</summary>
/// <remarks>A key whose value is null counts as omitted. Duplicate keys and texts that cannot be stored are <see cref="DocumentText"/>'s to report.</remarks>
public sealed class DocumentObject
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly ICollection<DocumentProblem> _problems;

    private DocumentObject(string path, ICollection<DocumentProblem> problems) => (Path, _problems) = (path, problems);

    /// <summary>JSON pointer of the object.</summary>
    public string Path { get; }

    /// <summary>Opens an object and reports keys that it may not have.</summary>
    /// <param name="json">What should be an object.</param>
    /// <param name="path">Its JSON pointer.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="keys">The keys it may have; empty for any.</param>
    /// <returns>Null when it is no object.</returns>
    public static DocumentObject? Open(
        JsonElement json,
        string path,
        ICollection<DocumentProblem> problems,
        params IReadOnlyList<string> keys
    )
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            var allowed = keys.Count == 0 ? "" : $" with the keys {string.Join(", ", keys)}";
            problems.Add(new(path, "type", $"{DocumentText.Quote(json)} is not an object", $"write an object{allowed}"));
            return null;
        }

        var opened = new DocumentObject(path, problems);
        foreach (var property in json.EnumerateObject())
        {
            opened.Take(property, keys);
        }

        return opened;
    }

    /// <summary>The pointer of a key inside this object.</summary>
    public string PathOf(string key) => $"{Path}/{DocumentText.Escape(key)}";

    /// <summary>The keys that have a value, in the order they were written.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Whether the key has a value (null is none).</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>The value of a key; null when omitted.</summary>
    public JsonElement? Get(string key) => _values.TryGetValue(key, out var value) ? value : null;

    /// <summary>Adds a problem at a key.</summary>
    public void Report(string key, string rule, string message, string fix, int? column = null) =>
        _problems.Add(new(PathOf(key), rule, message, fix, column));

    /// <summary>Reports a key that must be there and is not.</summary>
    /// <returns>Whether it is there.</returns>
    public bool Require(string key, string fix)
    {
        if (!Has(key))
        {
            _problems.Add(new(Path, "required", $"'{key}' is missing", fix));
        }

        return Has(key);
    }

    /// <summary>A text; null when omitted or wrong.</summary>
    /// <param name="key">The key.</param>
    /// <param name="limit">Most characters.</param>
    /// <param name="fix">What to write, when it is no text.</param>
    public string? Text(string key, int limit, string fix = "put it in quotes")
    {
        if (Get(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is not JsonValueKind.String)
        {
            Report(key, "type", $"{DocumentText.Quote(value)} is not a text", fix);
            return null;
        }

        // Unreadable texts are reported by DocumentText, which looks at every text of the document.
        if (!DocumentText.TryRead(value, out var text))
        {
            return null;
        }

        if (text.Length > limit)
        {
            Report(key, "length", $"'{key}' has {text.Length} characters", $"use at most {limit}");
            return null;
        }

        return text;
    }

    /// <summary>A whole number between two bounds (inclusive); null when omitted or wrong.</summary>
    public int? Integer(string key, int least, int most)
    {
        if (Get(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is not JsonValueKind.Number || !value.TryGetInt32(out var number))
        {
            Report(key, "integer", $"{DocumentText.Quote(value)} is not a whole number", $"use a number from {least} to {most}");
            return null;
        }

        if (number < least || number > most)
        {
            Report(key, "range", $"{number} is outside {least} to {most}", $"use a number from {least} to {most}");
            return null;
        }

        return number;
    }

    /// <summary>True or false; null when omitted or wrong.</summary>
    public bool? Flag(string key)
    {
        if (Get(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Report(key, "boolean", $"{DocumentText.Quote(value)} is neither true nor false", "write true or false, without quotes");
        return null;
    }

    /// <summary>A duration between two bounds (inclusive); null when omitted or wrong.</summary>
    public TimeSpan? Span(string key, TimeSpan least, TimeSpan most)
    {
        if (Get(key) is not { } value)
        {
            return null;
        }

        var bounds = $"from {Duration.Format(least)} to {Duration.Format(most)}";
        if (value.ValueKind is JsonValueKind.Number)
        {
            Report(
                key,
                "duration",
                $"{DocumentText.Quote(value)} has no unit",
                $"write {DocumentText.Quote(value)}s for seconds, or another duration {bounds}"
            );
            return null;
        }

        if (
            value.ValueKind is not JsonValueKind.String
            || !DocumentText.TryRead(value, out var text)
            || !Duration.TryParse(text, out var span)
        )
        {
            Report(key, "duration", $"{DocumentText.Quote(value)} is not a duration", Duration.Rule);
            return null;
        }

        if (span < least || span > most)
        {
            Report(key, "range", $"{text} is outside {Duration.Format(least)} to {Duration.Format(most)}", $"use a duration {bounds}");
            return null;
        }

        return span;
    }

    /// <summary>One of some words; false when omitted or wrong.</summary>
    public bool TryWord<T>(string key, IReadOnlyDictionary<string, T> words, [MaybeNullWhen(false)] out T chosen)
    {
        chosen = default;
        if (Get(key) is not { } value)
        {
            return false;
        }

        var readable = DocumentText.TryRead(value, out var text);
        if (readable && words.TryGetValue(text!, out chosen))
        {
            return true;
        }

        var hint = readable ? DidYouMean.Hint(text!, words.Keys) : "";
        Report(key, "enum", $"{DocumentText.Quote(value)} is not known here", $"{hint}use one of {string.Join(", ", words.Keys)}");
        return false;
    }

    private void Take(JsonProperty property, IReadOnlyList<string> keys)
    {
        if (!DocumentText.TryName(property, out var name))
        {
            return;
        }

        if (keys.Count > 0 && !keys.Contains(name))
        {
            var hint = DidYouMean.Hint(name, keys);
            Report(
                name,
                "unknown-key",
                $"{DocumentText.Quote(name)} is not a key of this object",
                $"{hint}known keys are {string.Join(", ", keys)}"
            );
        }
        else if (property.Value.ValueKind is not JsonValueKind.Null)
        {
            _values.TryAdd(name, property.Value);
        }
    }
}
