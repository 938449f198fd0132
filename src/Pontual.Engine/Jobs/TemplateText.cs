using System.Text.Json;

namespace Pontual.Engine.Jobs;

/// <summary>A text cut at its <c>{{variables}}</c>; <c>\{{</c> stands for a plain <c>{{</c>. The one template language of job documents.</summary>
public sealed class TemplateText
{
    private TemplateText(IReadOnlyList<TemplatePart> parts) => Parts = parts;

    /// <summary>Plain texts and variables in their order; the last is always plain.</summary>
    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <param name="text">As written.</param>
    /// <param name="knows">Whether there is a variable of a name.</param>
    /// <param name="names">What variables there are, for messages.</param>
    /// <param name="problem">What is wrong; null when nothing is.</param>
    public static TemplateText Cut(string text, Func<string, bool> knows, string names, out string? problem)
    {
        problem = null;
        var parts = new List<TemplatePart>();
        var done = 0;
        for (var at = Find(text, 0); at >= 0; at = Find(text, done))
        {
            if (at > done && text[at - 1] == '\\')
            {
                parts.Add(new(text[done..(at - 1)] + "{{", IsVariable: false));
                done = at + 2;
                continue;
            }

            var end = text.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0)
            {
                problem ??= "A variable is not closed: end {{… with }}, or write \\{{ for a plain {{";
                break;
            }

            var name = text[(at + 2)..end].Trim();
            problem ??= knows(name) ? null : $"{{{{{name}}}}} is no variable: use {names}";
            parts.Add(new(text[done..at], IsVariable: false));
            parts.Add(new(name, IsVariable: true));
            done = end + 2;
        }

        parts.Add(new(text[done..], IsVariable: false));
        return new TemplateText(parts);
    }

    /// <summary>A parameter's value as text: a text's letters, else its JSON.</summary>
    /// <param name="parameters">The run's parameters.</param>
    /// <param name="path">Names from the outside in, parted by dots.</param>
    /// <returns>Null when there is none.</returns>
    public static string? Parameter(JsonElement parameters, string path)
    {
        var value = parameters;
        foreach (var step in path.Split('.'))
        {
            if (value.ValueKind is not JsonValueKind.Object || !value.TryGetProperty(step, out var inner))
            {
                return null;
            }

            value = inner;
        }

        return value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }

    private static int Find(string text, int from) => text.IndexOf("{{", from, StringComparison.Ordinal);
}

/// <summary>A piece of a template: a text to keep, or the name of a variable.</summary>
public readonly record struct TemplatePart(string Text, bool IsVariable);
