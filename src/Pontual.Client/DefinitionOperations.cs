using System.Text.Json;

namespace Pontual.Client;

/// <summary>Files of definitions, as a whole.</summary>
public sealed class DefinitionOperations
{
    private readonly Wire _wire;

    internal DefinitionOperations(Wire wire) => _wire = wire;

    /// <summary>Makes the jobs what a file of definitions says, all of it or nothing.</summary>
    /// <param name="file">The file's text: YAML, or JSON, which is YAML.</param>
    /// <param name="dryRun">Whether to say only what would change.</param>
    /// <param name="prune">Whether jobs that the file does not name are removed.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>What changed, or would.</returns>
    [Operation("ApplyDefinitions")]
    public Task<Applied> ApplyAsync(string file, bool? dryRun = null, bool? prune = null, CancellationToken cancellation = default)
    {
        var call = new Call(HttpMethod.Post, "api/v1/apply")
        {
            Query = [("dry_run", dryRun), ("prune", prune)],
            Document = (file, "application/yaml"),
        };
        return _wire.SendAsync<Applied>(call, cancellation);
    }

    /// <summary>All calendars, limits of queues and jobs as a file of definitions in YAML. Secrets stand in it as references.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ExportDefinitions")]
    public Task<string> ExportAsync(CancellationToken cancellation = default) =>
        _wire.ReadTextAsync(Call.Get("api/v1/export") with { Accept = "application/yaml" }, cancellation);

    /// <summary>The JSON Schema of files of definitions, and of a job.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("Schema")]
    public Task<JsonElement> SchemaAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<JsonElement>(Call.Get("schema/pontual.schema.json") with { Accept = "application/schema+json" }, cancellation);
}

/// <summary>What applying changed, or would change.</summary>
/// <param name="Done">False for a dry run, and when there was nothing to change.</param>
/// <param name="Text">The changes as lines for people.</param>
/// <param name="Jobs">The changes, unchanged jobs included.</param>
/// <param name="Calendars">The same of calendars.</param>
/// <param name="Queues">The same of the limits of queues.</param>
/// <param name="Gateways">The same of gateways.</param>
public sealed record Applied(
    [property: System.Text.Json.Serialization.JsonPropertyName("applied")] bool Done,
    string Text,
    IReadOnlyList<DefinitionChange> Jobs,
    IReadOnlyList<DefinitionChange> Calendars,
    IReadOnlyList<DefinitionChange> Queues,
    IReadOnlyList<DefinitionChange> Gateways
);

/// <summary>What becomes of one definition.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Change"><c>create</c>, <c>update</c>, <c>unchanged</c> or <c>remove</c>.</param>
/// <param name="Fields">The values that differ.</param>
public sealed record DefinitionChange(string Name, string Change, IReadOnlyList<FieldChange> Fields);

/// <summary>One value of a definition that differs.</summary>
/// <param name="Path">Keys with dots between: <c>schedule.cron</c>.</param>
/// <param name="Before">The value; null when there was none.</param>
/// <param name="After">The same after the change; null when it is taken away.</param>
public sealed record FieldChange(string Path, string? Before, string? After);
