using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pontual.TestKit.Web;

/// <summary>An authority of the test's own and the certificates it signs, good and bad.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly X509Certificate2 _authority = MakeAuthority("CN=Test Authority");

    /// <summary>The authority as PEM: what a target's <c>ca</c> file holds.</summary>
    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>Signed by the authority for a name or address.</summary>
    /// <param name="host">For whom.</param>
    /// <param name="from">Valid from so many days from now.</param>
    /// <param name="to">Valid until so many days from now.</param>
    public X509Certificate2 For(string host, int from = -1, int to = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var signed = RequestFor(host, key).Create(_authority, now.AddDays(from), now.AddDays(to), RandomNumberGenerator.GetBytes(8));
        using var keyed = signed.CopyWithPrivateKey(key);
        return Portable(keyed);
    }

    /// <summary>Signed by itself.</summary>
    public static X509Certificate2 SelfSigned(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var signed = RequestFor(host, key).CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return Portable(signed);
    }

    /// <inheritdoc/>
    public void Dispose() => _authority.Dispose();

    private static CertificateRequest RequestFor(string host, ECDsa key)
    {
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true)
        );
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.CreateSelfSigned(now.AddDays(-1000), now.AddDays(1000));
        return Portable(signed);
    }

    /// <summary>A copy that owns its key, as servers on every platform want it.</summary>
    private static X509Certificate2 Portable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
}
