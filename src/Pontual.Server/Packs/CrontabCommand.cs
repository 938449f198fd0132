using System.Text;
using System.Text.RegularExpressions;

namespace Pontual.Server.Packs;

/// <summary>The command of a crontab line: what the shell gets, what it reads, and where its output goes.</summary>
/// <param name="Text">For the shell.</param>
/// <param name="Input">Standard input; null for none.</param>
/// <param name="Log">The job's own log, when the line ended with <c>>> ABSOLUTE-PATH 2>&amp;1</c>.</param>
/// <param name="Rotate">Files that the shell appends to, absolute.</param>
/// <param name="Notes">What a person should know.</param>
internal sealed partial record CrontabCommand(
    string Text,
    string? Input,
    string? Log,
    IReadOnlyList<string> Rotate,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Reads all that stands after the schedule.</summary>
    /// <param name="line">The rest of the line.</param>
    /// <param name="home">Where it runs; null when it is not known.</param>
    public static CrontabCommand Read(string line, string? home)
    {
        var (text, input) = AtPercent(line);
        var shell = ShellText.Read(text);
        if (OwnLog(shell) is { } log)
        {
            return new CrontabCommand(text[..shell.Redirections[0].Start].TrimEnd(), input, log, [], []);
        }

        var rotate = new List<string>();
        var notes = new List<string>();
        var folder = ShellText.FolderOf(text, home);
        foreach (var redirection in shell.Redirections.Where(redirection => redirection.Target is not null))
        {
            notes.Add(Judge(redirection, folder, home, rotate));
        }

        return new CrontabCommand(text, input, null, [.. rotate.Distinct(StringComparer.Ordinal)], notes);
    }

    /// <summary>A text that must come through unchanged where <c>${env:…}</c> and <c>${file:…}</c> are references to secrets.</summary>
    public static string Literal(string text) => Reference().Replace(text, "$$$0");

    /// <summary>The first bare % ends the command; what follows is its input, each further % a line break; \% is a plain one.</summary>
    private static (string Text, string? Input) AtPercent(string line)
    {
        var command = new StringBuilder();
        StringBuilder? input = null;
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '\\' && at + 1 < line.Length && line[at + 1] == '%')
            {
                (input ?? command).Append('%');
                at++;
            }
            else if (line[at] != '%')
            {
                (input ?? command).Append(line[at]);
            }
            else if (input is null)
            {
                input = new StringBuilder();
            }
            else
            {
                input.Append('\n');
            }
        }

        var text = input is { Length: > 0 } && input[^1] != '\n' ? input.Append('\n') : input;
        return (command.ToString().TrimEnd(' ', '\t'), text is { Length: > 0 } ? text.ToString() : null);
    }

    /// <summary>The file of a simple command's trailing <c>>> ABSOLUTE-PATH 2>&amp;1</c>; null for any other command.</summary>
    private static string? OwnLog(ShellText shell) =>
        shell is { IsSimple: true, Redirections: [{ Operator: ">>", From: 1, Path: { } path } append, { IsErrorToOutput: true } both] }
        && path.StartsWith('/')
        && append.Start > 0
        && both.End == shell.Text.Length
        && shell.Text[append.End..both.Start].Trim().Length == 0
        && !path.StartsWith("/dev/", StringComparison.Ordinal)
        && !path.EndsWith('/')
        && !path.Split('/').Contains("..", StringComparer.Ordinal)
            ? path
            : null;

    private static string Judge(ShellRedirection redirection, string? folder, string? home, List<string> rotate)
    {
        var path = ShellText.Resolve(redirection, folder, home);
        if (path?.StartsWith("/dev/", StringComparison.Ordinal) == true)
        {
            return $"its output goes to {path}, so its runs show none: take '{redirection.Operator}' out to keep it";
        }

        if (!redirection.Operator.EndsWith(">>", StringComparison.Ordinal))
        {
            return $"the shell overwrites {path ?? redirection.Target} at each run; the output is there and not in the run";
        }

        if (path is null)
        {
            return $"the shell appends its output to {redirection.Target}; only it knows where that is, so nothing rotates the file";
        }

        rotate.Add(path);
        return $"the shell appends its output to {path}; the file is rotated by copying and emptying it";
    }

    [GeneratedRegex(@"(?<=\$)\$\{|\$\{(?=(?:env|file):)")]
    private static partial Regex Reference();
}
