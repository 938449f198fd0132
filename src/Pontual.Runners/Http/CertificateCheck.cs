using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Pontual.Runners.Http;

/// <summary>Accepts what the platform accepts, and says in plain words why not where it does not.</summary>
internal static class CertificateCheck
{
    // A wrong signature is what another authority of the same name looks like.
    private const X509ChainStatusFlags Unknown =
        X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotSignatureValid;

    public static bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors is SslPolicyErrors.None ? true : throw new AuthenticationException(Why(certificate, chain, errors));

    private static string Why(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var status = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) || certificate is null ? "the server sent no certificate"
            : status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? TimeProblem(certificate)
            : status.HasFlag(X509ChainStatusFlags.Revoked) ? "the certificate was revoked"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"the certificate is for another host ({certificate.Subject})"
            : status.HasFlag(X509ChainStatusFlags.UntrustedRoot) && certificate.Subject == certificate.Issuer
                ? "the certificate is self-signed"
            : (status & Unknown) != X509ChainStatusFlags.NoError ? $"the certificate's authority is unknown ({certificate.Issuer})"
            : $"the certificate is invalid ({status})";
    }

    private static string TimeProblem(X509Certificate certificate) =>
        $"the certificate has expired or is not valid yet (valid from {certificate.GetEffectiveDateString()} to {certificate.GetExpirationDateString()})";
}
