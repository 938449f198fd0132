using System.Text;
using Pontual.Engine.Output;

namespace Pontual.Server.Api;

/// <summary>Reads a run's output as text: a character may be split between pieces, and what is no UTF-8 becomes U+FFFD.</summary>
internal sealed class OutputReader(Guid run, IOutputStore output, long after, int pageSize)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private long _after = after;

    /// <summary>The run.</summary>
    public Guid Run => run;

    /// <returns>The next text; empty when there is none for now.</returns>
    public async Task<string> ReadAsync(CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var pieces = await output.ReadAsync(run, _after, pageSize, cancellation);
        foreach (var piece in pieces)
        {
            text.Append(Decode(piece.Bytes.Span, flush: false));
            _after = piece.Sequence;
        }

        // A page that holds only a part of one character has no text yet; the next one may.
        return text.Length == 0 && pieces.Count == pageSize ? await ReadAsync(cancellation) : text.ToString();
    }

    /// <summary>What a character that was never completed becomes.</summary>
    public string Rest() => Decode([], flush: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var letters = new char[_decoder.GetCharCount(bytes, flush)];
        var count = _decoder.GetChars(bytes, letters, flush);
        return new string(letters, 0, count);
    }
}

/// <summary>Output as pieces.</summary>
/// <param name="Items">The pieces, in order.</param>
/// <param name="Next">Hand it in as <c>after</c> to read on.</param>
internal sealed record OutputView(IReadOnlyList<OutputPieceView> Items, long Next)
{
    public static OutputView Of(IReadOnlyList<OutputPiece> pieces, long after)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        return new([.. pieces.Select(piece => OutputPieceView.Of(piece, decoder))], pieces.Count == 0 ? after : pieces[^1].Sequence);
    }
}

/// <summary>One piece; a character that is split stands in the piece that completes it.</summary>
internal sealed record OutputPieceView(long Sequence, DateTimeOffset At, string Text)
{
    public static OutputPieceView Of(OutputPiece piece, Decoder decoder)
    {
        var letters = new char[decoder.GetCharCount(piece.Bytes.Span, flush: false)];
        var count = decoder.GetChars(piece.Bytes.Span, letters, flush: false);
        return new(piece.Sequence, piece.At, new string(letters, 0, count));
    }
}
