using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Pontual.Runners.Http;

/// <summary>The connection pools: one for each set of options that belongs to a connection rather than to a request.</summary>
internal sealed class HttpClients(HostLookup resolve, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PoolKey, HttpMessageInvoker> _pools = [];
    private (PoolKey Key, HttpMessageInvoker Client)? _latest;

    /// <summary>The pool for a target.</summary>
    /// <exception cref="TargetException">Its authorities cannot be read.</exception>
    public HttpMessageInvoker For(HttpTarget target, bool publicOnly)
    {
        var changed = target.Ca is { } ca ? File.GetLastWriteTimeUtc(ca).Ticks : 0;
        var key = new PoolKey(publicOnly, target.ConnectTimeout, target.Ca, changed);
        lock (_gate)
        {
            if (_latest is { } latest && latest.Key == key)
            {
                return latest.Client;
            }

            if (!_pools.TryGetValue(key, out var client))
            {
                client = new HttpMessageInvoker(Open(key));
                DropReplaced(key);
                _pools.Add(key, client);
            }

            _latest = (key, client);
            return client;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var client in _pools.Values)
            {
                client.Dispose();
            }

            _pools.Clear();
            _latest = null;
        }
    }

    /// <summary>Forgets pools whose authorities were an older state of the same file. They are not disposed: attempts may still use them, and idle connections end by themselves.</summary>
    private void DropReplaced(PoolKey key)
    {
        foreach (var old in _pools.Keys.Where(old => key.Ca is not null && old.Ca == key.Ca && old.CaChanged != key.CaChanged).ToList())
        {
            _pools.Remove(old);
        }
    }

    private SocketsHttpHandler Open(PoolKey key) =>
        new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = new GuardedConnector(key.PublicOnly, key.ConnectTimeout, resolve, time).ConnectAsync,
            ConnectTimeout = key.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            MaxResponseDrainSize = 64 * 1024,
            MaxResponseHeadersLength = 64,
            // Below the five seconds after which common servers hang up: a request sent into a connection that is being closed fails.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PreAuthenticate = false,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = Trust(key.Ca),
                RemoteCertificateValidationCallback = CertificateCheck.Validate,
            },
            UseCookies = false,
            UseProxy = false,
        };

    /// <summary>No downloads: a hostile certificate would otherwise choose an address that is fetched past the guard.</summary>
    private static X509ChainPolicy Trust(string? ca)
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (ca is null)
        {
            return policy;
        }

        try
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPemFile(ca);
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new TargetException($"The authorities in {ca} cannot be read ({failure.GetType().Name}): name a readable PEM file in ca");
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new TargetException($"There is no certificate in {ca}: name a PEM file of authorities in ca");
    }

    private readonly record struct PoolKey(bool PublicOnly, TimeSpan ConnectTimeout, string? Ca, long CaChanged);
}
