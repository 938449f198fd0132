using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pontual.Engine.Checks;

namespace Pontual.Server.Checks;

/// <summary>Reads what a ping comes with. Whatever is wrong with it, the ping itself counts: a log that is too long must not hide that the job ran.</summary>
internal static class PingBodyReader
{
    /// <summary>What is read and counted, though not kept, so that senders are not cut off in the middle.</summary>
    private const long MostRead = 10_000_000;

    /// <returns>The beginning of the body, and how many bytes came.</returns>
    public static async Task<(ReadOnlyMemory<byte> Kept, long Size)> ReadAsync(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MostRead;
        }

        var kept = new ArrayBufferWriter<byte>();
        long size = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(16 << 10);
        try
        {
            for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0; size += read)
            {
                kept.Write(buffer.AsSpan(0, Math.Min(read, Ping.LongestBody - kept.WrittenCount)));
            }
        }
        catch (Exception problem) when (problem is BadHttpRequestException or IOException or OperationCanceledException)
        {
            // Too long, too slow or broken off: what came is kept.
            size = Math.Max(size, request.ContentLength ?? 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return (kept.WrittenMemory, size);
    }
}
