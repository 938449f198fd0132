using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pontual.Server.Access;
using Pontual.Server.Composition;

namespace Pontual.Server.Tests.Realtime;

/// <summary>With a cookie, which browsers send by themselves, only known pages may listen.</summary>
public sealed class ListeningOriginTests
{
    private readonly Origins _origins = new(new ServerConfiguration { DataFolder = "/nowhere", Origins = ["https://panel.example"] });

    [Theory]
    [InlineData("https://jobs.example", true)]
    [InlineData("http://jobs.example", false)]
    [InlineData("http://jobs.example:443", true)]
    [InlineData("https://panel.example", true)]
    [InlineData("https://jobs.example.evil", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("https://jobs.example:444", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_cookie_needs_a_known_page(string? origin, bool isAdmitted)
    {
        foreach (var isSocket in new[] { true, false })
        {
            Assert.Equal(isAdmitted, _origins.MayListen(Request(origin, isSocket, "Session")));
        }
    }

    [Fact]
    public void A_page_of_this_server_may_stream_where_its_browser_vouches_for_it_and_never_open_a_socket_so()
    {
        var (stream, socket) = (Request(null, isSocket: false, "Session"), Request(null, isSocket: true, "Session"));
        stream.Headers["Sec-Fetch-Site"] = socket.Headers["Sec-Fetch-Site"] = "same-origin";
        var cross = Request(null, isSocket: false, "Session");
        cross.Headers["Sec-Fetch-Site"] = "cross-site";

        Assert.True(_origins.MayListen(stream));
        Assert.False(_origins.MayListen(socket));
        Assert.False(_origins.MayListen(cross));
    }

    [Fact]
    public void A_token_is_shown_on_purpose()
    {
        Assert.True(_origins.MayListen(Request("https://evil.example", isSocket: true, "Bearer")));
        Assert.True(_origins.MayListen(Request(null, isSocket: false, "Bearer")));
    }

    private static HttpRequest Request(string? origin, bool isSocket, string type)
    {
        var context = new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity([], type)) };
        context.Features.Set<IHttpWebSocketFeature>(new Handshake(isSocket));
        context.Request.Host = new HostString("jobs.example", 443);
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        return context.Request;
    }

    private sealed record Handshake(bool IsWebSocketRequest) : IHttpWebSocketFeature
    {
        public Task<System.Net.WebSockets.WebSocket> AcceptAsync(WebSocketAcceptContext context) => throw new InvalidOperationException();
    }
}
