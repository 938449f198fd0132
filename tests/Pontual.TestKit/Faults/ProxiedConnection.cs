using System.Net;
using System.Net.Sockets;

namespace Pontual.TestKit.Faults;

/// <summary>One connection through a <see cref="FaultProxy"/>: two pumps, and an eye for the client's COMMIT.</summary>
internal sealed class ProxiedConnection(FaultProxy proxy, Socket client)
{
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private CommitCut? _cut;
    private bool _keepsServer;
    private int _reset;

    // PostgreSQL's simple query "COMMIT" and its answer, as they go over the wire: type, length (with itself), text.
    private static ReadOnlySpan<byte> Commit => "Q\0\0\0\u000bCOMMIT\0"u8;

    private static ReadOnlySpan<byte> Committed => "C\0\0\0\u000bCOMMIT\0"u8;

    public async Task RunAsync(EndPoint server, CancellationToken cancellation)
    {
        client.NoDelay = true;
        try
        {
            await proxy.HoldAsync(0, cancellation);
            await _server.ConnectAsync(server, cancellation);
            await Task.WhenAny(PumpAsync(client, _server, LetsThrough, cancellation), PumpAsync(_server, client, LetsAnswer, cancellation));
            if (_keepsServer)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }
        }
        catch (Exception exception) when (IsEnd(exception)) { }
    }

    /// <summary>Ends both sides at once, without a good-bye.</summary>
    public void Reset()
    {
        if (Interlocked.Exchange(ref _reset, 1) == 0)
        {
            ResetClient();
            _server.Dispose();
        }
    }

    // With no time to linger, closing sends RST.
    private void ResetClient()
    {
        try
        {
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }
        catch (ObjectDisposedException) { }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<byte[], int, bool> passes, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellation) is > 0 and var read)
            {
                await proxy.HoldAsync(read, cancellation);
                if (!passes(buffer, read))
                {
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read), cancellation);
            }
        }
        catch (Exception exception) when (IsEnd(exception)) { }
    }

    private bool LetsThrough(byte[] sent, int count)
    {
        if (sent.AsSpan(0, count).IndexOf(Commit) < 0 || proxy.TakeCut() is not { } cut)
        {
            return true;
        }

        if (cut.Happens)
        {
            _cut = cut;
            return true;
        }

        Break(cut);
        return false;
    }

    private bool LetsAnswer(byte[] answered, int count)
    {
        if (_cut is not { } cut || answered.AsSpan(0, count).IndexOf(Committed) < 0)
        {
            return true;
        }

        Break(cut);
        return false;
    }

    private void Break(CommitCut cut)
    {
        _keepsServer = cut.KeepsServer;
        if (_keepsServer)
        {
            ResetClient();
        }
        else
        {
            Reset();
        }

        cut.Done.TrySetResult();
    }

    private static bool IsEnd(Exception exception) => exception is SocketException or ObjectDisposedException or OperationCanceledException;
}
