namespace Pontual.Engine.Circuits;

/// <summary>Circuit breakers and rates toward what is outside: asked before every call, told what it came to. Thread-safe.</summary>
/// <remarks>While all is well the asking is a look into memory. The database is read once a second by a node that calls, and written when something changes.</remarks>
public interface ICircuits
{
    /// <summary>Asks whether a call may go. It waits up to 2 s for the turn that a rate gives it.</summary>
    /// <param name="key">What is to be called, and by whom.</param>
    /// <param name="node">The node that asks, for the history.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The leave, which must be ended, or the refusal.</returns>
    ValueTask<OutsideCall> AskAsync(CircuitKey key, string node, CancellationToken cancellation);
}

/// <summary>Calling services by name.</summary>
public static class CircuitCalls
{
    /// <summary>Calls something outside if its circuit and rate let it.</summary>
    /// <param name="circuits">The circuits.</param>
    /// <param name="key">What is called, and by whom.</param>
    /// <param name="node">The node that calls.</param>
    /// <param name="call">The call.</param>
    /// <param name="judge">What its result says of the service.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OutsideRefusedException">It was not called.</exception>
    public static async Task<T> RunAsync<T>(
        this ICircuits circuits,
        CircuitKey key,
        string node,
        Func<CancellationToken, Task<T>> call,
        Func<T, CallEnd> judge,
        CancellationToken cancellation
    )
    {
        var leave = await circuits.AskAsync(key, node, cancellation);
        if (leave.Refusal is { } refusal)
        {
            throw new OutsideRefusedException(refusal);
        }

        var end = CallEnd.Unknown;
        try
        {
            var result = await call(cancellation);
            end = judge(result);
            return result;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            end = CallEnd.Failed(failure.Message);
            throw;
        }
        finally
        {
            await leave.EndAsync(end);
        }
    }
}

/// <summary>A call was refused before it was made.</summary>
public sealed class OutsideRefusedException(OutsideRefusal refusal) : Exception(refusal.Message)
{
    /// <summary>Why, and for how long.</summary>
    public OutsideRefusal Refusal => refusal;
}
