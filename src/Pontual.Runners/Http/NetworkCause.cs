using System.Net.Sockets;
using System.Security.Authentication;

namespace Pontual.Runners.Http;

/// <summary>Says in plain words why an exchange broke.</summary>
internal static class NetworkCause
{
    /// <param name="failure">What was thrown.</param>
    /// <param name="url">What was called.</param>
    /// <param name="patience">How long connecting might take.</param>
    /// <returns>Null when it is nothing of the network.</returns>
    public static string? Of(Exception failure, Uri url, TimeSpan patience)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            var told = cause switch
            {
                AuthenticationException tls => $"TLS: {tls.Message}",
                SocketException socket => OfSocket(socket, url, patience),
                // The attempt's own cancellation never gets here: what is left is the wait for a connection.
                TimeoutException or OperationCanceledException => NoConnection(url, patience),
                InvalidDataException => "the answer's compression is broken",
                _ => null,
            };
            if (told is not null)
            {
                return told;
            }
        }

        return OfHttp(failure);
    }

    private static string OfSocket(SocketException socket, Uri url, TimeSpan patience) =>
        socket.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData => $"DNS: no such host {url.IdnHost}",
            SocketError.TryAgain or SocketError.NoRecovery => $"DNS: no answer for {url.IdnHost}",
            SocketError.ConnectionRefused => $"connection refused by {url.Authority}",
            SocketError.ConnectionReset => $"connection reset by {url.Authority}",
            SocketError.TimedOut => NoConnection(url, patience),
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => $"no route to {url.Authority}",
            _ => $"connection to {url.Authority} failed: {socket.SocketErrorCode}",
        };

    private static string NoConnection(Uri url, TimeSpan patience) =>
        $"no connection to {url.Authority} within {patience.TotalSeconds:0.#} s";

    private static string? OfHttp(Exception failure)
    {
        var error = failure switch
        {
            HttpRequestException request => request.HttpRequestError,
            HttpIOException io => io.HttpRequestError,
            IOException => HttpRequestError.Unknown,
            _ => (HttpRequestError?)null,
        };
        return error switch
        {
            null => null,
            HttpRequestError.ResponseEnded => "the server closed the connection before its answer was complete",
            HttpRequestError.InvalidResponse => "the answer is not valid HTTP",
            HttpRequestError.ConfigurationLimitExceeded => "the answer's headers are larger than 64 KiB",
            HttpRequestError.SecureConnectionError => $"TLS: {Deepest(failure)}",
            HttpRequestError.HttpProtocolError => $"HTTP/2: {Deepest(failure)}",
            _ => Deepest(failure),
        };
    }

    private static string Deepest(Exception failure) => failure.GetBaseException().Message.TrimEnd('.');
}
