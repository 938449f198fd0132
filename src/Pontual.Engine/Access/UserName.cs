using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Access;

/// <summary>A user's name and the tenant it is unique in; an e-mail address is one: 1 to 128 of a-z, 0-9, '.', '_', '+', '-' and '@', starting with a letter or digit.</summary>
/// <remarks>Compared ordinally. A <c>default</c> value is no name and throws when it is read. Who logs in writes <c>tenant/name</c>, and the bare name for
/// the default tenant.</remarks>
public readonly partial record struct UserName
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule =
        "use 1 to 128 of a-z, 0-9, '.', '_', '+', '-' and '@', starting with a letter or digit; an e-mail address in small letters will do";

    private readonly string? _text;

    private UserName(TenantName tenant, string text) => (Tenant, _text) = (tenant, text);

    /// <summary>Whose jobs the user sees and changes.</summary>
    public TenantName Tenant { get; }

    /// <summary>The name inside its tenant.</summary>
    public string Text => _text ?? throw new InvalidOperationException("This UserName was never set.");

    /// <summary>The same name in another tenant.</summary>
    public UserName In(TenantName tenant) => new(tenant, Text);

    /// <summary>A name in the default tenant.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> breaks the rule above; the message quotes it.</exception>
    public static UserName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a user's name: {Rule}.");

    /// <summary>Reads a name in the default tenant.</summary>
    /// <returns>False when <paramref name="text"/> breaks the rule; <paramref name="name"/> is then no name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserName name)
    {
        var valid = text is not null && Shape().IsMatch(text);
        name = valid ? new UserName(TenantName.Default, text!) : default;
        return valid;
    }

    /// <summary>Reads a name as one writes it to log in: <c>tenant/name</c>, or a bare name of the default tenant.</summary>
    /// <returns>False when <paramref name="text"/> is neither.</returns>
    public static bool TryParseWhole([NotNullWhen(true)] string? text, out UserName name)
    {
        name = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0)
        {
            return TryParse(text, out name);
        }

        if (!TenantName.TryParse(text![..slash], out var tenant) || !TryParse(text[(slash + 1)..], out name))
        {
            return false;
        }

        name = name.In(tenant);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Tenant.IsDefault ? Text : $"{Tenant}/{Text}";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._+@-]{0,127}\z")]
    private static partial Regex Shape();
}
