using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Pontual.Engine.Tenants;

/// <summary>Who jobs, runs and calendars belong to: 1 to 64 of a-z, 0-9, '_' and '-', starting with a letter or digit.</summary>
/// <remarks>A <c>default</c> value is <see cref="Default"/>.</remarks>
public readonly partial record struct TenantName
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "use 1 to 64 of a-z, 0-9, '_' and '-', starting with a letter or digit";

    private const string DefaultText = "default";

    // Null for the default tenant, so that both spellings of it are equal.
    private readonly string? _text;

    private TenantName(string text) => _text = text == DefaultText ? null : text;

    /// <summary>The tenant of whoever does not speak of tenants.</summary>
    public static TenantName Default { get; }

    /// <summary>Whether it is <see cref="Default"/>.</summary>
    public bool IsDefault => _text is null;

    /// <exception cref="FormatException"><paramref name="text"/> breaks the rule above; the message quotes it.</exception>
    public static TenantName Parse(string text) =>
        TryParse(text, out var tenant) ? tenant : throw new FormatException($"'{text}' is not the name of a tenant: {Rule}.");

    /// <returns>False when <paramref name="text"/> breaks the rule.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out TenantName tenant)
    {
        var valid = text is not null && Shape().IsMatch(text);
        tenant = valid ? new TenantName(text!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? DefaultText;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z")]
    private static partial Regex Shape();
}
