using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Pontual.Engine.Tenants;
using Pontual.Server.Api;

namespace Pontual.Server.Realtime;

/// <summary>One client's WebSocket, from its acceptance to its end.</summary>
internal sealed class SocketSession(
    WebSocket socket,
    EventHub hub,
    TenantName tenant,
    Standing standing,
    RealtimePace pace,
    TimeProvider time
)
{
    private const int LongestMessage = 16 << 10;
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    private readonly Listener _listener = hub.Join();
    private readonly List<EventMessage> _taken = new(Listener.MostTaken);
    private SocketWish? _wish;
    private string? _wrong;
    private long _sentAt = time.GetTimestamp();

    /// <summary>Serves the client until it goes, may not listen any more, or the server stops.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var _ = _listener;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var wake = ending.Token.UnsafeRegister(static listener => ((Listener)listener!).Bell.Ring(), _listener);
        // A receive that is cancelled breaks the connection off: it goes on until the client has heard why the socket ends, or does not listen.
        using var reading = new CancellationTokenSource();
        var receiving = ReceiveAsync(ending, reading.Token);
        var (status, why) = await SendAsync(ending.Token);
        if (await TryCloseAsync(status, why))
        {
            await receiving.WaitAsync(CloseTime, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading.CancelAsync();
        await receiving;
    }

    private async Task<(WebSocketCloseStatus Status, string Why)> SendAsync(CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await AnswerAsync(cancellation);
                _taken.Clear();
                if (_listener.Wanted is not null && !await _listener.TakeAsync(_taken, cancellation))
                {
                    await TellGoneAsync(_listener.Cursor, cancellation);
                }

                foreach (var message in _taken)
                {
                    await SendAsync(message.Json, cancellation);
                }

                if (!await standing.HoldsAsync())
                {
                    return (WebSocketCloseStatus.PolicyViolation, "token-refused");
                }

                await BeatAsync(cancellation);
                if (_taken.Count == 0)
                {
                    await _listener.Bell.SleepAsync();
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { }
        catch (Exception gone) when (gone is WebSocketException or IOException or ObjectDisposedException)
        {
            return (WebSocketCloseStatus.Empty, "");
        }

        return (WebSocketCloseStatus.EndpointUnavailable, "the server stops");
    }

    /// <summary>Sees to what the client asked for since the last time.</summary>
    private async Task AnswerAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _wrong, null) is { } wrong)
        {
            await SendAsync(
                json =>
                {
                    json.WriteString("problem", $"{Problems.Urn}bad-request");
                    json.WriteString("detail", wrong);
                },
                cancellation
            );
        }

        if (Interlocked.Exchange(ref _wish, null) is not { } wish)
        {
            return;
        }

        if (wish.After is null && _listener.Wanted is not null)
        {
            _listener.Listen(wish.Wanted, _listener.Cursor);
        }
        else
        {
            var bounds = await hub.BoundsAsync(cancellation);
            var after = wish.After ?? bounds.Newest;
            if (!bounds.Hold(after))
            {
                await TellGoneAsync(after, cancellation);
                return;
            }

            _listener.Listen(wish.Wanted, after);
        }

        await SendAsync(json => json.WriteNumber("subscribed", _listener.Cursor), cancellation);
    }

    /// <summary>Says that what followed a cursor is not kept any more. The client begins anew, from where it likes.</summary>
    private async Task TellGoneAsync(long after, CancellationToken cancellation)
    {
        _listener.Listen(null, after);
        var bounds = await hub.BoundsAsync(cancellation);
        await SendAsync(
            json =>
            {
                json.WriteString("problem", $"{Problems.Urn}cursor-gone");
                json.WriteString("detail", Problems.WordsOfGone(after, bounds));
                json.WriteNumber("oldest_cursor", bounds.Oldest);
                json.WriteNumber("newest_cursor", bounds.Newest);
            },
            cancellation
        );
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        if (_listener.Wanted is not null && time.GetElapsedTime(_sentAt) >= pace.Heartbeat)
        {
            await SendAsync(json => json.WriteNumber("heartbeat", _listener.Cursor), cancellation);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancellation)
    {
        await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, cancellation);
        _sentAt = time.GetTimestamp();
    }

    private ValueTask SendAsync(Action<Utf8JsonWriter> write, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return SendAsync(buffer.WrittenMemory, cancellation);
    }

    /// <summary>Reads what the client asks for until it goes; then ends the session.</summary>
    private async Task ReceiveAsync(CancellationTokenSource ending, CancellationToken cancellation)
    {
        var buffer = new byte[1_024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    if (length == buffer.Length)
                    {
                        if (length >= LongestMessage)
                        {
                            return;
                        }

                        Array.Resize(ref buffer, 4 * buffer.Length);
                    }

                    part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
                    length += part.Count;
                } while (!part.EndOfMessage);

                if (part.MessageType is WebSocketMessageType.Close)
                {
                    return;
                }

                var (wish, wrong) = SocketWish.Read(buffer.AsMemory(0, length), tenant);
                Interlocked.Exchange(ref _wish, wish);
                Interlocked.Exchange(ref _wrong, wrong);
                _listener.Bell.Ring();
            }
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException) { }
        finally
        {
            await ending.CancelAsync();
        }
    }

    /// <returns>Whether the client may still answer.</returns>
    private async Task<bool> TryCloseAsync(WebSocketCloseStatus status, string why)
    {
        try
        {
            if (status is WebSocketCloseStatus.Empty || socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            {
                return false;
            }

            using var limit = new CancellationTokenSource(CloseTime, time);
            await socket.CloseOutputAsync(status, why, limit.Token);
            return true;
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }
}
