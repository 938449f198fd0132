using System.Text.Json;
using System.Text.RegularExpressions;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Packs;

/// <summary>What a file of definitions is checked against besides its own rules.</summary>
/// <param name="target">Asks the runners what they find in a target; null to look at its shape only.</param>
/// <param name="secrets">Where <c>${env:…}</c> and <c>${file:…}</c> of targets must be found; null when the jobs will run elsewhere.</param>
public sealed partial class PackChecks(Func<Target, TenantName, IEnumerable<DocumentProblem>>? target = null, ISecrets? secrets = null)
{
    /// <summary>Shape only: no runner and no secret is asked.</summary>
    public static PackChecks None { get; } = new();

    /// <summary>Checks by the runners of this process; a kind that none of them serves is a problem.</summary>
    /// <param name="runners">All runners.</param>
    /// <param name="secrets">As above.</param>
    public static PackChecks By(IEnumerable<IRunner> runners, ISecrets? secrets = null)
    {
        var byKind = runners.ToDictionary(runner => runner.Kind);
        return new PackChecks(
            (target, tenant) =>
                byKind.TryGetValue(target.Kind, out var runner)
                    ? runner.Check(target.Settings, tenant)
                    : [Unknown(target.Kind, byKind.Keys)],
            secrets
        );
    }

    /// <summary>Where secrets are found; null when they are not to be looked for.</summary>
    internal ISecrets? SecretsOf => secrets;

    /// <summary>All that is wrong with a target; paths relative to its settings. Values of secrets are never shown.</summary>
    /// <param name="checkedTarget">As written.</param>
    /// <param name="tenant">Whose job it is.</param>
    public IEnumerable<DocumentProblem> Check(Target checkedTarget, TenantName tenant) =>
        [
            .. target?.Invoke(checkedTarget, tenant) ?? [],
            .. Texts(checkedTarget.Settings, "").SelectMany(text => Missing(text.Path, text.Text)),
        ];

    /// <summary>Only references to secrets: a shell's own <c>${NAME}</c> is the runner's to judge.</summary>
    private IEnumerable<DocumentProblem> Missing(string path, string text)
    {
        if (secrets is null)
        {
            yield break;
        }

        foreach (var reference in Reference().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal))
        {
            string? missing = null;
            try
            {
                secrets.Resolve(reference);
            }
            catch (SecretMissingException problem)
            {
                missing = problem.Message;
            }

            if (missing is not null)
            {
                yield return Problem(path, missing);
            }
        }
    }

    /// <summary>The message of a missing secret says the fix after its first colon-and-blank; the reader of a list wants both parts apart.</summary>
    internal static DocumentProblem Problem(string path, string message)
    {
        var split = message.IndexOf(": ", StringComparison.Ordinal);
        return split < 0
            ? new(path, "secret", message.TrimEnd('.'), "use ${env:NAME} or ${file:PATH}")
            : new(path, "secret", message[..split], message[(split + 2)..].TrimEnd('.'));
    }

    private static DocumentProblem Unknown(string kind, IEnumerable<string> kinds) =>
        new(
            "",
            "target",
            $"{DocumentText.Quote(kind)} is not a kind of target here",
            $"{DidYouMean.Hint(kind, kinds)}use one of {string.Join(", ", kinds.Order(StringComparer.Ordinal))}"
        );

    private static IEnumerable<(string Path, string Text)> Texts(JsonElement json, string path) =>
        json.ValueKind switch
        {
            JsonValueKind.String => [(path, json.GetString()!)],
            JsonValueKind.Array => json.EnumerateArray().SelectMany((item, index) => Texts(item, $"{path}/{index}")),
            JsonValueKind.Object => json.EnumerateObject()
                .SelectMany(item => Texts(item.Value, $"{path}/{DocumentText.Escape(item.Name)}")),
            _ => [],
        };

    [GeneratedRegex(@"(?<!\$)\$\{(?:env|file):[^}]+\}")]
    private static partial Regex Reference();
}
