using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pontual.Engine.Executing;

/// <summary>The secrets that one attempt has resolved, so that none of them shows in what the attempt prints. Not thread-safe while resolving.</summary>
public sealed class ResolvedSecrets(ISecrets secrets)
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Cover = "***";

    /// <summary>Shorter values are not masked: they would cover half of every text.</summary>
    public const int ShortestMasked = 4;

    private readonly List<string> _values = [];
    private int _shortest = int.MaxValue;
    private string[]? _forms;

    /// <summary>Replaces every reference in <paramref name="text"/> and remembers the values.</summary>
    /// <exception cref="SecretMissingException">As <see cref="ISecrets.Resolve"/>.</exception>
    public string Resolve(string text)
    {
        var before = _values.Count;
        var resolved = secrets.Resolve(text, _values);
        for (var i = before; i < _values.Count; i++)
        {
            Note(_values[i]);
        }

        return resolved;
    }

    /// <summary>Remembers a value made from secrets, such as the user and password of a URL.</summary>
    public void Remember(string value)
    {
        _values.Add(value);
        Note(value);
    }

    /// <summary>Covers every resolved value in <paramref name="text"/>, as it is and in its URL, base64 and JSON forms: .NET escapes more than the format asks for,
    /// JavaScript only that, and PHP slashes as well.</summary>
    public string Mask(string text)
    {
        // No form is shorter than its value, so that most short answers need no look at all.
        if (text.Length < _shortest)
        {
            return text;
        }

        foreach (var form in _forms ??= Forms())
        {
            text = text.Replace(form, Cover, StringComparison.Ordinal);
        }

        return text;
    }

    private static string Plain(string value) => JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private void Note(string value)
    {
        _forms = null;
        _shortest = value.Length < ShortestMasked ? _shortest : Math.Min(_shortest, value.Length);
    }

    /// <summary>Longest first, so that a secret that contains another one is covered whole.</summary>
    private string[] Forms() =>
        [
            .. _values
                .Where(value => value.Length >= ShortestMasked)
                .SelectMany(value =>
                    new[]
                    {
                        value,
                        Uri.EscapeDataString(value),
                        JsonEncodedText.Encode(value).ToString(),
                        Plain(value),
                        Plain(value).Replace("/", "\\/", StringComparison.Ordinal),
                        Convert.ToBase64String(Encoding.UTF8.GetBytes(value)),
                    }
                )
                .Distinct()
                .OrderByDescending(form => form.Length),
        ];
}
