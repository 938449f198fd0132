using System.Globalization;
using System.Text.Json;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Packs;

/// <summary>Writes a YAML tree as JSON, keeping the place of every value and key by its JSON pointer.</summary>
internal sealed class YamlToJson(
    Utf8JsonWriter writer,
    Dictionary<string, Place> values,
    Dictionary<string, Place> keys,
    List<PackProblem> problems,
    string file
)
{
    private int _nodes;
    private long _text;

    /// <returns>False when the limits were met: what was written is then worth nothing.</returns>
    public bool Write(YamlNode root)
    {
        if (Write(root, "", 1))
        {
            return true;
        }

        problems.Add(
            new(
                file,
                root.Place.Line,
                root.Place.Column,
                "",
                "size",
                $"with its aliases written out the file has more than {YamlText.MostNodes} values, {YamlText.MostText} characters or {YamlText.Deepest} levels",
                "use fewer aliases, or several files"
            )
        );
        return false;
    }

    private bool Write(YamlNode node, string path, int level)
    {
        // The pointers themselves take room too: a deep tree of long keys must not outgrow the file by far.
        _text += (node.Text?.Length ?? 0) + path.Length;
        if (++_nodes > YamlText.MostNodes || _text > YamlText.MostText || level > YamlText.Deepest)
        {
            return false;
        }

        values[path] = node.Place;
        return node switch
        {
            { Items: { } items } => WriteList(items, path, level),
            { Entries: { } entries } => WriteMap(entries, path, level),
            _ => WriteScalar(node, path),
        };
    }

    private bool WriteList(List<YamlNode> items, string path, int level)
    {
        writer.WriteStartArray();
        for (var index = 0; index < items.Count; index++)
        {
            var inside = string.Create(CultureInfo.InvariantCulture, $"{path}/{index}");
            if (!Write(items[index], inside, level + 1))
            {
                return false;
            }

            ReportEmpty(items[index], inside);
        }

        writer.WriteEndArray();
        return true;
    }

    private bool WriteMap(List<(YamlNode Key, YamlNode Value)> entries, string path, int level)
    {
        writer.WriteStartObject();
        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            if (key.Text is not { } name)
            {
                Report(key.Place, path, "key", "a list or an object cannot be a key here", "use a text");
                continue;
            }

            var inside = $"{path}/{DocumentText.Escape(name)}";
            if (!IsUsable(name, key, inside, seen))
            {
                continue;
            }

            keys[inside] = key.Place;
            writer.WritePropertyName(name);
            if (!Write(value, inside, level + 1))
            {
                return false;
            }

            ReportEmpty(value, inside);
        }

        writer.WriteEndObject();
        return true;
    }

    private bool IsUsable(string name, YamlNode key, string path, Dictionary<string, Place> seen)
    {
        if (!IsWellFormed(name))
        {
            ReportHalf(key.Place, path);
            return false;
        }

        if (name == "<<" && key.IsPlain)
        {
            Report(
                key.Place,
                path,
                "merge",
                "'<<' (merging) is not part of YAML 1.2 and not read",
                "write the keys out, or use 'defaults:'"
            );
            return false;
        }

        if (!seen.TryAdd(name, key.Place))
        {
            var fix = $"keep one of them; the first is in line {seen[name].Line}";
            Report(key.Place, path, "duplicate-key", $"{DocumentText.Quote(name)} is given more than once", fix);
            return false;
        }

        return true;
    }

    private bool WriteScalar(YamlNode node, string path)
    {
        var text = node.Text!;
        if (node.IsPlain && YamlScalar.ToJson(text) is { } json)
        {
            writer.WriteRawValue(json, skipInputValidation: true);
        }
        else if (IsWellFormed(text))
        {
            writer.WriteStringValue(text);
        }
        else
        {
            ReportHalf(node.Place, path);
            writer.WriteStringValue("");
        }

        return true;
    }

    /// <summary>A key without a value is a slip nearly always; whoever means "none" can say so.</summary>
    private void ReportEmpty(YamlNode node, string path)
    {
        if (node is { IsPlain: true, Text.Length: 0 })
        {
            var place = keys.TryGetValue(path, out var key) ? key : node.Place;
            Report(place, path, "empty", "there is no value here", "write one, or leave the key out (or write null)");
        }
    }

    private void ReportHalf(Place place, string path) =>
        Report(place, path, "text", "a text here has half of a surrogate pair", "write the whole character");

    private void Report(Place place, string path, string rule, string message, string fix) =>
        problems.Add(new(file, place.Line, place.Column, path, rule, message, fix));

    private static bool IsWellFormed(string text) =>
        !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || DocumentText.IsWellFormed(text);
}
