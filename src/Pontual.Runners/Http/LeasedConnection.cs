using System.Net.Sockets;

namespace Pontual.Runners.Http;

/// <summary>
/// A connection that asks whether the attempt may go on just before bytes leave: between the first question and the request may lie a look-up, a
/// handshake and a wait for a connection. What is sent by HTTP/2 leaves from a loop of the connection's own and is asked about only before.
/// </summary>
internal sealed class LeasedConnection(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private static readonly AsyncLocal<Func<bool>?> Asked = new();

    /// <summary>From here on, in this flow, nothing is sent once this answers false.</summary>
    public static void AskBeforeSending(Func<bool> mayGoOn) => Asked.Value = mayGoOn;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Ask();
        return base.WriteAsync(buffer, cancellationToken);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Ask();
        base.Write(buffer);
    }

    private static void Ask()
    {
        if (Asked.Value is { } mayGoOn && !mayGoOn())
        {
            throw new LeaseOverException();
        }
    }
}

/// <summary>Nothing was sent: the lease was over by then.</summary>
internal sealed class LeaseOverException() : IOException("The lease was over before the request was sent.");
