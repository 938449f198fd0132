namespace Pontual.Engine.Output;

/// <summary>Keeps what attempts printed, in pieces, so that it can be read while they run and from any node.</summary>
public interface IOutputStore
{
    /// <summary>Appends pieces, all in one transaction. A piece that is already there (same run, same sequence) is left as it is.</summary>
    Task AppendAsync(IReadOnlyList<OutputPiece> pieces, CancellationToken cancellation);

    /// <summary>Pieces of a run after a sequence number, in order.</summary>
    /// <param name="run">Which run.</param>
    /// <param name="after">The last sequence number already read; 0 for the start.</param>
    /// <param name="limit">Most pieces.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<OutputPiece>> ReadAsync(Guid run, long after, int limit, CancellationToken cancellation);
}

/// <summary>A piece of output.</summary>
/// <param name="Run">Of which run.</param>
/// <param name="Sequence">Rising inside the run: lease token × 1,000,000 + piece number, so that claims follow each other (an attempt number can be given back and used again).</param>
/// <param name="At">When it was printed.</param>
/// <param name="Bytes">As it came; a character may be split between pieces.</param>
public sealed record OutputPiece(Guid Run, long Sequence, DateTimeOffset At, ReadOnlyMemory<byte> Bytes);
