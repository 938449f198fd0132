using System.Text.RegularExpressions;

namespace Pontual.Server.Tests.Client;

/// <summary>Notes which routes were asked.</summary>
internal sealed class Recorder()
    : DelegatingHandler(new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8 })
{
    private readonly List<(string Method, string Path)> _asked = [];

    /// <summary>The headers of the last request.</summary>
    public Dictionary<string, string> LastHeaders { get; private set; } = [];

    /// <summary>Whether a route was asked.</summary>
    /// <param name="method">The verb, in any letters.</param>
    /// <param name="template">As the document has it: <c>/api/v1/jobs/{name}</c>.</param>
    public bool Has(string method, string template)
    {
        var path = new Regex("^" + Regex.Replace(Regex.Escape(template), @"\\\{[a-z_]+}", "[^/]+") + "$");
        return _asked.Exists(one => one.Method.Equals(method, StringComparison.OrdinalIgnoreCase) && path.IsMatch(one.Path));
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _asked.Add((request.Method.Method, request.RequestUri!.AbsolutePath));
        LastHeaders = request.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value));
        return base.SendAsync(request, cancellationToken);
    }
}
