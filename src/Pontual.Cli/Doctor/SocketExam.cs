using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace Pontual.Cli.Doctor;

/// <summary>Opens the WebSocket of a server as a browser or program would, subscribes, and waits for the answer.</summary>
internal static class SocketExam
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<Symptom> LookAsync(Uri server, string? token, CancellationToken cancellation)
    {
        var address = new UriBuilder(server)
        {
            Scheme = server.Scheme == "https" ? "wss" : "ws",
            Path = $"{server.AbsolutePath.TrimEnd('/')}/ws",
        }.Uri;
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            var began = Stopwatch.GetTimestamp();
            using var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("pontual");
            if (token is not null)
            {
                socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            }

            await socket.ConnectAsync(address, limit.Token);
            await socket.SendAsync("""{"subscribe":["nodes"]}"""u8.ToArray(), WebSocketMessageType.Text, true, limit.Token);
            var buffer = new byte[16 << 10];
            var answer = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            var text = Encoding.UTF8.GetString(buffer, 0, answer.Count);
            if (!text.Contains("\"subscribed\"", StringComparison.Ordinal))
            {
                return Fail(address, $"it answers something else than expected: {text}");
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            return Symptom.Ok("WebSocket", $"{address} takes subscriptions, in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        }
        catch (WebSocketException refused)
        {
            return Fail(address, refused.InnerException?.Message ?? refused.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Fail(address, $"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static Symptom Fail(Uri address, string why) =>
        Symptom.Fail(
            "WebSocket",
            $"{address}: {why}",
            "A proxy in front must pass upgrades on (nginx: proxy_http_version 1.1, Upgrade and Connection headers); polling works without."
        );
}
