using System.Buffers;
using System.Text;

namespace Pontual.Runners.Http;

/// <summary>What is kept of an answer's body.</summary>
/// <param name="Bytes">The first bytes, decompressed.</param>
/// <param name="Length">Bytes that came in all; reading ends at <see cref="MostRead"/>.</param>
internal sealed record AnswerBody(byte[] Bytes, long Length)
{
    /// <summary>An answer is read (and what is not kept dropped) up to here, counted after decompression: neither an endless answer nor a bomb goes on for ever.</summary>
    public const long MostRead = 10 * 1024 * 1024;

    private static readonly AnswerBody Empty = new([], 0);

    public bool IsCut => Length > Bytes.Length;

    public bool IsTooLarge => Length > MostRead;

    /// <param name="content">The answer's content, headers read.</param>
    /// <param name="kept">Most bytes to keep.</param>
    /// <param name="cancellation">Ends the reading at once.</param>
    /// <returns>What was read, and what broke the reading off; null when the body is whole or too large.</returns>
    public static async Task<(AnswerBody Body, Exception? Broken)> ReadAsync(HttpContent content, int kept, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength == 0)
        {
            return (Empty, null);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        var held = 0;
        long length = 0;
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellation);
            while (length <= MostRead)
            {
                if (held == buffer.Length && held < kept)
                {
                    buffer = Grow(buffer, held);
                }

                // Past what is kept, the same place is written over and over.
                var room = held < Math.Min(kept, buffer.Length) ? buffer.AsMemory(held, Math.Min(kept, buffer.Length) - held) : null;
                var count = room.IsEmpty ? await DropAsync(stream, cancellation) : await stream.ReadAsync(room, cancellation);
                if (count == 0)
                {
                    break;
                }

                held += room.IsEmpty ? 0 : count;
                length += count;
            }

            return (new AnswerBody(buffer.AsSpan(0, held).ToArray(), length), null);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or InvalidDataException or InvalidOperationException)
        {
            return (new AnswerBody(buffer.AsSpan(0, held).ToArray(), length), failure);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The text in the encoding the answer names; invalid bytes become U+FFFD.</summary>
    /// <param name="charset">As named; null, unknown or wrong ones mean UTF-8.</param>
    public string Text(string? charset)
    {
        var encoding = Encoding.UTF8;
        if (!string.IsNullOrEmpty(charset) && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            // Also the Windows code pages that PHP scripts of old still answer in.
            encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset.Trim('"')) ?? Known(charset.Trim('"'));
        }

        var text = encoding.GetString(Bytes);
        return text is ['\uFEFF', ..] ? text[1..] : text;
    }

    private static Encoding Known(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }

    private static byte[] Grow(byte[] buffer, int held)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, held).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static async ValueTask<int> DropAsync(Stream stream, CancellationToken cancellation)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            return await stream.ReadAsync(scratch, cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
