using System.Collections.Concurrent;
using System.Text;
using Pontual.Engine.Output;

namespace Pontual.Engine.Tests.Output;

/// <summary>A store that can be told to fail or to hang, as a database does.</summary>
internal sealed class RecordingStore : IOutputStore
{
    private readonly ConcurrentQueue<IReadOnlyList<OutputPiece>> _appends = new();

    public volatile bool Fails;
    public volatile TaskCompletionSource? Hangs;
    private int _tries;

    public int Tries => _tries;

    public IReadOnlyList<IReadOnlyList<OutputPiece>> Appends => [.. _appends];

    public async Task AppendAsync(IReadOnlyList<OutputPiece> pieces, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _tries);
        if (Hangs is { } hangs)
        {
            await hangs.Task;
        }

        if (Fails)
        {
            throw new IOException("the disk is full");
        }

        _appends.Enqueue(pieces);
    }

    public Task<IReadOnlyList<OutputPiece>> ReadAsync(Guid run, long after, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<OutputPiece>>([
            .. _appends
                .SelectMany(pieces => pieces)
                .Where(piece => piece.Run == run && piece.Sequence > after)
                .OrderBy(piece => piece.Sequence)
                .Take(limit),
        ]);

    public byte[] BytesOf(Guid run) =>
        [
            .. _appends
                .SelectMany(pieces => pieces)
                .Where(piece => piece.Run == run)
                .OrderBy(piece => piece.Sequence)
                .SelectMany(piece => piece.Bytes.ToArray()),
        ];

    public string TextOf(Guid run) => Encoding.UTF8.GetString(BytesOf(run));
}
