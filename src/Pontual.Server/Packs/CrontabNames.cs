using System.Globalization;
using System.Text.RegularExpressions;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Packs;

/// <summary>Names for imported jobs: after the script that runs, made unique by numbers in the order of the lines. The same crontab gives the same names.</summary>
internal sealed partial class CrontabNames
{
    /// <summary>Programs that only start another one.</summary>
    private static readonly HashSet<string> Starters =
    [
        "sudo",
        "nice",
        "ionice",
        "nohup",
        "env",
        "exec",
        "timeout",
        "flock",
        "chronic",
        "setsid",
        "time",
        "php",
        "python",
        "python3",
        "perl",
        "ruby",
        "node",
        "bash",
        "sh",
        "cd",
    ];

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>A free name for a command.</summary>
    public string For(string command)
    {
        var plain = Base(command);
        var name = plain;
        for (var number = 2; _taken.Contains(name); number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{plain}-{number}");
        }

        return name;
    }

    /// <summary>Marks a name as given.</summary>
    public void Take(JobName name) => _taken.Add(name.ToString());

    private static string Base(string command)
    {
        var script = Script().Match(command);
        var words = script.Success ? script.Groups["name"].Value : string.Join('-', Words(command));
        var name = Unfit().Replace(words.ToLowerInvariant(), "-").Trim('-', '.', '_');
        return name.Length == 0 ? "job" : name[..Math.Min(name.Length, 100)];
    }

    /// <summary>The program and its first word that is no option: <c>artisan-schedule:run</c> of <c>php artisan schedule:run</c>.</summary>
    private static IEnumerable<string> Words(string command)
    {
        var own = LeadingChange().Replace(command, "");
        return own.Split([' ', '\t', ';', '|', '&', '(', ')', '\'', '"'], StringSplitOptions.RemoveEmptyEntries)
            .TakeWhile(word => word[0] is not ('>' or '<'))
            .Where(word => word[0] is not ('-' or '$') && !word.Contains('=', StringComparison.Ordinal) && !Number().IsMatch(word))
            .Select(word => word.TrimEnd('/').Split('/')[^1])
            .Where(word => !Starters.Contains(word))
            .Take(2);
    }

    [GeneratedRegex(
        @"(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)\.(?:php|sh|py|pl|rb|js|mjs|ts|jar|lua)(?![A-Za-z0-9_./-])",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Script();

    [GeneratedRegex(@"[^a-z0-9._-]+")]
    private static partial Regex Unfit();

    [GeneratedRegex(@"\Acd[ \t]+[^;&]+(?:&&|;)")]
    private static partial Regex LeadingChange();

    [GeneratedRegex(@"\A[0-9.:]+[smhd]?\z")]
    private static partial Regex Number();
}
