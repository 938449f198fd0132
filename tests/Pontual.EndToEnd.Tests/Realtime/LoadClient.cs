using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Pontual.EndToEnd.Tests.Realtime;

/// <summary>A client that wants every event of its topic once, whatever happens to its connections.</summary>
internal sealed class LoadClient(Uri server, string token, string topic, int seed, int meanBytes)
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly Random _random = new(seed);
    private readonly byte[] _buffer = new byte[16 << 10];

    public string Topic => topic;

    /// <summary>The cursors it was sent, in order.</summary>
    public List<long> Heard { get; } = [];

    /// <summary>From an event's instant to its arrival, in milliseconds.</summary>
    public List<float> Delays { get; } = [];

    public int Cuts { get; private set; }

    /// <summary>Where it has heard everything.</summary>
    public long Cursor { get; private set; }

    /// <summary>Listens from a cursor on until it has heard of <paramref name="until"/>, which may be set later.</summary>
    public async Task RunAsync(long after, Func<long> until, CancellationToken cancellation)
    {
        Cursor = after;
        while (Cursor < until())
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await ListenAsync(until, cancellation);
            }
            catch (Exception cut) when (cut is IOException or WebSocketException or SocketException or ObjectDisposedException)
            {
                Cuts++;
                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(50)), Time, cancellation);
            }
        }
    }

    private async Task ListenAsync(Func<long> until, CancellationToken cancellation)
    {
        using var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(server.Host, server.Port, cancellation);
        var bytes = until() == long.MaxValue ? -meanBytes * Math.Log(1 - _random.NextDouble()) : double.MaxValue;
        await using var stream = new CutStream(connection, (long)Math.Min(bytes, long.MaxValue / 2));
        await ShakeHandsAsync(stream, cancellation);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = false });
        var wish = string.Create(CultureInfo.InvariantCulture, $$"""{"subscribe":["{{topic}}"],"after":{{Cursor}}}""");
        await socket.SendAsync(Encoding.UTF8.GetBytes(wish), WebSocketMessageType.Text, endOfMessage: true, cancellation);
        while (Cursor < until())
        {
            await ReadAsync(socket, cancellation);
        }
    }

    private async Task ReadAsync(WebSocket socket, CancellationToken cancellation)
    {
        var part = await socket.ReceiveAsync(_buffer.AsMemory(), cancellation);
        if (part.MessageType is WebSocketMessageType.Close || !part.EndOfMessage)
        {
            throw part.EndOfMessage ? new IOException("Closed.") : new InvalidOperationException("A message is longer than was thought.");
        }

        var json = new Utf8JsonReader(_buffer.AsSpan(0, part.Count));
        while (json.Read())
        {
            if (json.TokenType is not JsonTokenType.PropertyName || json.CurrentDepth != 1)
            {
                continue;
            }

            if (json.ValueTextEquals("cursor"u8) && json.Read())
            {
                Cursor = json.GetInt64();
                Heard.Add(Cursor);
            }
            else if (json.ValueTextEquals("at"u8) && json.Read())
            {
                Delays.Add((float)(Time.GetUtcNow() - json.GetDateTimeOffset()).TotalMilliseconds);
                return;
            }
            else if (json.ValueTextEquals("heartbeat"u8) && json.Read())
            {
                Cursor = json.GetInt64();
            }
            else if (json.ValueTextEquals("problem"u8))
            {
                throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, part.Count));
            }
        }
    }

    private async Task ShakeHandsAsync(Stream stream, CancellationToken cancellation)
    {
        var request =
            $"GET /ws HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer {token}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellation);

        // Byte by byte: what follows the empty line is the socket's.
        var (head, one) = (new StringBuilder(), new byte[1]);
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            if (await stream.ReadAsync(one, cancellation) == 0)
            {
                throw new IOException("Ended.");
            }

            head.Append((char)one[0]);
        }

        if (!head.ToString().StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
        {
            throw new IOException(head.ToString());
        }
    }
}
