using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Runners.Process;

/// <summary>Runs programs as Linux lets us: own session, marked, stopped as a whole.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxProcess : IDisposable
{
    private const UnixFileMode EnterOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly TimeSpan DrainPatience = TimeSpan.FromMilliseconds(250);

    private readonly ProcessOptions _options;
    private readonly SupervisorLink _supervisor;
    private readonly ILogger _logger;
    private readonly NodeProcesses _node;
    private readonly string _scratch;

    public LinuxProcess(ProcessOptions options, SupervisorLink supervisor, TimeProvider time, ILogger logger)
    {
        (_options, _supervisor, _logger) = (options, supervisor, logger);
        _node = new NodeProcesses(time);
        _scratch = Directory.CreateTempSubdirectory("pontual-").FullName;
        File.SetUnixFileMode(_scratch, EnterOnly);
    }

    public NodeMark Mark => _node.Mark;

    /// <exception cref="LaunchException">It cannot be started as it is written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, and all of it has ended.</exception>
    public async Task<Outcome> RunAsync(ProcessSettings settings, AttemptContext attempt, CancellationToken cancellation)
    {
        var account = AccountOf(settings);
        _supervisor.Ensure(_node.SupervisorArguments(_scratch));
        var family = _node.Begin();
        try
        {
            Directory.CreateDirectory(_scratch);
            using var result = ResultFile.Create(_scratch, family.Mark, account);
            using var rotation = new FileRotation(settings.Rotate, attempt, _options);
            var last = settings.ResultFrom is ResultFrom.LastLine ? new LastLine(_options.ResultBytes) : null;
            if (Start(settings, account, attempt, family, result, last) is not { } process)
            {
                return new Outcome.Interrupted();
            }

            var exit = await EndAsync(process, family, settings, attempt, cancellation);
            return OutcomeOf(exit, settings, result.Read(_options.ResultBytes, attempt.Output) ?? JsonIn(last));
        }
        finally
        {
            _node.End(family);
        }
    }

    public void Dispose()
    {
        _node.Dispose();
        if (Directory.Exists(_scratch))
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }

    private static UserAccount AccountOf(ProcessSettings settings)
    {
        if (settings.User is not { } name)
        {
            return UserAccount.Current();
        }

        var account =
            UserAccount.Find(name) ?? throw new LaunchException($"there is no user {name} on this machine: create it or correct user.");
        return account.IsCurrent || Posix.EffectiveUser() == 0
            ? account
            : throw new LaunchException(
                $"only root may start a process as {name}; this node runs as {UserAccount.Current().Name}: leave user out or run the node as root."
            );
    }

    /// <returns>Null when it may not start any more.</returns>
    private RunningProcess? Start(
        ProcessSettings settings,
        UserAccount account,
        AttemptContext attempt,
        ProcessFamily family,
        ResultFile result,
        LastLine? last
    )
    {
        KeyValuePair<string, string>[] own = [new("PONTUAL_RESULT", result.Path), new(NodeMark.Variable, $"{family.Mark}")];
        var launch = Launch.Of(settings, account, attempt, own, _options);
        var (read, write) = Pipes.CreateBlocking();
        using (write)
        using (var input = launch.Input is null ? null : Pipes.Holding(launch.Input))
        {
            var error = Spawner.Start(launch, write, input, family.Mark, attempt.MayGoOn, out var pid);
            if (error != 0 || pid == 0)
            {
                read.Dispose();
                return error == 0 ? null : throw new LaunchException(StartProblem(error, settings, launch));
            }

            family.Main = pid;
            return new RunningProcess(pid, read, Print(attempt.Output, last));
        }
    }

    private static RunningProcess.SpanAction Print(IAttemptOutput output, LastLine? last) =>
        last is null
            ? output.Write
            : bytes =>
            {
                output.Write(bytes);
                last.Add(bytes);
            };

    private static string StartProblem(int error, ProcessSettings settings, Launch launch) =>
        error switch
        {
            Posix.TooBig => "arguments and environment are longer than the system takes: pass large data by file or stdin.",
            Posix.NotExecutable =>
                $"{launch.Program} is no program for this machine and names no interpreter: begin it with #!/bin/sh or the like.",
            Posix.NoSuchEntry =>
                $"{launch.Program} could not be started: it, the interpreter it names or cwd {launch.Folder} does not exist.",
            Posix.NotPermitted => $"{launch.Program} could not be started: permission is missing for it or for cwd {launch.Folder}.",
            _ => $"{launch.Program} could not be started: {Pipes.ErrorText(error)}.",
        };

    /// <summary>Waits for the end, or brings it about.</summary>
    private async Task<ProcessExit> EndAsync(
        RunningProcess process,
        ProcessFamily family,
        ProcessSettings settings,
        AttemptContext attempt,
        CancellationToken cancellation
    )
    {
        try
        {
            var exit = await process.Exited.WaitAsync(cancellation);
            family.MainEnded = true;
            await SettleBackgroundAsync(family, settings, attempt, cancellation);
            await Task.WhenAny(process.Drained, Task.Delay(DrainPatience, attempt.Time, CancellationToken.None));
            return exit;
        }
        catch (OperationCanceledException)
        {
            await StopAsync(process, family, attempt);
            throw;
        }
        finally
        {
            process.StopReading();
        }
    }

    /// <summary>Gives what still runs in the background a moment to end, then ends it or lets it go.</summary>
    private async Task SettleBackgroundAsync(
        ProcessFamily family,
        ProcessSettings settings,
        AttemptContext attempt,
        CancellationToken cancellation
    )
    {
        if (!await family.LeftAnyAsync())
        {
            return;
        }

        if (settings.Detach)
        {
            await family.ReleaseAsync();
            return;
        }

        var left = await family.WaitAsync(_options.BackgroundGrace, cancellation);
        if (left.Count > 0)
        {
            ReportSurvivors(await family.StopAsync(_options.Grace), attempt);
            attempt.Output.WriteLine($"[stopped what was left running in the background: {Names(left)}; detach: true lets it stay]");
        }
    }

    private async Task StopAsync(RunningProcess process, ProcessFamily family, AttemptContext attempt)
    {
        _ = process.Exited.ContinueWith(_ => family.MainEnded = true, TaskScheduler.Default);
        ReportSurvivors(await family.StopAsync(_options.Grace), attempt);
        await Task.WhenAny(Task.WhenAll(process.Exited, process.Drained), Task.Delay(DrainPatience, attempt.Time, CancellationToken.None));
    }

    private void ReportSurvivors(List<ProcessEntry> survivors, AttemptContext attempt)
    {
        if (survivors.Count > 0)
        {
            _logger.ProcessesSurvive(attempt.Leased.Run.Id, attempt.Leased.Run.Job, Names(survivors));
        }
    }

    private static string Names(IReadOnlyList<ProcessEntry> processes)
    {
        const int Most = 10;
        var names = processes.Take(Most).Select(process => $"{process.Name} ({process.Pid})");
        return string.Join(", ", names) + (processes.Count > Most ? $" and {processes.Count - Most} more" : "");
    }

    private static string? JsonIn(LastLine? last) => last?.Text is { } line && ResultFile.IsObject(line) ? line.Trim() : null;

    private static Outcome OutcomeOf(ProcessExit exit, ProcessSettings settings, string? result) =>
        exit.Code is { } code && settings.SuccessCodes.Contains(code)
            ? new Outcome.Success(code, result, ResultFile.ItemsProcessed(result))
            : new Outcome.Failure(FailureKinds.Exit, exit.ToString(), exit.Code, Result: result);
}
