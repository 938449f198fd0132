using System.Net.Sockets;
using System.Text;

namespace Pontual.Server.Tests.Api;

/// <summary>Bytes that no HTTP client would send.</summary>
public sealed class RawRequestTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string> Broken =>
        new()
        {
            { "GET /api/v1/jobs\0 HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
            { "GET /api/v1/jobs/a%00b HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
            { "GET /api/v1/jobs HTTP/9.9\r\nHost: a\r\n\r\n", "505" },
            { "GET /api/v1/jobs HTTP/1.1\r\n\r\n", "400" },
            { "GET api/v1/jobs HTTP/1.1\r\nHost: a\r\n\r\n", "400" },
            { "hello\r\n\r\n", "400" },
            { "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", "400" },
            { "GET /api/v1/jobs HTTP/1.1\r\nHost: a\r\nX-A: b\rX-C: d\r\n\r\n", "400" },
            { "GET /api/v1/jobs HTTP/1.1\r\nHost: a\r\nX-A : b\r\n\r\n", "400" },
            { "GET /api/v1/jobs HTTP/1.1\r\nHost: a\r\nX-A: \0\r\n\r\n", "400" },
            { "POST /api/v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", "400" },
            { "POST /api/v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", "400" },
            { "POST /api/v1/jobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", "400" },
            { $"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: a\r\n\r\n", "414" },
            { $"GET /api/v1/jobs HTTP/1.1\r\nHost: a\r\nX-A: {new string('a', 60_000)}\r\n\r\n", "431" },
            { $"GET /api/v1/jobs HTTP/1.1\r\nHost: a\r\n{Headers(100)}\r\n", "431" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_no_http_is_refused_and_the_server_goes_on(string request, string status)
    {
        var answer = await SendAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await host.Anonymous.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task A_line_break_in_a_name_does_not_reach_the_headers_of_the_answer()
    {
        var token = host.Admin.DefaultRequestHeaders.Authorization!.Parameter;

        var answer = await SendAsync(
            $"GET /api/v1/jobs/a%0d%0aX-Injected:%20yes HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("invalid-name", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Injected: yes\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_without_end_is_cut_at_the_limit()
    {
        var token = host.Admin.DefaultRequestHeaders.Authorization!.Parameter;
        var chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";
        var request =
            $"POST /api/v1/jobs HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + string.Concat(Enumerable.Repeat(chunk, 20));

        var answer = await SendAsync(request);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("too-large", answer, StringComparison.Ordinal);
    }

    private static string Headers(int count) => string.Concat(Enumerable.Range(0, count).Select(number => $"X-Header-{number}: a\r\n"));

    /// <summary>Sends bytes and reads until the server closes or nothing more comes.</summary>
    private async Task<string> SendAsync(string request)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var client = new TcpClient();
        await client.ConnectAsync(host.Url.Host, host.Url.Port, limit.Token);
        await using var stream = client.GetStream();
        var buffer = new byte[64 << 10];
        var answer = new StringBuilder();
        var reading = ReadAsync();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        }
        catch (IOException)
        {
            // The server may close while more is being sent: its answer counts.
        }

        await reading;
        return answer.ToString();

        async Task ReadAsync()
        {
            try
            {
                while (await stream.ReadAsync(buffer, limit.Token) is var count and > 0)
                {
                    answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
                }
            }
            catch (IOException)
            {
                // Reset instead of closed: the same to us.
            }
        }
    }
}
