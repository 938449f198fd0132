using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Realtime;

/// <summary>A client's WebSocket.</summary>
internal sealed class TestSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly byte[] _buffer = new byte[64 << 10];

    public ClientWebSocket Socket { get; } = new();

    /// <summary>Opens a socket with the token of a client.</summary>
    public static async Task<TestSocket> OpenAsync(ApiHost host, HttpClient client, string path = "/ws")
    {
        var socket = new TestSocket();
        socket.Socket.Options.SetRequestHeader("Authorization", client.DefaultRequestHeaders.Authorization!.ToString());
        await socket.Socket.ConnectAsync(AddressOf(host, path), CancellationToken.None);
        return socket;
    }

    public static Uri AddressOf(ApiHost host, string path = "/ws") => new($"ws://{host.Url.Authority}{path}");

    /// <summary>Subscribes, and reads from where on.</summary>
    public async Task<long> SubscribeAsync(string topics, long? after = null)
    {
        await SayAsync($$"""{"subscribe":[{{topics}}]{{(after is null ? "" : $",\"after\":{after}")}}}""");
        var answer = await ReadAsync();
        while (answer.ValueKind is JsonValueKind.Object && !answer.TryGetProperty("subscribed", out _))
        {
            answer = await ReadAsync();
        }

        Assert.True(answer.ValueKind is JsonValueKind.Object, $"{Socket.State} {Socket.CloseStatus} {Socket.CloseStatusDescription}");
        return answer.GetProperty("subscribed").GetInt64();
    }

    public Task SayAsync(string text) =>
        Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>The next message.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        var part = await Socket.ReceiveAsync(_buffer, limit.Token);
        Assert.True(part.EndOfMessage);
        return part.MessageType is WebSocketMessageType.Close ? default : JsonElement.Parse(_buffer.AsSpan(0, part.Count));
    }

    /// <summary>So many events, without heartbeats.</summary>
    public async Task<List<JsonElement>> ReadAsync(int count)
    {
        var events = new List<JsonElement>();
        while (events.Count < count)
        {
            var message = await ReadAsync();
            if (message.TryGetProperty("cursor", out _))
            {
                events.Add(message);
            }
        }

        return events;
    }

    public ValueTask DisposeAsync()
    {
        Socket.Abort();
        Socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
