using System.Net;
using System.Net.Sockets;
using Pontual.Engine.Jobs;
using Pontual.TestKit.Web;

namespace Pontual.Runners.Tests.Http;

/// <summary>One way for a target to misbehave, and what must come of it.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Settings">The target.</param>
/// <param name="Kind">The failure's kind; null when only the deadline ends it, none for a success.</param>
/// <param name="Told">A part of the message.</param>
internal sealed record HostileCase(string Name, string Settings, FailureKinds? Kind, string Told = "");

/// <summary>The servers behind the cases.</summary>
internal sealed class HostileTargets : IAsyncDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly TestCertificates _certificates = new();
    private readonly TcpListener _deaf = new(IPAddress.Loopback, 0);
    private readonly TcpListener _mute = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _crowd = [];
    private readonly int _closedPort;

    public HostileTargets()
    {
        Plain = new HostileServer();
        Expired = new HostileServer(_certificates.For("127.0.0.1", from: -30, to: -1));
        SelfSigned = new HostileServer(TestCertificates.SelfSigned("127.0.0.1"));
        OtherHost = new HostileServer(_certificates.For("elsewhere.test"));
        UnknownAuthority = new HostileServer(_certificates.For("127.0.0.1"));
        CaFile = Path.GetTempFileName();
        File.WriteAllText(CaFile, _certificates.AuthorityPem);
        Script();

        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        _closedPort = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        FillBacklog();
        _mute.Start(100);
    }

    public HostileServer Plain { get; }

    public HostileServer Expired { get; }

    public HostileServer SelfSigned { get; }

    public HostileServer OtherHost { get; }

    public HostileServer UnknownAuthority { get; }

    public string CaFile { get; }

    public IEnumerable<HostileServer> Servers => [Plain, Expired, SelfSigned, OtherHost, UnknownAuthority];

    public IReadOnlyList<HostileCase> Cases =>
        [
            At("slow headers", "/slow-headers", null),
            At("slow body", "/slow-body", null),
            At("silence after the request", "/silence", null),
            At("silence after the headers", "/silence-after-headers", null),
            At("flood of 1xx answers", "/1xx-flood", FailureKinds.Network, "headers are larger"),
            At("drip of 1xx answers", "/1xx-drip", null),
            At("redirect to a slow place", "/to-slow", null),
            At("endless chunks", "/endless-chunks", FailureKinds.Error, "larger than 10 MiB"),
            At("10 GiB", "/10-gib", FailureKinds.Error, "larger than 10 MiB"),
            At("no length, no end", "/no-length", FailureKinds.Error, "larger than 10 MiB"),
            At("gzip bomb", "/bomb-gzip", FailureKinds.Error, "larger than 10 MiB"),
            At("brotli bomb", "/bomb-br", FailureKinds.Error, "larger than 10 MiB"),
            At("deflate bomb", "/bomb-deflate", FailureKinds.Error, "larger than 10 MiB"),
            At("broken gzip", "/broken-gzip", FailureKinds.Network, "compression is broken"),
            At("1 MB header", "/large-header", FailureKinds.Network, "headers are larger"),
            At("100,000 headers", "/many-headers", FailureKinds.Network, "headers are larger"),
            At("bad chunk size", "/bad-chunk", FailureKinds.Network, "not valid HTTP"),
            At("chunks cut off", "/cut-chunk", FailureKinds.Network, "closed the connection"),
            At("fewer bytes than said", "/short-body", FailureKinds.Network, "closed the connection"),
            At("more bytes than said", "/long-body", FailureKinds.None),
            At("close at once", "/close", FailureKinds.Network, "closed the connection"),
            At("close inside the headers", "/close-in-headers", FailureKinds.Network, "closed the connection"),
            At("reset at once", "/reset", FailureKinds.Network, "connection reset"),
            At("reset inside the body", "/reset-in-body", FailureKinds.Network, "after HTTP 200"),
            At("garbage", "/garbage", FailureKinds.Network, "not valid HTTP"),
            At("status of five digits", "/bad-status", FailureKinds.Network, "not valid HTTP"),
            At("header without colon", "/bad-header", FailureKinds.Network, "not valid HTTP"),
            At("length that is none", "/bad-length", FailureKinds.None),
            At("switch of protocols", "/switch", FailureKinds.ClientError, "HTTP 101"),
            At("redirect to itself", "/loop", FailureKinds.ClientError, "More than 5 redirects"),
            At("50 hops", "/hop", FailureKinds.ClientError, "More than 5 redirects"),
            At("redirect without a place", "/nowhere", FailureKinds.ClientError, "HTTP 302"),
            At("redirect to metadata", "/to-metadata", FailureKinds.Target, "refuses to connect to 169.254.169.254"),
            At("redirect to metadata as a number", "/to-metadata-number", FailureKinds.Target, "refuses to connect to 169.254.169.254"),
            At("redirect to a file", "/to-file", FailureKinds.Target, "which is refused"),
            At("redirect to bad TLS", "/to-self-signed", FailureKinds.Network, "TLS: the certificate is self-signed"),
            At("429 with a wait", "/429", FailureKinds.TooManyRequests, "HTTP 429"),
            At("503 with a wait of years", "/503", FailureKinds.ServerError, "HTTP 503"),
            new(
                "200 with an error inside",
                $$"""{"url": "{{Plain.Url("/late-error")}}", "success": {"json": "ok=true"} }""",
                FailureKinds.Error,
                "HTTP 200, but the answer's ok is 'false'"
            ),
            Of(
                "plain HTTP behind https",
                Plain.Url("/").Replace("http:", "https:", StringComparison.Ordinal),
                FailureKinds.Network,
                "TLS:"
            ),
            Of("TLS behind http", UnknownAuthority.Url("/").Replace("https:", "http:", StringComparison.Ordinal), FailureKinds.Network),
            Of("expired certificate", Expired.Url("/"), FailureKinds.Network, "TLS: the certificate has expired", CaFile),
            Of("self-signed certificate", SelfSigned.Url("/"), FailureKinds.Network, "TLS: the certificate is self-signed"),
            Of(
                "certificate for another host",
                OtherHost.Url("/"),
                FailureKinds.Network,
                "TLS: the certificate is for another host",
                CaFile
            ),
            Of("unknown authority", UnknownAuthority.Url("/"), FailureKinds.Network, "TLS: the certificate's authority is unknown"),
            Of("https to http", UnknownAuthority.Url("/to-http"), FailureKinds.Target, "redirects from https to http", CaFile),
            Of("refused", $"http://127.0.0.1:{_closedPort}/", FailureKinds.Network, "connection refused by 127.0.0.1"),
            Of("no such name", "http://no-such.test/", FailureKinds.Network, "DNS: no such host no-such.test"),
            new("slow name", """{"url": "http://slow.test/", "connect-timeout": "300ms"}""", FailureKinds.Network, "within 0.3 s"),
            new(
                "nobody accepts",
                $$"""{"url": "http://127.0.0.1:{{((IPEndPoint)_deaf.LocalEndpoint).Port}}/", "connect-timeout": "300ms"}""",
                FailureKinds.Network,
                "within 0.3 s"
            ),
            new(
                "TLS never begins",
                $$"""{"url": "https://127.0.0.1:{{((IPEndPoint)_mute.LocalEndpoint).Port}}/", "connect-timeout": "100ms"}""",
                FailureKinds.Network,
                "within 0.1 s"
            ),
        ];

    /// <summary>The names the cases use.</summary>
    public static async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation)
    {
        if (host == "slow.test")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }

        throw new SocketException((int)SocketError.HostNotFound);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }

        _crowd.ForEach(socket => socket.Dispose());
        _deaf.Dispose();
        _mute.Dispose();
        _certificates.Dispose();
        File.Delete(CaFile);
    }

    private static HostileCase Of(string name, string url, FailureKinds? kind, string told = "", string? ca = null) =>
        new(name, ca is null ? $$"""{"url": "{{url}}"}""" : $$"""{"url": "{{url}}", "ca": "{{ca}}"}""", kind, told);

    private HostileCase At(string name, string path, FailureKinds? kind, string told = "") => Of(name, Plain.Url(path), kind, told);

    /// <summary>Fills the queue of a listener that never accepts: the system then drops further attempts without a word, like a black hole.</summary>
    private void FillBacklog()
    {
        _deaf.Start(1);
        for (var i = 0; i < 4; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _crowd.Add(socket);
            try
            {
                socket.Connect(_deaf.LocalEndpoint);
            }
            catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // Under way is all that is wanted.
            }
        }
    }

    private void Script()
    {
        const string Ok = "HTTP/1.1 200 OK\r\n";
        const string Chunked = Ok + "Transfer-Encoding: chunked\r\n\r\n";
        var drip = TimeSpan.FromMilliseconds(100);
        Plain
            .On(
                "/slow-headers",
                async given =>
                {
                    await given.SendAsync(Ok + "X-Slow: ");
                    await given.SendForeverAsync("x", drip);
                }
            )
            .On(
                "/slow-body",
                async given =>
                {
                    await given.SendAsync(Ok + "Content-Length: 1000\r\n\r\n");
                    await given.SendForeverAsync("x", drip);
                }
            )
            .On("/silence", given => given.HangAsync())
            .On(
                "/silence-after-headers",
                async given =>
                {
                    await given.SendAsync(Ok + "Content-Length: 1\r\n\r\n");
                    await given.HangAsync();
                }
            )
            .On("/1xx-flood", given => given.SendForeverAsync("HTTP/1.1 102 Processing\r\n\r\n", TimeSpan.Zero))
            .On("/1xx-drip", given => given.SendForeverAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", drip))
            .On("/to-slow", HostileExchange.Redirect("/slow-body"))
            .On(
                "/endless-chunks",
                async given =>
                {
                    await given.SendAsync(Chunked);
                    await given.SendForeverAsync("1000\r\n" + new string('x', 4096) + "\r\n", TimeSpan.Zero);
                }
            )
            .On(
                "/10-gib",
                async given =>
                {
                    await given.SendAsync(Ok + "Content-Length: 10737418240\r\n\r\n");
                    await given.FloodAsync(10L * 1024 * MiB);
                }
            )
            .On(
                "/no-length",
                async given =>
                {
                    await given.SendAsync(Ok + "\r\n");
                    await given.FloodAsync(long.MaxValue);
                }
            )
            .On("/broken-gzip", given => given.SendAsync(HostileExchange.Text("200 OK", "this is no gzip", "Content-Encoding: gzip\r\n")))
            .On("/large-header", given => given.SendAsync(Ok + "X-Large: " + new string('x', MiB) + "\r\nContent-Length: 0\r\n\r\n"))
            .On(
                "/many-headers",
                given => given.SendAsync(Ok + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"X-{i}: 1\r\n")) + "\r\n")
            )
            .On("/bad-chunk", Chunked + "zz\r\nxx\r\n0\r\n\r\n")
            .On("/cut-chunk", Chunked + "10\r\nonly")
            .On("/short-body", Ok + "Content-Length: 100\r\n\r\nonly")
            .On("/long-body", Ok + "Connection: close\r\nContent-Length: 4\r\n\r\nonly and then some more")
            .On("/close", _ => Task.CompletedTask)
            .On("/close-in-headers", Ok + "Content-Le")
            .On(
                "/reset",
                given =>
                {
                    given.Reset();
                    return Task.CompletedTask;
                }
            )
            .On(
                "/reset-in-body",
                async given =>
                {
                    await given.SendAsync(Ok + "Content-Length: 100\r\n\r\nonly");
                    given.Reset();
                }
            )
            .On("/garbage", "\0\u0001 this is no answer at all\r\n\r\n")
            .On("/bad-status", "HTTP/1.1 20000 OK\r\nContent-Length: 0\r\n\r\n")
            .On("/bad-header", Ok + "no colon here\r\nContent-Length: 0\r\n\r\n")
            .On("/bad-length", Ok + "Connection: close\r\nContent-Length: -5\r\n\r\n")
            .On("/switch", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
            .On("/loop", HostileExchange.Redirect("/loop"))
            .On(
                "/hop",
                given =>
                    given.SendAsync(HostileExchange.Redirect($"/hop?{given.Request.Path.Length}{given.Request.Path[4..].TrimStart('?')}"))
            )
            .On("/nowhere", HostileExchange.Text("302 Found", ""))
            .On("/to-metadata", HostileExchange.Redirect("http://169.254.169.254/latest/meta-data/"))
            .On("/to-metadata-number", HostileExchange.Redirect("http://2852039166/latest/meta-data/"))
            .On("/to-file", HostileExchange.Redirect("file:///etc/passwd"))
            .On("/to-self-signed", given => given.SendAsync(HostileExchange.Redirect(SelfSigned.Url("/"))))
            .On("/429", HostileExchange.Text("429 Too Many Requests", "", "Retry-After: 120\r\n"))
            .On("/503", HostileExchange.Text("503 Service Unavailable", "", "Retry-After: 315360000\r\n"))
            .On("/late-error", HostileExchange.Json("200 OK", """{"ok": false, "error": "database"}"""));
        foreach (var encoding in (string[])["gzip", "br", "deflate"])
        {
            var bomb = HostileExchange.Bomb(encoding, 64 * MiB);
            Plain.On(
                $"/bomb-{encoding}",
                async given =>
                {
                    await given.SendAsync($"{Ok}Content-Encoding: {encoding}\r\nContent-Length: {bomb.Length}\r\n\r\n");
                    await given.SendAsync(bomb);
                }
            );
        }

        UnknownAuthority.On("/to-http", given => given.SendAsync(HostileExchange.Redirect(Plain.Url("/"))));
    }
}
