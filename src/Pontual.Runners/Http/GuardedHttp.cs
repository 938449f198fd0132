using Microsoft.Extensions.Options;

namespace Pontual.Runners.Http;

/// <summary>HTTP for handlers of ours that call addresses which people configured: through the same guard as targets, without redirects, cookies or proxy.</summary>
public sealed class GuardedHttp : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _client;

    /// <summary>One for a process.</summary>
    public GuardedHttp(IOptions<HttpRunnerOptions> options, TimeProvider time)
    {
        var settings = options.Value;
        _client = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = System.Net.DecompressionMethods.All,
                ConnectCallback = new GuardedConnector(settings.PublicOnly, ConnectPatience, settings.Resolve, time).ConnectAsync,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                UseCookies = false,
                UseProxy = false,
            }
        );
    }

    /// <summary>Sends a request and answers as soon as the head of the answer is there.</summary>
    /// <exception cref="HttpRequestException">It could not be sent.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        _client.SendAsync(request, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
