using System.Text;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Http;

/// <summary>A text with <c>{{variables}}</c> and <c>${secrets}</c>; <c>\{{</c> stands for a plain <c>{{</c>.</summary>
/// <remarks>The text is cut at its variables before any secret is read, and only what a person wrote is looked through for secrets:
/// a parameter whose value is <c>${env:KEY}</c> stays that text.</remarks>
internal sealed class Template
{
    private readonly IReadOnlyList<TemplatePart> _parts;

    private Template(IReadOnlyList<TemplatePart> parts) => _parts = parts;

    /// <summary>Whether what it renders to contains a secret.</summary>
    public bool HasSecret => _parts.Any(part => !part.IsVariable && part.Text.Contains("${", StringComparison.Ordinal));

    /// <param name="text">As written.</param>
    /// <param name="problem">What is wrong; null when nothing is.</param>
    public static Template Parse(string text, out string? problem)
    {
        problem = Secrets.Problem(text);
        var cut = TemplateText.Cut(text, TemplateValues.Knows, TemplateValues.Names, out var wrong);
        problem ??= wrong;
        return new Template(cut.Parts);
    }

    /// <summary>Puts in secrets and variables.</summary>
    /// <param name="values">The attempt's variables.</param>
    /// <param name="secrets">Remembers what was put in.</param>
    /// <param name="encode">Makes a variable's value safe for the place it goes to; null leaves it as it is.</param>
    /// <exception cref="TargetException">The run lacks a parameter.</exception>
    /// <exception cref="SecretMissingException">A secret is missing.</exception>
    public string Render(TemplateValues values, ResolvedSecrets secrets, Func<string, string>? encode = null)
    {
        if (_parts.Count == 1)
        {
            return secrets.Resolve(_parts[0].Text);
        }

        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            if (!part.IsVariable)
            {
                text.Append(secrets.Resolve(part.Text));
                continue;
            }

            var value = values.Get(part.Text);
            text.Append(encode is null ? value : encode(value));
        }

        return text.ToString();
    }
}
