using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pontual.Engine.Executing;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Output;

/// <summary>Takes what attempts print to the store and to the jobs' own log files.</summary>
/// <remarks>
/// <code>
///   target ─► AttemptOutput ─┬─► buffer, up to KeptBytes ─► OutputPump ─► IOutputStore (one append for all attempts)
///                            └─► JobLogFile, all of it, rotated
/// </code>
/// The store never holds a target up; a log file's disk may.
/// </remarks>
public sealed class AttemptOutputs : IAttemptOutputs, IAsyncDisposable
{
    private readonly OutputPump _pump;
    private readonly OutputOptions _options;
    private readonly TimeProvider _time;

    /// <param name="store">Where kept output goes.</param>
    /// <param name="options">Limits and folders.</param>
    /// <param name="time">The clock of flushes.</param>
    /// <param name="logger">Hears of a store that does not take output.</param>
    public AttemptOutputs(IOutputStore store, IOptions<OutputOptions> options, TimeProvider time, ILogger<AttemptOutputs> logger)
    {
        (_options, _time) = (options.Value, time);
        _pump = new OutputPump(store, _options, time, logger);
    }

    /// <inheritdoc/>
    public IOpenAttemptOutput Open(LeasedRun leased)
    {
        var log = leased.Job.Definition.Log is { } path ? new JobLogFile(path, _options) : null;
        return new AttemptOutput(leased, log, _pump, _options, _time);
    }

    /// <summary>Writes what is left, for at most 5 s.</summary>
    public ValueTask DisposeAsync() => _pump.DisposeAsync();
}
