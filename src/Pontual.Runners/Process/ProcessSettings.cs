using System.Text.Json;
using System.Text.RegularExpressions;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Process;

/// <summary>A <c>process</c> target as it is written, secrets unresolved.</summary>
internal sealed partial record ProcessSettings
{
    private const int LongestText = DocumentText.LongestText;

    private static readonly string[] Keys =
    [
        "command",
        "argv",
        "shell",
        "cwd",
        "env",
        "user",
        "stdin",
        "success-codes",
        "rotate",
        "detach",
        "result",
    ];

    private static readonly Dictionary<string, ResultFrom> Results = new()
    {
        ["file"] = ResultFrom.File,
        ["last-line"] = ResultFrom.LastLine,
    };

    /// <summary>A line for the shell; null when <see cref="Arguments"/> are given.</summary>
    public string? Command { get; private init; }

    /// <summary>Program and arguments; null when <see cref="Command"/> is given.</summary>
    public IReadOnlyList<string>? Arguments { get; private init; }

    public string Shell { get; private init; } = "/bin/sh";

    /// <summary>Working folder; null means the user's home.</summary>
    public string? Folder { get; private init; }

    public IReadOnlyDictionary<string, string> Environment { get; private init; } = new Dictionary<string, string>();

    public string? User { get; private init; }

    /// <summary>What it reads from standard input; null for nothing.</summary>
    public string? Input { get; private init; }

    public IReadOnlySet<int> SuccessCodes { get; private init; } = new HashSet<int> { 0 };

    /// <summary>Files that the command itself redirects to, to be rotated by copying.</summary>
    public IReadOnlyList<string> Rotate { get; private init; } = [];

    /// <summary>What it leaves running in the background may stay.</summary>
    public bool Detach { get; private init; }

    public ResultFrom ResultFrom { get; private init; }

    /// <summary>Reads settings and reports everything that is wrong with them.</summary>
    /// <returns>Null when they are no object; not to be used when anything was reported.</returns>
    public static ProcessSettings? Read(JsonElement settings, List<DocumentProblem> problems)
    {
        if (DocumentObject.Open(settings, "", problems, Keys) is not { } target)
        {
            return null;
        }

        RequireOneOfCommandAndArguments(target);
        return new ProcessSettings
        {
            Command = NotEmpty(target, "command"),
            Arguments = Texts(target, "argv", problems, leastOne: true),
            Shell = NotEmpty(target, "shell") ?? "/bin/sh",
            Folder = NotEmpty(target, "cwd"),
            Environment = Variables(target, problems),
            User = NotEmpty(target, "user"),
            Input = Checked(target, "stdin", target.Text("stdin", LongestText)),
            SuccessCodes = Codes(target, problems),
            Rotate = Texts(target, "rotate", problems, leastOne: false) ?? [],
            Detach = target.Flag("detach") ?? false,
            ResultFrom = target.TryWord("result", Results, out var from) ? from : ResultFrom.File,
        };
    }

    /// <summary>The same with all secrets in place.</summary>
    /// <exception cref="SecretMissingException">A secret is not there.</exception>
    public ProcessSettings Resolve(ResolvedSecrets secrets)
    {
        return this with
        {
            Command = Resolved(Command),
            Arguments = Arguments?.Select(argument => Resolved(argument)!).ToList(),
            Shell = Resolved(Shell)!,
            Folder = Resolved(Folder),
            Environment = Environment.ToDictionary(variable => variable.Key, variable => Resolved(variable.Value)!),
            User = Resolved(User),
            Input = Resolved(Input),
            Rotate = [.. Rotate.Select(path => Resolved(path)!)],
        };

        string? Resolved(string? text) => text is null ? null : secrets.Resolve(OnlySecrets(text));
    }

    /// <summary>The shell has its own <c>${NAME}</c>: only references to secrets are ours here.</summary>
    private static string OnlySecrets(string text) => ShellReference().Replace(text, "$$$${");

    private static void RequireOneOfCommandAndArguments(DocumentObject target)
    {
        const string Fix = "write command: \"a line for the shell\" or argv: [program, argument, …]";
        if (target.Has("command") && target.Has("argv"))
        {
            target.Report("argv", "exclusive", "'command' and 'argv' are both given", Fix);
        }
        else if (!target.Has("argv"))
        {
            target.Require("command", Fix);
        }

        if (target.Has("argv") && target.Has("shell"))
        {
            target.Report("shell", "exclusive", "'shell' is given, but no shell runs an argv", "leave it out, or use command");
        }
    }

    private static string? NotEmpty(DocumentObject target, string key)
    {
        var text = target.Text(key, LongestText);
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            target.Report(key, "empty", $"'{key}' is empty", "write it or leave the key out");
        }

        return Checked(target, key, text);
    }

    private static string? Checked(DocumentObject target, string key, string? text)
    {
        if (text is not null && Secrets.Problem(OnlySecrets(text)) is { } problem)
        {
            target.Report(key, "secret", problem, "correct the reference");
        }

        return text;
    }

    private static List<string>? Texts(DocumentObject target, string key, List<DocumentProblem> problems, bool leastOne)
    {
        if (target.Get(key) is not { } list)
        {
            return null;
        }

        if (list.ValueKind is not JsonValueKind.Array)
        {
            target.Report(key, "type", $"{DocumentText.Quote(list)} is not a list", $"write {key}: [\"…\", \"…\"]");
            return null;
        }

        if (leastOne && (list.GetArrayLength() == 0 || list[0] is { ValueKind: JsonValueKind.String } first && first.ValueEquals("")))
        {
            target.Report(key, "empty", $"'{key}' names no program", "put the program first");
        }

        var texts = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            var at = $"{target.PathOf(key)}/{texts.Count}";
            var text = "";
            if (item.ValueKind is not JsonValueKind.String)
            {
                problems.Add(new(at, "type", $"{DocumentText.Quote(item)} is not a text", "put it in quotes"));
            }
            else if (DocumentText.TryRead(item, out var read) && Secrets.Problem(OnlySecrets(text = read)) is { } problem)
            {
                problems.Add(new(at, "secret", problem, "correct the reference"));
            }

            texts.Add(text);
        }

        return texts;
    }

    private static Dictionary<string, string> Variables(DocumentObject target, List<DocumentProblem> problems)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (target.Get("env") is not { } env || DocumentObject.Open(env, target.PathOf("env"), problems) is not { } list)
        {
            return variables;
        }

        foreach (var name in list.Keys)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
            {
                list.Report(name, "name", $"{DocumentText.Quote(name)} cannot name a variable", "use a name without '='");
            }
            else if (name.StartsWith("PONTUAL_", StringComparison.Ordinal))
            {
                list.Report(name, "reserved", $"{name} is set by Pontual", "use another name");
            }

            variables[name] = Checked(list, name, list.Text(name, LongestText)) ?? "";
        }

        return variables;
    }

    private static HashSet<int> Codes(DocumentObject target, List<DocumentProblem> problems)
    {
        if (target.Get("success-codes") is not { } list)
        {
            return [0];
        }

        const string Fix = "write success-codes: [0, 3] with numbers from 0 to 255";
        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            target.Report("success-codes", "type", $"{DocumentText.Quote(list)} is not a list of exit codes", Fix);
            return [0];
        }

        var codes = new HashSet<int>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind is JsonValueKind.Number && item.TryGetInt32(out var code) && code is >= 0 and <= 255)
            {
                codes.Add(code);
                continue;
            }

            problems.Add(new($"{target.PathOf("success-codes")}/{index}", "range", $"{DocumentText.Quote(item)} is not an exit code", Fix));
        }

        return codes;
    }

    [GeneratedRegex(@"(?<!\$)\$\{(?!env:|file:)")]
    private static partial Regex ShellReference();
}

/// <summary>Where a program's JSON result is read from.</summary>
internal enum ResultFrom
{
    /// <summary>The file that <c>PONTUAL_RESULT</c> names.</summary>
    File,

    /// <summary>That file, or else the last line printed.</summary>
    LastLine,
}
