using Pontual.Engine.Output;
using Pontual.Storage.Database;

namespace Pontual.Storage.Runs;

/// <summary>The port of what attempts printed.</summary>
internal sealed class OutputStore(PontualDatabase database) : IOutputStore
{
    private static readonly RowSet<OutputPiece> Pieces = new(
        ("run_id", ValueKind.Id, piece => piece.Run),
        ("sequence", ValueKind.Number, piece => piece.Sequence),
        ("printed_at", ValueKind.Instant, piece => piece.At),
        ("bytes", ValueKind.Bytes, piece => piece.Bytes)
    );

    // "WHERE true" keeps SQLite from reading ON as part of a join.
    private static readonly Statement Append = new(
        """
        WITH {rows} INSERT INTO output_piece (run_id, sequence, at, bytes) SELECT run_id, sequence, printed_at, bytes FROM rows WHERE true
        ON CONFLICT (run_id, sequence) DO NOTHING
        """
    );

    private static readonly Statement Read = new(
        "SELECT sequence, at, bytes FROM output_piece WHERE run_id = @run AND sequence > @after ORDER BY sequence LIMIT @limit"
    );

    public Task AppendAsync(IReadOnlyList<OutputPiece> pieces, CancellationToken cancellation) =>
        database.WriteAsync(session => AppendAsync(session, pieces), cancellation);

    /// <summary>As the port's, as a part of another transaction.</summary>
    public static ValueTask<int> AppendAsync(DatabaseSession session, IReadOnlyList<OutputPiece> pieces) =>
        session.ExecuteAsync(Append, Pieces, pieces);

    public async Task<IReadOnlyList<OutputPiece>> ReadAsync(Guid run, long after, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(
            session =>
                session.QueryAsync(
                    Read,
                    row => new OutputPiece(run, row.Int64(0), row.Instant(1), row.Bytes(2)),
                    ("run", run),
                    ("after", after),
                    ("limit", limit)
                ),
            cancellation
        );
}
