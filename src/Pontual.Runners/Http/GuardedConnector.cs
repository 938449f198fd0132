using System.Net;
using System.Net.Sockets;

namespace Pontual.Runners.Http;

/// <summary>Opens connections: looks the host up, judges every address, and connects to a judged address and to nothing else.</summary>
/// <param name="publicOnly">As <see cref="AddressGuard.Refusal"/>.</param>
/// <param name="patience">Longest time for all addresses together.</param>
/// <param name="resolve">Looks a host name up.</param>
/// <param name="time">The clock that patience goes by.</param>
internal sealed class GuardedConnector(bool publicOnly, TimeSpan patience, HostLookup resolve, TimeProvider time)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        using var limit = new CancellationTokenSource(patience, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, deadline.Token);
            return await ConnectToAnyAsync(Allowed(host, addresses), context.DnsEndPoint.Port, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private List<IPAddress> Allowed(string host, IPAddress[] addresses)
    {
        var allowed = new List<IPAddress>(addresses.Length);
        string? refusal = null;
        foreach (var address in addresses)
        {
            if (AddressGuard.Refusal(address, publicOnly) is not { } why)
            {
                allowed.Add(address);
                continue;
            }

            var shown = address.ToString();
            var name = shown == host ? "" : $", which {host} stands for";
            refusal ??= $"Pontual refuses to connect to {shown} ({why}){name}";
        }

        return allowed.Count > 0 ? allowed
            : refusal is not null ? throw new TargetException(refusal)
            : throw new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>One after the other, each with an equal share of what time is left, so that one dead address does not hide a living one.</summary>
    private async Task<Stream> ConnectToAnyAsync(List<IPAddress> addresses, int port, CancellationToken cancellation)
    {
        for (var i = 0; ; i++)
        {
            var isLast = i == addresses.Count - 1;
            using var limit = new CancellationTokenSource(isLast ? Timeout.InfiniteTimeSpan : patience / addresses.Count, time);
            using var share = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
            try
            {
                return await ConnectToAsync(new IPEndPoint(addresses[i], port), share.Token);
            }
            catch (Exception failure)
                when (!isLast && !cancellation.IsCancellationRequested && failure is SocketException or OperationCanceledException)
            {
                // The next address may answer; the last one's failure is the one that is told.
            }
        }
    }

    private static async Task<Stream> ConnectToAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellation);
            return new LeasedConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Looks a host name up.</summary>
/// <returns>All its addresses, in the order to try them.</returns>
internal delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancellation);
