using System.Diagnostics;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Runners.Process;

/// <summary>Runs programs where there is no Linux: with .NET's own means, which may leave detached children behind when a run is stopped.</summary>
internal static class PortableProcess
{
    private const int BufferBytes = 64 << 10;

    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(1);

    public static async Task<Outcome> RunAsync(
        ProcessSettings settings,
        AttemptContext attempt,
        ProcessOptions options,
        CancellationToken cancellation
    )
    {
        if (settings.User is not null)
        {
            throw new LaunchException("user is only known on Linux: leave it out.");
        }

        if (!attempt.MayGoOn())
        {
            return new Outcome.Interrupted();
        }

        var resultPath = Path.GetTempFileName();
        try
        {
            using var process = Start(settings, attempt, resultPath);
            var reading = Task.WhenAll(
                CopyAsync(process.StandardOutput.BaseStream, attempt.Output),
                CopyAsync(process.StandardError.BaseStream, attempt.Output)
            );
            try
            {
                await process.WaitForExitAsync(cancellation);
            }
            finally
            {
                process.Kill(entireProcessTree: true);
                await Task.WhenAny(reading, Task.Delay(DrainPatience, attempt.Time, CancellationToken.None));
            }

            var result =
                new FileInfo(resultPath).Length <= options.ResultBytes ? await File.ReadAllTextAsync(resultPath, cancellation) : "";
            var json = ResultFile.IsObject(result) ? result : null;
            return settings.SuccessCodes.Contains(process.ExitCode)
                ? new Outcome.Success(process.ExitCode, json, ResultFile.ItemsProcessed(json))
                : new Outcome.Failure(FailureKinds.Exit, $"exit code {process.ExitCode}", process.ExitCode, Result: json);
        }
        finally
        {
            File.Delete(resultPath);
        }
    }

    private static System.Diagnostics.Process Start(ProcessSettings settings, AttemptContext attempt, string resultPath)
    {
        var shell = OperatingSystem.IsWindows()
            ? ["cmd.exe", "/d", "/c", settings.Command!]
            : new[] { settings.Shell, "-c", settings.Command! };
        var arguments = settings.Arguments ?? shell;
        var start = new ProcessStartInfo(arguments[0], arguments.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = settings.Folder ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        };
        Fill(start.Environment, settings, attempt, resultPath);
        try
        {
            var process = System.Diagnostics.Process.Start(start)!;
            process.StandardInput.Write(settings.Input);
            process.StandardInput.Close();
            return process;
        }
        catch (Exception problem) when (problem is System.ComponentModel.Win32Exception or IOException)
        {
            throw new LaunchException($"{arguments[0]} could not be started: {problem.Message}");
        }
    }

    /// <summary>Of the node's environment only what programs cannot do without.</summary>
    private static void Fill(IDictionary<string, string?> environment, ProcessSettings settings, AttemptContext attempt, string resultPath)
    {
        string[] needed = ["PATH", "HOME", "LANG", "TZ", "SystemRoot", "SystemDrive", "TEMP", "TMP", "USERPROFILE", "COMSPEC", "PATHEXT"];
        var kept = needed.Where(environment.ContainsKey).Select(name => KeyValuePair.Create(name, environment[name]!)).ToList();
        environment.Clear();
        var own = KeyValuePair.Create("PONTUAL_RESULT", resultPath);
        foreach (var (name, value) in kept.Concat(settings.Environment).Concat(Launch.About(attempt.Leased)).Append(own))
        {
            environment[name] = value;
        }
    }

    private static async Task CopyAsync(Stream from, IAttemptOutput to)
    {
        var buffer = new byte[BufferBytes];
        for (int read; (read = await from.ReadAsync(buffer)) > 0; )
        {
            to.Write(buffer.AsSpan(0, read));
        }
    }
}
