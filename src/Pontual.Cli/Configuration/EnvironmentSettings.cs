using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;

namespace Pontual.Cli.Configuration;

/// <summary>Settings in environment variables: <c>PONTUAL__PUBLIC_URL</c> is the key <c>public-url</c>, <c>PONTUAL__QUEUES__MAIL</c> the entry
/// <c>mail</c> of <c>queues</c>; <c>RUN_MODE</c> is <c>role</c>, and <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is <c>otlp</c>. Lists are parted by commas.</summary>
internal static class EnvironmentSettings
{
    private const string Prefix = "PONTUAL__";
    private static readonly string[] Foreign = ["SUPABASE_PROJECT_REF"];
    private static readonly string[] Lists = ["urls", "role", "packs", "origins", "route-prefixes"];

    /// <summary>Reads the settings, and reports each that is wrong by the name of its variable.</summary>
    public static ServerSettings Read(IDictionary environment, ISecrets secrets, ICollection<string> problems)
    {
        var section = new JsonObject();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (environment["RUN_MODE"] is string { Length: > 0 } mode)
        {
            Put(section, names, "RUN_MODE", ["role"], mode);
        }

        if (environment["OTEL_EXPORTER_OTLP_ENDPOINT"] is string { Length: > 0 } collector)
        {
            Put(section, names, "OTEL_EXPORTER_OTLP_ENDPOINT", ["otlp"], collector);
        }

        foreach (var name in environment.Keys.OfType<string>().Where(IsOurs).Order(StringComparer.Ordinal))
        {
            var keys = name[Prefix.Length..].Split("__").Select(Key).ToList();
            Put(section, names, name, keys, (string?)environment[name] ?? "");
        }

        var found = new List<DocumentProblem>();
        var settings = ServerSettings.Read(JsonSerializer.SerializeToElement(section), "", found, secrets);
        foreach (var problem in found)
        {
            var name =
                names.GetValueOrDefault(problem.Path)
                ?? names.FirstOrDefault(known => problem.Path.StartsWith(known.Key, StringComparison.Ordinal)).Value;
            problems.Add($"environment variable {name}: {problem.Message}. Fix: {problem.Fix}.");
        }

        return settings;
    }

    /// <summary>The variables that are set, belong to the systems we replace, and mean nothing here (S5-03).</summary>
    public static IEnumerable<string> Ignored(IDictionary environment) =>
        Foreign.Where(name => environment[name] is string { Length: > 0 });

    private static bool IsOurs(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && name.Length > Prefix.Length;

    private static string Key(string part) => part.ToLowerInvariant().Replace('_', '-');

    private static void Put(JsonObject section, Dictionary<string, string> names, string name, IReadOnlyList<string> keys, string text)
    {
        names[$"/{string.Join('/', keys)}"] = name;
        var at = section;
        foreach (var key in keys.SkipLast(1))
        {
            if (at[key] is not JsonObject inner)
            {
                at[key] = inner = [];
            }

            at = inner;
        }

        at[keys[^1]] = keys is [var only] && Lists.Contains(only) ? List(text) : Value(text);
    }

    private static JsonArray List(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => (JsonNode)part)];

    private static JsonNode Value(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : text;
}
