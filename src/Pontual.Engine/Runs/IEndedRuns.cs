namespace Pontual.Engine.Runs;

/// <summary>Takes runs that no node claimed and that are over: what somebody had done at once, by hand. Thread-safe.</summary>
public interface IEndedRuns
{
    /// <summary>Puts a run into the history, with its job's totals, as if a node had ended it.</summary>
    /// <param name="run">The run: succeeded, failed or cancelled, with its beginning and its end. Its job is found by id.</param>
    /// <param name="cancellation">Stops waiting; it may be recorded all the same.</param>
    /// <exception cref="ArgumentException">It is not over, or never began.</exception>
    Task AddAsync(Run run, CancellationToken cancellation);
}
