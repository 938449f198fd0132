using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Executing;
using Pontual.Engine.Runs;
using Pontual.Runners.Process;
using Pontual.TestKit.Running;

namespace Pontual.Runners.Tests.Process;

/// <summary>A process runner as the product registers it, and eyes of the test's own on the machine's processes.</summary>
internal sealed class ProcessRig : IDisposable
{
    private readonly ServiceProvider _services;
    private string? _folder;

    public ProcessRig(Action<ProcessOptions>? configure = null)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ISecrets>(new Secrets(name => name == "PASSWORD" ? "s3cret-value" : null))
            .AddProcessRunner(options =>
            {
                options.SupervisorCommand = TestProgram.SupervisorCommand;
                configure?.Invoke(options);
            });
        _services = services.BuildServiceProvider();
    }

    public IRunner Runner => _services.GetRequiredService<IRunner>();

    public SupervisorLink Supervisor => _services.GetRequiredService<SupervisorLink>();

    /// <summary>The test's own, made when it is first asked for.</summary>
    public string Folder => _folder ??= Directory.CreateTempSubdirectory("pontual-process-").FullName;

    /// <summary>A duration for <c>sleep</c> that no other process has, by which it is found whatever its parents, session and environment.</summary>
    public string Unique { get; } =
        $"7777.{BitConverter.ToUInt32(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4)).ToString(CultureInfo.InvariantCulture)}";

    public static string Command(string line, object? more = null)
    {
        var settings = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        settings["command"] = line;
        return settings.ToJsonString();
    }

    public static string Arguments(params string[] arguments) => JsonSerializer.Serialize(new { argv = arguments });

    public AttemptContext Attempt(string settings, IAttemptOutput? output = null)
    {
        var attempt = TestAttempt.Of("process", settings);
        return output is null
            ? attempt
            : new AttemptContext
            {
                Leased = attempt.Leased,
                Output = output,
                StartedAt = attempt.StartedAt,
                Time = attempt.Time,
            };
    }

    public Task<Outcome> RunAsync(string settings) => Runner.RunAsync(Attempt(settings), CancellationToken.None);

    public async Task<(Outcome Outcome, string Output)> PrintedAsync(string settings)
    {
        var attempt = Attempt(settings);
        var outcome = await Runner.RunAsync(attempt, CancellationToken.None);
        return (outcome, attempt.Printed());
    }

    public async Task<Outcome.Failure> FailAsync(string settings) => Assert.IsType<Outcome.Failure>(await RunAsync(settings));

    /// <summary>Starts a line, waits until it has printed "ready", cancels it and asserts that it is stopped within 2 s, with nothing and no zombie left.</summary>
    public async Task AssertStopsWholeAsync(string line)
    {
        var attempt = Attempt(Command(line));
        using var cancellation = new CancellationTokenSource();
        var running = Runner.RunAsync(attempt, cancellation.Token);
        await UntilAsync(() => attempt.Printed().Contains("ready", StringComparison.Ordinal) || running.IsCompleted, "it started");
        Assert.False(running.IsCompleted, $"It ended before it was stopped: {attempt.Printed()}");

        var start = TimeProvider.System.GetTimestamp();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Empty(Living());
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 2.5);
        await AssertNoZombiesAsync();
    }

    /// <summary>The command lines that contain <see cref="Unique"/>.</summary>
    public IReadOnlyList<string> Living() =>
        [
            .. ProcessTable
                .Read(false)
                .Entries.Where(entry => entry.IsAlive)
                .Select(entry => CommandLine(entry.Pid))
                .Where(line => line.Contains(Unique, StringComparison.Ordinal)),
        ];

    /// <summary>No child of this process that this rig started, or was given, waits to be reaped.</summary>
    public Task AssertNoZombiesAsync()
    {
        var mark = ((ProcessRunner)Runner).Mark!.Value;
        return UntilAsync(
            () => !ProcessTable.Read(false).Entries.Any(entry => entry.State == 'Z' && mark.IsOn(entry.Mark)),
            "all are reaped"
        );
    }

    public static async Task UntilAsync(Func<bool> so, string what, int seconds = 10)
    {
        for (var round = 0; !so(); round++)
        {
            Assert.True(round < seconds * 50, $"Not within {seconds} s: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public string Script(string name, string text, bool executable = true)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | (executable ? UnixFileMode.UserExecute : UnixFileMode.None)
        );
        return path;
    }

    public void Dispose()
    {
        _services.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
