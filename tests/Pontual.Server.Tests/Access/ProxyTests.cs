using System.Net;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Access;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.0/8", "203.0.113.9, 127.0.0.2", "203.0.113.9")]
    [InlineData("10.0.0.0/8", "203.0.113.9", "127.0.0.1")]
    [InlineData(null, "203.0.113.9", "127.0.0.1")]
    public async Task Callers_are_where_a_known_proxy_says_and_nobody_else(string? proxies, string forwarded, string address)
    {
        await using var own = new ApiHostOfItsOwn(configuration =>
            configuration with
            {
                Proxies = proxies is null ? [] : [IPNetwork.Parse(proxies)],
            }
        );
        await own.InitializeAsync();
        own.Host.Admin.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);

        await own.Host.DefineAsync("proxied");

        var entry = (await own.Host.Admin.GetJsonAsync("/api/v1/audit")).GetProperty("items")[0];
        Assert.Equal(address, entry.GetProperty("address").GetString());
    }
}
