using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Output;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Tests.Output;

/// <summary>Attempt outputs over a recording store and a folder of the test's own.</summary>
internal sealed class OutputRig : IAsyncDisposable, ILogger<AttemptOutputs>
{
    private readonly AttemptOutputs _outputs;

    public OutputRig(TimeProvider? time = null, Action<OutputOptions>? configure = null)
    {
        Options.DataFolder = Folder;
        configure?.Invoke(Options);
        _outputs = new AttemptOutputs(Store, Microsoft.Extensions.Options.Options.Create(Options), time ?? TimeProvider.System, this);
    }

    public OutputOptions Options { get; } = new();

    public RecordingStore Store { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("pontual-output-").FullName;

    public Guid RunId { get; } = Pontual.Engine.Runs.RunId.New(DateTimeOffset.UnixEpoch, new SystemRandomBytes());

    public List<string> Warnings { get; } = [];

    public IOpenAttemptOutput Open(string? log = null, long leaseToken = 1) => _outputs.Open(Leased(log, leaseToken));

    public Task CloseAsync() => _outputs.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Waits until something is so, for at most 10 s.</summary>
    public static async Task UntilAsync(Func<bool> so, Action? meanwhile = null)
    {
        for (var round = 0; !so(); round++)
        {
            Assert.True(round < 1000, "It did not happen within 10 s.");
            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel level, EventId id, TState state, Exception? problem, Func<TState, Exception?, string> words) =>
        Warnings.Add(words(state, problem));

    private LeasedRun Leased(string? log, long leaseToken)
    {
        var name = JobName.Parse("backup");
        var target = new Target("process", JsonDocument.Parse("{}").RootElement);
        var definition = new JobDefinition
        {
            Name = name,
            Target = target,
            Log = log,
        };
        var job = new Job
        {
            Id = 1,
            Definition = definition,
            Revision = 1,
            Mark = DateTimeOffset.UnixEpoch,
        };
        var run = new Run
        {
            Id = RunId,
            JobId = 1,
            Job = name,
            Trigger = RunTrigger.Schedule,
            DueAt = DateTimeOffset.UnixEpoch,
            State = RunState.Running,
            Attempt = 1,
        };
        return new LeasedRun(run, job, leaseToken, DateTimeOffset.UnixEpoch);
    }
}
