using System.Text.Json;

namespace Pontual.Engine.Jobs;

/// <summary>What a job points at: a kind that a runner serves, and that runner's settings as they were written.</summary>
/// <param name="Kind">"http", "process", "handler", …</param>
/// <param name="Settings">The JSON object under the kind. Secrets stand in it as <c>${env:NAME}</c> or <c>${file:PATH}</c>; only an attempt resolves them.</param>
public sealed record Target(string Kind, JsonElement Settings)
{
    /// <summary>Same kind and the same settings, whatever their spacing.</summary>
    public bool Equals(Target? other) => other is not null && Kind == other.Kind && JsonElement.DeepEquals(Settings, other.Settings);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind.GetHashCode(StringComparison.Ordinal);
}
