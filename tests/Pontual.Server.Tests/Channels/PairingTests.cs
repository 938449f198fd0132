using System.Buffers.Binary;
using System.Net;
using Pontual.Server.Demo.Gateways;
using Pontual.Server.Tests.Api;
using Pontual.Server.Tests.Compat;
using Shouldly;

namespace Pontual.Server.Tests.Channels;

/// <summary>The code that pairs a session, as an image and as what a terminal draws.</summary>
public sealed class PairingTests(ChannelsHost channels) : IClassFixture<ChannelsHost>
{
    [Fact(
        DisplayName = "A session that the phone has unpaired shows its code at the first call, although its gateway has to make it first"
    )]
    public async Task An_unpaired_session_shows_its_code()
    {
        channels.Sales.Apply(new Fault(FaultKind.LoggedOut));
        await channels.CheckAsync();

        using var image = await channels.Host.Admin.GetAsync("/api/v1/channels/sales/qr");
        var pairing = await channels.Host.Admin.GetJsonAsync("/api/v1/channels/sales/pairing");

        var png = await image.Content.ReadAsByteArrayAsync();
        image.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        image.Headers.CacheControl!.NoStore.ShouldBeTrue();
        // The width stands after the signature and the length and name of the first chunk.
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).ShouldBeGreaterThan(80);
        pairing.GetProperty("text").GetString().ShouldBe(channels.Sales.PairingCode);
        Convert.FromBase64String(pairing.GetProperty("png_base64").GetString()!).ShouldBe(png);
    }

    [Fact]
    public async Task A_paired_session_has_no_code_and_an_unknown_one_is_not_found()
    {
        using var paired = await channels.Host.Admin.GetAsync("/api/v1/channels/support/qr");
        using var unknown = await channels.Host.Admin.GetAsync("/api/v1/channels/nobody/qr");

        paired.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await paired.JsonAsync()).GetProperty("detail").GetString()!.ShouldContain("it is paired already");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
