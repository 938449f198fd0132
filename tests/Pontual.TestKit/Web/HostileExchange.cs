using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace Pontual.TestKit.Web;

/// <summary>One request and the socket it came by: what a script misbehaves with.</summary>
public sealed class HostileExchange(Socket socket, Stream stream, HostileRequest request, CancellationToken stop)
{
    /// <summary>What was asked.</summary>
    public HostileRequest Request => request;

    /// <summary>A whole, well-formed answer.</summary>
    public static string Text(string status, string body, string headers = "") =>
        $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";

    /// <summary>A whole, well-formed JSON answer.</summary>
    public static string Json(string status, string body, string headers = "") =>
        Text(status, body, $"Content-Type: application/json\r\n{headers}");

    /// <summary>A redirect.</summary>
    public static string Redirect(string location, string status = "302 Found") => Text(status, "", $"Location: {location}\r\n");

    /// <summary>Sends text as UTF-8.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes, stop);

    /// <summary>Sends the same again and again, with a pause between, until the other side hangs up.</summary>
    public async Task SendForeverAsync(string text, TimeSpan pause)
    {
        while (true)
        {
            await SendAsync(text);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, TimeProvider.System, stop);
            }
        }
    }

    /// <summary>Sends a number of zero bytes at full speed, or fewer when the other side hangs up.</summary>
    public async Task FloodAsync(long bytes)
    {
        var piece = new byte[64 * 1024];
        for (long sent = 0; sent < bytes; sent += piece.Length)
        {
            await SendAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, bytes - sent)));
        }
    }

    /// <summary>Says nothing until the other side hangs up.</summary>
    public async Task HangAsync()
    {
        var nothing = new byte[1];
        while (await stream.ReadAsync(nothing, stop) > 0) { }
    }

    /// <summary>Cuts the connection with a reset instead of an orderly end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    /// <summary>Zero bytes, compressed: a bomb.</summary>
    public static byte[] Bomb(string encoding, int bytes)
    {
        using var packed = new MemoryStream();
        using (
            Stream packer = encoding switch
            {
                "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
                "br" => new BrotliStream(packed, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
                _ => throw new ArgumentException($"'{encoding}' is no compression here.", nameof(encoding)),
            }
        )
        {
            var piece = new byte[64 * 1024];
            for (var written = 0; written < bytes; written += piece.Length)
            {
                packer.Write(piece);
            }
        }

        return packed.ToArray();
    }
}
