using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Jobs;

/// <summary>A job's name and the tenant it is unique in: 1 to 128 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit.</summary>
/// <remarks>Compared ordinally. A <c>default</c> value is no name and throws when it is read. What people write is a name inside their tenant; for logs and
/// keys, names of any but the default tenant are written <c>tenant/name</c>.</remarks>
public readonly partial record struct JobName
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "use 1 to 128 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit";

    private readonly string? _text;

    private JobName(TenantName tenant, string text) => (Tenant, _text) = (tenant, text);

    /// <summary>Whose job it is.</summary>
    public TenantName Tenant { get; }

    /// <summary>The name inside its tenant.</summary>
    public string Text => _text ?? throw new InvalidOperationException("This JobName was never set.");

    /// <summary>The same name in another tenant.</summary>
    public JobName In(TenantName tenant) => new(tenant, Text);

    /// <summary>A name in the default tenant.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> breaks the rule above; the message quotes it.</exception>
    public static JobName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a job name: {Rule}.");

    /// <summary>Reads a name in the default tenant.</summary>
    /// <returns>False when <paramref name="text"/> breaks the rule; <paramref name="name"/> is then no name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobName name)
    {
        var valid = text is not null && Shape().IsMatch(text);
        name = valid ? new JobName(TenantName.Default, text!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Tenant.IsDefault ? Text : $"{Tenant}/{Text}";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,127}\z")]
    private static partial Regex Shape();
}
