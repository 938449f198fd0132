using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pontual.Engine.Jobs;

namespace Pontual.Engine.Limits;

/// <summary>The limit that a job's runs stand under: all runs whose key comes to the same text share it, whichever job they are of.</summary>
/// <param name="Key">A text, or a template over the run: <c>chip-{{parameters.chip}}</c>.</param>
/// <param name="Bound">How much.</param>
public sealed record JobLimit(string Key, Limit Bound)
{
    /// <summary>The longest key; what comes out longer is cut and told apart by a hash.</summary>
    public const int LongestKey = 200;

    /// <summary>What there is to put into a key, for messages.</summary>
    public const string Variables = "job or parameters.NAME";

    private const string Parameters = "parameters.";

    private readonly TemplateText _template = TemplateText.Cut(Key, Knows, Variables, out _);

    /// <summary>Whether the key depends on what a run was asked for with.</summary>
    public bool NeedsParameters => _template.Parts.Any(part => part.IsVariable && part.Text != "job");

    /// <summary>Whether a key may use a variable.</summary>
    public static bool Knows(string name) =>
        name == "job" || (name.StartsWith(Parameters, StringComparison.Ordinal) && name.Split('.').All(step => step.Length > 0));

    /// <summary>The first parameter that the key needs and these do not have; null when there is none.</summary>
    /// <param name="parameters">JSON object; null for none.</param>
    public string? Missing(string? parameters)
    {
        if (!NeedsParameters)
        {
            return null;
        }

        var json = JsonElement.Parse(parameters ?? "{}");
        return _template.Parts.FirstOrDefault(part => part.IsVariable && Value(part.Text, json) is null).Text;
    }

    /// <summary>The key of a run, unique to its tenant. A parameter that is missing comes to nothing.</summary>
    public string KeyOf(JobName job, string? parameters)
    {
        var json = NeedsParameters ? JsonElement.Parse(parameters ?? "{}") : default;
        var text = new StringBuilder(job.Tenant.IsDefault ? "" : $"{job.Tenant}/");
        foreach (var part in _template.Parts)
        {
            text.Append(
                !part.IsVariable ? part.Text
                : part.Text == "job" ? job.Text
                : Value(part.Text, json)
            );
        }

        return Storable(text.ToString());
    }

    /// <inheritdoc/>
    public bool Equals(JobLimit? other) => other is not null && Key == other.Key && Bound == other.Bound;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Bound);

    private static string? Value(string variable, JsonElement parameters) =>
        variable == "job" ? "" : TemplateText.Parameter(parameters, variable[Parameters.Length..]);

    // A key stands in an index and in lists: short, and without what neither takes.
    private static string Storable(string key)
    {
        if (key.Length <= LongestKey && !key.Any(char.IsControl))
        {
            return key;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16];
        var plain = string.Concat(key.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter)));
        return $"{plain[..Math.Min(plain.Length, LongestKey - 20)]}…{hash}";
    }
}
