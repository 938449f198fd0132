using System.Text.RegularExpressions;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Workers;

/// <summary>A program outside that claims runs over HTTP, by the name it gives itself inside its tenant. Several may share a name: what each holds, it holds by
/// the tokens of its claims.</summary>
/// <param name="Tenant">Whose runs it claims.</param>
/// <param name="Name">As <see cref="Rule"/> says.</param>
public readonly partial record struct WorkerName(TenantName Tenant, string Name)
{
    /// <summary>What a name looks like, in words.</summary>
    public const string Rule = "use 1 to 64 of letters, digits, '.', '_' and '-', starting with a letter or digit";

    private const string Prefix = "worker/";

    /// <summary>Its id among the nodes. No process of Pontual's has such a one, nor such a host.</summary>
    public string Node => $"{Prefix}{Tenant}/{Name}";

    /// <summary>Whether a text can be a worker's name.</summary>
    public static bool IsName(string text) => Shape().IsMatch(text);

    /// <summary>Whether a node is a program outside.</summary>
    public static bool IsNode(string? node) => node is not null && node.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether callers of a tenant may see a node: the installation's processes and their own workers; the default tenant sees all.</summary>
    public static bool MaySee(TenantName tenant, string node) =>
        tenant.IsDefault || !IsNode(node) || node.StartsWith($"{Prefix}{tenant}/", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Shape();
}
