using System.Text.Json;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Registry;
using Pontual.Server.Checks;

namespace Pontual.Server.Packs;

/// <summary>Reads <c>gateways:</c> of a file of definitions, compares them with those that are there, and puts them.</summary>
/// <remarks>Gateways are put before the jobs, each by itself: a job that fails for want of one says so. None is ever removed by a file, for its channels have a history.</remarks>
public sealed class PackGateways(GatewayStore gateways, IRandomBytes random, TimeProvider time)
{
    /// <summary>The gateways, each with its JSON pointer; those with problems are not among them.</summary>
    internal static IEnumerable<(GatewayDefinition Gateway, string Path)> Read(JsonElement root, ICollection<DocumentProblem> problems)
    {
        if (
            root.ValueKind is not JsonValueKind.Object
            || !root.TryGetProperty("gateways", out var list)
            || list.ValueKind is JsonValueKind.Null
        )
        {
            yield break;
        }

        if (list.ValueKind is not JsonValueKind.Array)
        {
            problems.Add(
                new("/gateways", "type", $"{DocumentText.Quote(list)} is not a list of gateways", "begin each gateway with '- name:'")
            );
            yield break;
        }

        var index = 0;
        foreach (var json in list.EnumerateArray())
        {
            var path = $"/gateways/{index++}";
            if (GatewayDocument.Read(json, path, problems) is { } gateway)
            {
                yield return (gateway, path);
            }
        }
    }

    /// <summary>What putting them would change.</summary>
    internal async Task<IReadOnlyList<GatewayDiff>> CompareAsync(
        TenantName tenant,
        IReadOnlyList<GatewayDefinition> wished,
        CancellationToken cancellation
    )
    {
        if (wished.Count == 0)
        {
            return [];
        }

        var there = (await gateways.ListAsync(tenant, cancellation)).ToDictionary(
            gateway => gateway.Definition.Name,
            gateway => gateway.Definition,
            StringComparer.Ordinal
        );
        return [.. wished.Select(gateway => GatewayDiff.Between(there.GetValueOrDefault(gateway.Name), gateway))];
    }

    /// <summary>Puts those that differ.</summary>
    internal async Task PutAsync(
        TenantName tenant,
        IReadOnlyList<GatewayDefinition> wished,
        IReadOnlyList<GatewayDiff> diff,
        Actor by,
        CancellationToken cancellation
    )
    {
        var changed = diff.Where(one => one.Kind is not JobDiffKind.Unchanged).Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gateway in wished.Where(gateway => changed.Contains(gateway.Name)))
        {
            var key = CheckSecrets.New(random).Ping;
            await gateways.PutAsync(gateway with { Tenant = tenant }, key, expected: null, by, time.GetUtcNow(), cancellation);
        }
    }
}

/// <summary>What becomes of one gateway.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Fields">Keys that differ, in the documented order; empty for unchanged gateways.</param>
public sealed record GatewayDiff(string Name, JobDiffKind Kind, IReadOnlyList<FieldDiff> Fields)
{
    internal static GatewayDiff Between(GatewayDefinition? before, GatewayDefinition after)
    {
        var fields = GatewayDocument
            .Keys.Select(key => new FieldDiff(key, Shown(before, key), Shown(after, key)))
            .Where(field => field.Before != field.After)
            .ToList();
        var kind =
            before is null ? JobDiffKind.Create
            : fields.Count > 0 ? JobDiffKind.Update
            : JobDiffKind.Unchanged;
        return new GatewayDiff(after.Name, kind, fields);
    }

    private static string? Shown(GatewayDefinition? gateway, string key) =>
        gateway is not null && GatewayDocument.Write(gateway)[key] is { } value ? FieldDiff.Shown(value) : null;
}
