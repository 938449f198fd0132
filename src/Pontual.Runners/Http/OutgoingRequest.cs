using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Pontual.Engine.Executing;

namespace Pontual.Runners.Http;

/// <summary>One attempt's request with everything put in, from which the message of each hop is made.</summary>
internal sealed class OutgoingRequest
{
    private static readonly string Agent =
        "Pontual/"
        + (typeof(OutgoingRequest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split(
            '+'
        )[0];

    private readonly List<Header> _headers = new(16);
    private readonly byte[]? _body;
    private readonly bool _bodyHasSecret;
    private bool _dropsBody;

    /// <exception cref="TargetException">The target as rendered cannot be sent.</exception>
    /// <exception cref="SecretMissingException">A secret is missing.</exception>
    public OutgoingRequest(HttpTarget target, AttemptContext attempt, ResolvedSecrets secrets, Callback? callback)
    {
        var values = new TemplateValues(attempt);
        Method = target.Method;
        Url = RenderUrl(target.Url, values, secrets);
        foreach (var (name, template) in target.Headers)
        {
            Add(name, template.Render(values, secrets), RequestHeaders.IsCredential(name) || template.HasSecret);
        }

        if (target.Body is { } body)
        {
            AddUnlessGiven(RequestHeaders.ContentType, body.DefaultType);
            _body = body.Render(values, secrets, Given(RequestHeaders.ContentType)!);
            _bodyHasSecret = body.HasSecret;
        }

        AddOwn(attempt, callback);
        if (target.Sign is { } sign)
        {
            AddSignature(sign.Render(values, secrets), attempt.Time.GetUtcNow());
        }
    }

    public HttpMethod Method { get; private set; }

    /// <summary>Where it goes next; without user and password, which are a header by now.</summary>
    public Uri Url { get; private set; }

    /// <summary>Whether the target of the next hop still gets the callback's address.</summary>
    public bool OffersCallback => Given(RequestHeaders.CallbackUrl) is not null;

    private bool HasBody => _body is not null && !_dropsBody;

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Url);
        if (Url.Scheme == Uri.UriSchemeHttps)
        {
            message.Version = HttpVersion.Version20;
            message.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

        // Without a body there is no content either: the client sends the length of 0 itself, and may then repeat a request that met a
        // connection just being closed.
        if (HasBody)
        {
            message.Content = new ByteArrayContent(_body!);
        }

        foreach (var header in _headers)
        {
            if (!RequestHeaders.BelongsToContent(header.Name))
            {
                message.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
            else if (HasBody)
            {
                message.Content!.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }

        return message;
    }

    /// <summary>Turns to where an answer pointed, by the rules of RFC 9110 (15.4), leaving credentials behind at another origin.</summary>
    /// <exception cref="TargetException">It may not go there.</exception>
    public void Follow(HttpStatusCode status, Uri next)
    {
        if (Url.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
        {
            throw new TargetException($"{Shown} redirects from https to {next.Scheme}, which is refused: name the final URL in the target");
        }

        if (next.Scheme is not ("http" or "https") || next.Host.Length == 0)
        {
            throw new TargetException($"{Shown} redirects to a {next.Scheme} address, which is refused");
        }

        var toGet =
            status is HttpStatusCode.SeeOther
                ? Method != HttpMethod.Head
                : status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found && Method == HttpMethod.Post;
        if (toGet)
        {
            Method = HttpMethod.Get;
            _dropsBody = true;
        }

        if (!IsSameOrigin(Url, next))
        {
            if (HasBody && _bodyHasSecret)
            {
                throw new TargetException(
                    $"{Shown} redirects to another host, {next.Authority}, and the body carries a secret: name the final URL in the target"
                );
            }

            _headers.RemoveAll(header => header.IsCredential || header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase));
        }

        Url = WithoutUser(next);
    }

    /// <summary>The URL for messages: without query, which may carry tokens.</summary>
    public string Shown => Url.GetLeftPart(UriPartial.Path);

    private static bool IsSameOrigin(Uri a, Uri b) =>
        a.Scheme == b.Scheme && a.Port == b.Port && a.IdnHost.Equals(b.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static Uri WithoutUser(Uri uri) => uri.UserInfo.Length == 0 ? uri : new UriBuilder(uri) { UserName = "", Password = "" }.Uri;

    private static string EncodeForUrl(string value) =>
        value is "." or ".."
            ? throw new TargetException($"A variable of the URL is '{value}', which would climb out of its path: pass another value")
            : Uri.EscapeDataString(value);

    private Uri RenderUrl(Template template, TemplateValues values, ResolvedSecrets secrets)
    {
        var text = template.Render(values, secrets, EncodeForUrl);
        if (HttpTargetReader.UrlProblem(text) is { } problem)
        {
            throw new TargetException(
                $"The target's URL {(template.HasSecret ? ResolvedSecrets.Cover : text)} {problem}: write an absolute http or https URL"
            );
        }

        var url = new Uri(text);
        if (url.UserInfo.Length == 0)
        {
            return url;
        }

        var user = Uri.UnescapeDataString(url.UserInfo);
        secrets.Remember(user);
        secrets.Remember(user[(user.IndexOf(':') + 1)..]);
        Add(RequestHeaders.Authorization, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user)), isCredential: true);
        return WithoutUser(url);
    }

    private void AddOwn(AttemptContext attempt, Callback? callback)
    {
        var run = attempt.Leased.Run;
        var id = run.Id.ToString("D");
        AddUnlessGiven(RequestHeaders.IdempotencyKey, id);
        AddUnlessGiven(RequestHeaders.UserAgent, Agent);
        _headers.Add(new("X-Pontual-Run-Id", id));
        _headers.Add(new("X-Pontual-Job", run.Job.Text));
        if (!run.Job.Tenant.IsDefault)
        {
            _headers.Add(new("X-Pontual-Tenant", run.Job.Tenant.ToString()));
        }

        _headers.Add(new("X-Pontual-Attempt", run.Attempt.ToString(CultureInfo.InvariantCulture)));
        _headers.Add(new("X-Pontual-Token", attempt.Leased.LeaseToken.ToString(CultureInfo.InvariantCulture)));
        _headers.Add(new("X-Pontual-Scheduled-For", TemplateValues.Instant(run.DueAt)));
        if (Activity.Current is null)
        {
            // Without a trace of ours the run is the trace and the claim its span: nothing to store, and every log can be joined.
            AddUnlessGiven(RequestHeaders.TraceParent, $"00-{run.Id:N}-{Math.Max(1, attempt.Leased.LeaseToken):x16}-01");
        }

        if (callback is not null)
        {
            _headers.Add(new(RequestHeaders.CallbackUrl, callback.Url, IsCredential: true));
            _headers.Add(new(RequestHeaders.CallbackToken, callback.Token, IsCredential: true));
        }
    }

    private void AddSignature(string key, DateTimeOffset now)
    {
        if (key.Length == 0)
        {
            throw new TargetException("The signing key is empty: check the secret that sign refers to");
        }

        var stamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key));
        hash.AppendData(Encoding.ASCII.GetBytes(stamp + "."));
        hash.AppendData(_body ?? []);
        _headers.Add(new(RequestHeaders.Signature, $"t={stamp},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}", IsCredential: true));
    }

    private void Add(string name, string value, bool isCredential)
    {
        if (RequestHeaders.ValueProblem(value) is { } problem)
        {
            throw new TargetException($"The value of the header {name} {problem}: use printable ASCII");
        }

        // A header that the target gives wins over the user and password of its URL.
        _headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        _headers.Add(new(name, value, isCredential));
    }

    private void AddUnlessGiven(string name, string value)
    {
        if (Given(name) is null)
        {
            _headers.Add(new(name, value));
        }
    }

    private string? Given(string name)
    {
        foreach (var header in _headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }

    private readonly record struct Header(string Name, string Value, bool IsCredential = false);
}

/// <param name="Url">Where the target reports the run's end.</param>
/// <param name="Token">The attempt's own secret for it.</param>
internal sealed record Callback(string Url, string Token);
