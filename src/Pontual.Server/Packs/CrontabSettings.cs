using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Zones;

namespace Pontual.Server.Packs;

/// <summary>What the settings of a crontab (<c>NAME=value</c>) say so far, and the jobs that are made under them.</summary>
internal sealed partial class CrontabSettings(CrontabOptions options)
{
    private const string UsualShell = "/bin/sh";

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private string _shell = UsualShell;
    private string _zone = options.Zone;
    private string? _home;

    /// <summary>Where the owner's commands run.</summary>
    public string Home => _home ?? options.Home;

    /// <summary>Where a user's commands run; null when it is not known here.</summary>
    public string? HomeOf(string user) => _home ?? options.HomeOf(user);

    /// <summary>A setting; cron allows blanks around '=' and quotes around the name.</summary>
    [GeneratedRegex(
        """\A(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)|"(?<name>[^"=]+)"|'(?<name>[^'=]+)')[ \t]*=[ \t]*(?<value>.*)\z""",
        RegexOptions.ExplicitCapture
    )]
    public static partial Regex Setting();

    /// <summary>A value without the quotes around it. Cron expands nothing in it.</summary>
    public static string Unquoted(string value)
    {
        var text = value.TrimEnd(' ', '\t');
        return text.Length > 1 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : text;
    }

    /// <summary>Takes a setting.</summary>
    /// <returns>What there is to say about it; null for nothing.</returns>
    public string? Set(string name, string value)
    {
        switch (name)
        {
            case "SHELL":
                _shell = value.Length == 0 ? UsualShell : value;
                return null;
            case "HOME":
                _home = value.Length == 0 ? null : value;
                return null;
            case "CRON_TZ":
                _zone = value.Length == 0 ? options.Zone : value;
                return Zone.TryParse(_zone, out _) ? null : "this is not a time zone: the lines below it cannot be imported";
            case "MAILTO" or "MAILFROM":
                return "no mail is sent: output is kept with each run, and in the job's own log where it has one";
            case "RANDOM_DELAY":
                return "jobs start on time: there is no random delay";
            case "LOGNAME" or "USER":
                return "cron does not let a crontab change this, and neither does Pontual";
            default:
                _environment[name] = CrontabCommand.Literal(value);
                return null;
        }
    }

    /// <summary>The job of a line, its name still missing.</summary>
    public JsonObject Job(CrontabEntry entry, CrontabCommand command, string? comment)
    {
        var process = new JsonObject { ["command"] = CrontabCommand.Literal(command.Text) };
        Add(process, "shell", _shell == UsualShell ? null : _shell);
        Add(process, "cwd", _home);
        Add(process, "user", entry.User);
        Add(process, "stdin", command.Input is null ? null : CrontabCommand.Literal(command.Input));
        var environment = Environment();
        Add(process, "env", environment.Count == 0 ? null : environment);
        Add(process, "rotate", command.Rotate.Count == 0 ? null : new JsonArray([.. command.Rotate.Select(path => (JsonNode)path)]));

        var job = new JsonObject();
        Add(job, "description", string.IsNullOrWhiteSpace(comment) ? null : comment[..Math.Min(comment.Length, 1000)]);
        job["schedule"] = entry.IsAtStart
            ? new JsonObject { ["cron"] = entry.Schedule }
            : new JsonObject { ["cron"] = entry.Schedule, ["zone"] = _zone };
        job["target"] = new JsonObject { ["process"] = process };
        job["timeout"] = Duration.Format(options.Timeout);
        Add(job, "log", command.Log);
        return job;
    }

    private JsonObject Environment()
    {
        var environment = new JsonObject();
        foreach (var (name, value) in _environment)
        {
            environment[name] = value;
        }

        Add(environment, "HOME", _home);
        return environment;
    }

    private static void Add(JsonObject json, string key, JsonNode? value)
    {
        if (value is not null)
        {
            json[key] = value;
        }
    }
}
