using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Pontual.Engine.Jobs;

/// <summary>A job's name inside its tenant: 1 to 128 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit.</summary>
/// <remarks>Compared ordinally. A <c>default</c> value is no name and throws when it is read.</remarks>
public readonly partial record struct JobName
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "use 1 to 128 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit";

    private readonly string? _text;

    private JobName(string text) => _text = text;

    /// <exception cref="FormatException"><paramref name="text"/> breaks the rule above; the message quotes it.</exception>
    public static JobName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a job name: {Rule}.");

    /// <returns>False when <paramref name="text"/> breaks the rule; <paramref name="name"/> is then no name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobName name)
    {
        var valid = text is not null && Shape().IsMatch(text);
        name = valid ? new JobName(text!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("This JobName was never set.");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,127}\z")]
    private static partial Regex Shape();
}
