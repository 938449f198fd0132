using System.Globalization;
using System.Runtime.Versioning;
using Pontual.Engine.Executing;
using Pontual.Engine.Runs;

namespace Pontual.Runners.Process;

/// <summary>Everything that is needed to start a program, secrets included; never shown.</summary>
/// <param name="Program">Path of the file to execute, from <paramref name="Folder"/>.</param>
/// <param name="Arguments">The program's name first.</param>
/// <param name="Environment">NAME=value.</param>
/// <param name="Folder">Where it starts.</param>
/// <param name="Input">What it reads; null for nothing.</param>
internal sealed record Launch(
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Environment,
    string Folder,
    string? Input = null
)
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Works out program, folder and environment.</summary>
    /// <param name="settings">Resolved.</param>
    /// <param name="account">Who it runs as.</param>
    /// <param name="attempt">Told to the program.</param>
    /// <param name="more">Further variables.</param>
    /// <param name="options">The default PATH.</param>
    /// <exception cref="LaunchException">It cannot be started as it is written.</exception>
    [SupportedOSPlatform("linux")]
    public static Launch Of(
        ProcessSettings settings,
        UserAccount account,
        AttemptContext attempt,
        IEnumerable<KeyValuePair<string, string>> more,
        ProcessOptions options
    )
    {
        var folder = FolderOf(settings, account);
        var environment = EnvironmentOf(settings, account, attempt, more, options);
        IReadOnlyList<string> arguments = settings.Arguments ?? [settings.Shell, "-c", settings.Command!];
        var program = Find(arguments[0], environment["PATH"], folder);
        if (!account.IsCurrent)
        {
            var setpriv = Find("setpriv", options.SearchPath, "/");
            arguments =
            [
                "setpriv",
                $"--reuid={account.Id}",
                $"--regid={account.Group}",
                "--init-groups",
                "--",
                program,
                .. arguments.Skip(1),
            ];
            program = setpriv;
        }

        return new Launch(program, arguments, [.. environment.Select(pair => $"{pair.Key}={pair.Value}")], folder, settings.Input);
    }

    private static string FolderOf(ProcessSettings settings, UserAccount account)
    {
        var home = Directory.Exists(account.Home) ? account.Home : "/";
        var folder = settings.Folder is null ? home : Path.Combine(home, settings.Folder);
        return Directory.Exists(folder) ? folder
            : File.Exists(folder) ? throw new LaunchException($"cwd {folder} is a file: name a folder.")
            : throw new LaunchException($"cwd {folder} does not exist, or {account.Name} may not enter it: create it or correct cwd.");
    }

    /// <summary>What cron gives, the job's own variables, and what this run is. Nothing of the node's own environment, where its secrets are.</summary>
    private static Dictionary<string, string> EnvironmentOf(
        ProcessSettings settings,
        UserAccount account,
        AttemptContext attempt,
        IEnumerable<KeyValuePair<string, string>> more,
        ProcessOptions options
    )
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = options.SearchPath,
            ["HOME"] = account.Home,
            ["USER"] = account.Name,
            ["LOGNAME"] = account.Name,
            ["SHELL"] = settings.Shell,
            ["LANG"] = System.Environment.GetEnvironmentVariable("LANG") is { Length: > 0 } language ? language : "C.UTF-8",
        };
        if (System.Environment.GetEnvironmentVariable("TZ") is { Length: > 0 } zone)
        {
            environment["TZ"] = zone;
        }

        foreach (var (name, value) in settings.Environment.Concat(About(attempt.Leased)).Concat(more))
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>What a program gets to know about its run.</summary>
    public static IEnumerable<KeyValuePair<string, string>> About(LeasedRun leased)
    {
        var run = leased.Run;
        yield return new("PONTUAL_RUN_ID", run.Id.ToString());
        yield return new("PONTUAL_JOB", run.Job.Text);
        if (!run.Job.Tenant.IsDefault)
        {
            yield return new("PONTUAL_TENANT", run.Job.Tenant.ToString());
        }

        yield return new("PONTUAL_ATTEMPT", run.Attempt.ToString(CultureInfo.InvariantCulture));
        yield return new("PONTUAL_TOKEN", leased.LeaseToken.ToString(CultureInfo.InvariantCulture));
        yield return new(
            "PONTUAL_SCHEDULED_FOR",
            run.DueAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture)
        );
        if (run.Parameters is { } parameters)
        {
            yield return new("PONTUAL_PARAMETERS", parameters);
        }
    }

    [SupportedOSPlatform("linux")]
    private static string Find(string program, string searchPath, string folder)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return Problem(Path.Combine(folder, program)) is { } problem ? throw new LaunchException($"{program} {problem}.") : program;
        }

        var found = searchPath.Split(':').Select(place => Path.Combine(folder, place, program)).Where(File.Exists).ToList();
        return found.FirstOrDefault(path => Problem(path) is null)
            ?? throw new LaunchException(
                found.Count > 0
                    ? $"{found[0]} {Problem(found[0])}."
                    : $"{program} was not found in PATH ({searchPath}): install it, or write its whole path."
            );
    }

    [SupportedOSPlatform("linux")]
    private static string? Problem(string path) =>
        Directory.Exists(path) ? "is a folder: name a program"
        : !File.Exists(path) ? "does not exist, or may not be looked at: correct the path"
        : (File.GetUnixFileMode(path) & Executable) == UnixFileMode.None ? "is not executable: chmod +x it, or name its interpreter first"
        : null;
}

/// <summary>A program cannot be started as the job is written; the message says why and what to do.</summary>
internal sealed class LaunchException(string message) : Exception(message);
