using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Packs;

/// <summary>Reads <c>calendars:</c> of a file of definitions. An <c>ical-file</c> is read from beside the file and stands in it as <c>ical</c>.</summary>
internal static class PackCalendars
{
    private const string FileKey = "ical-file";

    /// <summary>The calendars, each with its JSON pointer; those with problems are not among them.</summary>
    public static IEnumerable<(CalendarDefinition Calendar, string Path)> Read(
        JsonElement root,
        PackFile file,
        ICollection<DocumentProblem> problems
    )
    {
        if (
            root.ValueKind is not JsonValueKind.Object
            || !root.TryGetProperty("calendars", out var list)
            || list.ValueKind is JsonValueKind.Null
        )
        {
            yield break;
        }

        if (list.ValueKind is not JsonValueKind.Array)
        {
            problems.Add(
                new("/calendars", "type", $"{DocumentText.Quote(list)} is not a list of calendars", "begin each calendar with '- name:'")
            );
            yield break;
        }

        var index = 0;
        foreach (var json in list.EnumerateArray())
        {
            var path = $"/calendars/{index++}";
            if (WithFile(json, path, file, problems) is { } whole && CalendarDocument.Read(whole, path, problems) is { } calendar)
            {
                yield return (calendar, path);
            }
        }
    }

    private static JsonElement? WithFile(JsonElement json, string path, PackFile file, ICollection<DocumentProblem> problems)
    {
        if (json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty(FileKey, out var named))
        {
            return json;
        }

        var (text, problem) =
            !DocumentText.TryRead(named, out var name) ? (null, $"{DocumentText.Quote(named)} is not a path")
            : file.Folder is null ? (null, "files beside definitions that were sent cannot be read here")
            : json.TryGetProperty("ical", out _) ? (null, "'ical' is there too")
            : Load(System.IO.Path.Combine(file.Folder, name));
        if (text is null)
        {
            problems.Add(new($"{path}/{FileKey}", "file", problem!, "give the path of an iCalendar file, or its text under 'ical'"));
            return null;
        }

        var whole = new JsonObject();
        foreach (var property in json.EnumerateObject())
        {
            whole[property.Name == FileKey ? "ical" : property.Name] =
                property.Name == FileKey ? JsonValue.Create(text) : JsonNode.Parse(property.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(whole);
    }

    private static (string? Text, string? Problem) Load(string path)
    {
        try
        {
            return new FileInfo(path).Length > DocumentText.LongestText
                ? (null, $"'{path}' is larger than {DocumentText.LongestText / 1024} KiB")
                : (File.ReadAllText(path, new UTF8Encoding(false)).TrimStart('\uFEFF'), null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, failure.Message.TrimEnd('.'));
        }
    }
}
