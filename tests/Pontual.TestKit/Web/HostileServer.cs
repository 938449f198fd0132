using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pontual.TestKit.Web;

/// <summary>A web server made of a bare socket on loopback, so that it can misbehave in every way. Each path has a script; a connection serves one request.</summary>
public sealed class HostileServer : IAsyncDisposable
{
    /// <summary>First byte of a TLS record that begins a handshake: a plain server answers it as real ones do.</summary>
    private const byte TlsHandshake = 0x16;

    private readonly TcpListener _listener;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Func<HostileExchange, Task>> _scripts = new();
    private readonly ConcurrentDictionary<Task, bool> _open = new();
    private readonly Task _accepting;
    private int _connections;

    /// <param name="certificate">Speaks TLS with it; null for plain TCP.</param>
    /// <param name="address">Where to listen; null for 127.0.0.1.</param>
    public HostileServer(X509Certificate2? certificate = null, IPAddress? address = null)
    {
        _certificate = certificate;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start(1024);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were made to it so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections that are open now.</summary>
    public int Open => _open.Count;

    /// <summary>Every request that was read, in order of arrival.</summary>
    public ConcurrentQueue<HostileRequest> Requests { get; } = new();

    /// <summary>The address of a path, by the host name given.</summary>
    public string Url(string path, string host = "127.0.0.1") => $"{(_certificate is null ? "http" : "https")}://{host}:{Port}{path}";

    /// <summary>Says what happens at a path.</summary>
    public HostileServer On(string path, Func<HostileExchange, Task> script)
    {
        _scripts[path] = script;
        return this;
    }

    /// <summary>Answers at a path with what is given, byte for byte, and closes.</summary>
    public HostileServer On(string path, string answer) => On(path, exchange => exchange.SendAsync(answer));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_open.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                var serving = new TaskCompletionSource();
                _open[serving.Task] = true;
                _ = ServeAsync(socket)
                    .ContinueWith(
                        _ =>
                        {
                            _open.TryRemove(serving.Task, out var _);
                            serving.SetResult();
                        },
                        TaskScheduler.Default
                    );
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Stopping, or a connection that was gone before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using (socket)
            {
                await using var stream = await SecureAsync(new NetworkStream(socket, ownsSocket: false));
                if (await ReadAsync(stream) is not { } request)
                {
                    return;
                }

                Requests.Enqueue(request);
                var exchange = new HostileExchange(socket, stream, request, _stop.Token);
                var script =
                    _scripts.GetValueOrDefault(request.Path.Split('?')[0])
                    ?? (given => given.SendAsync(HostileExchange.Text("404 Not Found", "no script")));
                await script(exchange);
            }
        }
        catch (Exception failure)
            when (failure
                    is IOException
                        or SocketException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or System.Security.Authentication.AuthenticationException
            )
        {
            // The other side hung up: that is what it should do.
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream plain)
    {
        if (_certificate is null)
        {
            return plain;
        }

        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return secure;
    }

    private async Task<HostileRequest?> ReadAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[8192];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
            {
                return null;
            }

            bytes.AddRange(buffer.AsSpan(0, count));
            if (bytes[0] == TlsHandshake)
            {
                await stream.WriteAsync(
                    "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(),
                    _stop.Token
                );
                return null;
            }

            var text = Encoding.Latin1.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                continue;
            }

            var request = HostileRequest.Parse(text[..end]);
            var length = request["Content-Length"] is { } given ? int.Parse(given) : 0;
            if (bytes.Count >= end + 4 + length)
            {
                return request with { Body = Encoding.UTF8.GetString([.. bytes], end + 4, length) };
            }
        }
    }
}

/// <summary>A request as it was read.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Path">With its query.</param>
/// <param name="Headers">As sent; names compare without case.</param>
/// <param name="Body">As text.</param>
public sealed record HostileRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The value of a header; null when it was not sent.</summary>
    public string? this[string header] => Headers.GetValueOrDefault(header);

    internal static HostileRequest Parse(string head)
    {
        var lines = head.Split("\r\n");
        var first = lines[0].Split(' ');
        var headers = lines
            .Skip(1)
            .Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return new HostileRequest(first[0], first[1], headers, "");
    }
}
