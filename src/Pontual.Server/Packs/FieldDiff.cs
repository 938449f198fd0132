using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Packs;

/// <summary>One value of a job that differs.</summary>
/// <param name="Path">Keys with dots between: <c>schedule.cron</c>.</param>
/// <param name="Before">The value as JSON, texts without quotes where they are one word; null when there was none.</param>
/// <param name="After">The same after the change; null when it is taken away.</param>
public sealed record FieldDiff(string Path, string? Before, string? After)
{
    /// <summary>What a key means when it is left out, so that a change from or to it tells both sides.</summary>
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["timeout"] = Duration.Format(JobDefinition.DefaultTimeout),
        ["overlap"] = "skip",
        ["catch-up"] = "latest",
        ["catch-up-window"] = Duration.Format(JobDefinition.DefaultCatchUpWindow),
        ["critical"] = "false",
        ["sla"] = "auto",
        ["queue"] = JobDefinition.DefaultQueue,
        ["priority"] = "0",
    };

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static IEnumerable<FieldDiff> Between(JobDefinition? before, JobDefinition after)
    {
        var old = before is null ? [] : Leaves(before);
        var young = Leaves(after);
        var paths = young.Keys.Concat(old.Keys.Except(young.Keys, StringComparer.Ordinal)).OrderBy(Rank);
        foreach (var path in paths.Where(path => path != "name"))
        {
            var (was, becomes) = (old.GetValueOrDefault(path), young.GetValueOrDefault(path));
            if (was != becomes)
            {
                yield return new FieldDiff(path, was ?? Implied(path, before is not null), becomes ?? Implied(path, isThere: true));
            }
        }
    }

    private static string? Implied(string path, bool isThere) =>
        isThere && Defaults.TryGetValue(path, out var value) ? $"{value} (default)" : null;

    private static int Rank(string path)
    {
        var top = path.Split('.')[0];
        return JobDocument.Keys.TakeWhile(key => key != top).Count();
    }

    private static Dictionary<string, string> Leaves(JobDefinition job)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in JobDocument.Write(job))
        {
            Add(key, value);
        }

        return leaves;

        void Add(string path, JsonNode? value)
        {
            if (value is JsonObject { Count: > 0 } entries)
            {
                foreach (var (key, inside) in entries)
                {
                    Add($"{path}.{key}", inside);
                }
            }
            else
            {
                leaves[path] = Shown(value);
            }
        }
    }

    internal static string Shown(JsonNode? value) =>
        value?.GetValueKind() is JsonValueKind.String
        && value.GetValue<string>() is var text
        && text.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/')
            ? text
            : value?.ToJsonString(Plain) ?? "null";
}
