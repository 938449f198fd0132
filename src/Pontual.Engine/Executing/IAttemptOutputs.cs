using Pontual.Engine.Runs;

namespace Pontual.Engine.Executing;

/// <summary>Opens the place where an attempt's output goes. Thread-safe.</summary>
public interface IAttemptOutputs
{
    /// <summary>Opens an attempt's output. Cheap: nothing is made or written before the attempt prints its first byte.</summary>
    IOpenAttemptOutput Open(LeasedRun leased);
}

/// <summary>An attempt's output while the attempt runs. Disposing it writes what is left; it never throws because a store or a disk does not answer.</summary>
public interface IOpenAttemptOutput : IAttemptOutput, IAsyncDisposable;
