using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pontual.Engine.Jobs;

/// <summary>What holds for every text, number and object of a document, whatever it means.</summary>
public static class DocumentText
{
    /// <summary>Most characters in one text.</summary>
    public const int LongestText = 65_536;

    /// <summary>Most levels of objects and arrays inside each other.</summary>
    public const int DeepestLevel = 32;

    /// <summary>Reports everything in <paramref name="json"/> that could not be stored and given back: duplicate keys, NUL, half surrogate pairs,
    /// numbers beyond a double, too long texts, too many levels.</summary>
    public static void Check(JsonElement json, string path, ICollection<DocumentProblem> problems) => Check(json, path, problems, 1);

    /// <summary>The text of a JSON string; false for anything else, and for half surrogate pairs.</summary>
    public static bool TryRead(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (value.ValueKind is JsonValueKind.String)
        {
            try
            {
                text = value.GetString();
            }
            catch (InvalidOperationException)
            {
                // The only way System.Text.Json has to say that an escape names half a character.
            }
        }

        return text is not null;
    }

    /// <summary>What was found, for a message: at most 60 characters, control characters shown as dots.</summary>
    public static string Quote(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => TryRead(value, out var text) ? Quote(text) : "a text",
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.Undefined => "nothing",
            _ => Cut(value.GetRawText()),
        };

    /// <summary>The text in quotes, as above.</summary>
    public static string Quote(string text) => $"'{Cut(text)}'";

    /// <summary>A key as a part of a JSON pointer (RFC 6901).</summary>
    public static string Escape(string key) =>
        key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    internal static bool TryName(JsonProperty property, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = null;
            return false;
        }
    }

    private static void Check(JsonElement json, string path, ICollection<DocumentProblem> problems, int level)
    {
        if (level > DeepestLevel)
        {
            problems.Add(new(path, "depth", "there are too many levels here", $"use at most {DeepestLevel}"));
            return;
        }

        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(json, path, problems, level);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in json.EnumerateArray())
                {
                    Check(item, string.Create(CultureInfo.InvariantCulture, $"{path}/{index++}"), problems, level + 1);
                }

                break;
            case JsonValueKind.String:
                CheckText(TryRead(json, out var text) ? text : null, path, problems);
                break;
            case JsonValueKind.Number when json.GetRawText().Length > 40 || !double.IsFinite(json.GetDouble()):
                problems.Add(
                    new(path, "number", $"{Quote(json)} is out of range", "use a number of at most 40 digits below 1e308, or a text")
                );
                break;
        }
    }

    private static void CheckObject(JsonElement json, string path, ICollection<DocumentProblem> problems, int level)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (!TryName(property, out var name))
            {
                CheckText(null, path, problems);
                continue;
            }

            var inside = $"{path}/{Escape(name)}";
            CheckText(name, inside, problems);
            if (!seen.Add(name))
            {
                problems.Add(new(inside, "duplicate-key", $"{Quote(name)} is given more than once", "keep one of them"));
            }

            Check(property.Value, inside, problems, level + 1);
        }
    }

    private static void CheckText(string? text, string path, ICollection<DocumentProblem> problems)
    {
        if (text is null || !IsWellFormed(text))
        {
            problems.Add(new(path, "text", "a text here has half of a surrogate pair", "write the whole character"));
        }
        else if (text.Contains('\0', StringComparison.Ordinal))
        {
            problems.Add(new(path, "text", "a text here has a NUL character", "leave it out"));
        }
        else if (text.Length > LongestText)
        {
            problems.Add(new(path, "length", $"a text here has {text.Length} characters", $"use at most {LongestText}"));
        }
    }

    /// <summary>Whether every surrogate in a text has its other half.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; )
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out _, out var used) is not System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            at += used;
        }

        return true;
    }

    private static string Cut(string text)
    {
        var shown = text.Length <= 60 ? text : $"{text[..57]}...";
        return string.Concat(shown.EnumerateRunes().Select(letter => Rune.IsControl(letter) ? "." : letter.ToString()));
    }
}
