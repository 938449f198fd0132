using System.Text.Json;
using Pontual.Server.Demo.Gateways;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Compat;

/// <summary>What monitors are told of channels.</summary>
public sealed class ChannelsHealthTests
{
    [Fact(DisplayName = "S5-05 /health/chips is not configured without channels")]
    public async Task Without_channels_it_says_so()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();

        var answer = await own.Host.Admin.GetJsonAsync("/health/chips");

        Assert.Equal("""{"status":"not_configured","summary":{}}""", answer.GetRawText());
    }

    [Fact(DisplayName = "S5-05 /health/chips counts channels by state and trust, and is critical when none works")]
    public async Task It_counts_channels()
    {
        var channels = new ChannelsHost();
        await channels.InitializeAsync();
        try
        {
            var well = await HealthAsync(channels);
            channels.Sales.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself });
            await channels.CheckAsync();
            var half = await HealthAsync(channels);
            channels.Support.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself });
            await channels.CheckAsync();
            var none = await HealthAsync(channels);
            await channels.Host.Admin.PostJsonAsync("/api/v1/channels/sales/pause", "{}");
            await channels.Host.Admin.PostJsonAsync("/api/v1/channels/support/pause", "{}");
            var paused = await HealthAsync(channels);

            Assert.Equal(("ok", 2, 2, 0), Counts(well, "connected", "down"));
            Assert.Equal(("degraded", 2, 1, 1), Counts(half, "connected", "down"));
            Assert.Equal(("critical", 2, 0, 2), Counts(none, "connected", "down"));
            Assert.Equal(("ok", 2, 2, 2), Counts(paused, "down", "paused"));
            Assert.Equal(2, well.GetProperty("summary").GetProperty("trust_not_enough_data").GetInt32());
            var sales = half.GetProperty("channels").GetProperty("sales");
            Assert.NotEqual("connected", sales.GetProperty("state").GetString());
            Assert.Equal(JsonValueKind.String, sales.GetProperty("reason").ValueKind);
            Assert.Equal(
                ("not-enough-data", JsonValueKind.Null),
                (sales.GetProperty("band").GetString(), sales.GetProperty("trust").ValueKind)
            );
        }
        finally
        {
            await channels.DisposeAsync();
        }
    }

    private static Task<JsonElement> HealthAsync(ChannelsHost channels) => channels.Host.Admin.GetJsonAsync("/health/chips");

    private static (string? Status, int Total, int First, int Second) Counts(JsonElement health, string first, string second)
    {
        var summary = health.GetProperty("summary");
        return (
            health.GetProperty("status").GetString(),
            summary.GetProperty("total").GetInt32(),
            summary.GetProperty(first).GetInt32(),
            summary.GetProperty(second).GetInt32()
        );
    }
}
