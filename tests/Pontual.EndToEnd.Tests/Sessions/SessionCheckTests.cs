using System.Runtime.Versioning;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.EndToEnd.Tests.Sessions;

/// <summary>The document of S3, by hand: its commands word for word, and <c>pontual sessions check</c> beside its script.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SessionCheckTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact(
        DisplayName = "S3-01, S3-03, S3-04 A drop is shown by --dry-run and left alone, cured by a check that asks for the code, and told only while there is something to say"
    )]
    public async Task A_drop_is_shown_and_cured()
    {
        await using var rig = await SessionRig.StartAsync(silentFor: null);
        (await rig.SetAsync()).Ok();
        await rig.Server.DoAsync("sessions", "check");
        var quiet = (await rig.Server.DoAsync("sessions", "check")).Ok();
        var verbose = (await rig.Server.DoAsync("sessions", "check", "--verbose")).Ok();
        rig.Gateway.Find(GatewayKind.Wrapper, "canal1")!.Apply(new Fault(FaultKind.Drop));

        var dry = (await rig.Server.DoAsync("sessions", "check", "--dry-run")).Ok();
        var documented = await rig.ShellAsync("php scripts/healthcheck_whatsapp_sessions.php --dry-run", "samples/session-healthcheck");
        var codesAfterDry = rig.CodesOf("canal1");
        var real = (await rig.Server.DoAsync("sessions", "check")).Ok();
        var back = await Wait.ForAsync(
            "check that finds canal1 well again",
            Patience,
            async () =>
                await rig.Server.DoAsync("sessions", "check") is var answer
                && answer.Output.Contains("works again", StringComparison.Ordinal)
                    ? answer
                    : null,
            () => rig.Server.Process.Written
        );

        (quiet.Output + quiet.Error).ShouldBeEmpty();
        verbose.Output.ShouldContain("canal1: connected");
        verbose.Output.ShouldContain("canal2: connected");
        dry.Output.ShouldContain("canal1: ");
        dry.Output.ShouldContain("its code is asked for");
        dry.Output.ShouldNotContain("canal2");
        documented.ShouldBe(dry.Output);
        codesAfterDry.ShouldBe(0);
        real.Output.ShouldBe(dry.Output);
        rig.CodesOf("canal1").ShouldBe(1);
        rig.CodesOf("canal2").ShouldBe(0);
        back.Output.ShouldContain("canal1: connected");
        var outages = (await rig.Server.DoAsync("sessions", "outages", "canal1", "--json")).Ok().Json;
        outages.GetProperty("items")[0].GetProperty("cured_by").GetString().ShouldBe("nudge");
    }

    [Fact(
        DisplayName = "S3-02 --silent-hours=4 finds a session suspect that says connected and has received nothing for so long, and asks for its code once"
    )]
    public async Task Silence_is_found()
    {
        await using var rig = await SessionRig.StartAsync(silentFor: TimeSpan.FromHours(5));
        (await rig.SetAsync()).Ok();

        var longer = (await rig.Server.DoAsync("sessions", "check", "--dry-run", "--silent-hours=6")).Ok();
        var dry = (await rig.Server.DoAsync("sessions", "check", "--dry-run", "--silent-hours=4")).Ok();
        var codesAfterDry = rig.CodesOf("canal2");
        await rig.Server.DoAsync("sessions", "check", "--silent-hours=4");
        await rig.Server.DoAsync("sessions", "check", "--silent-hours=4");

        (longer.Output + longer.Error).ShouldBeEmpty();
        dry.Output.ShouldContain("canal2: ");
        dry.Output.ShouldContain("no message has come in since");
        dry.Output.ShouldNotContain("canal1");
        codesAfterDry.ShouldBe(0);
        rig.CodesOf("canal2").ShouldBe(1);
        rig.CodesOf("canal1").ShouldBe(0);
    }

    [Fact(DisplayName = "S3-05 The curl of the document answers as it says, and without the secret 401")]
    public async Task Curl_answers_as_the_document_says()
    {
        await using var gateway = await SimulatedGateway.StartAsync(
            new SimulationOptions { Time = TimeProvider.System },
            CancellationToken.None
        );
        gateway.Add(GatewayKind.Wrapper, "canal1", "5511900000001");
        var url = gateway.UrlOf(GatewayKind.Wrapper);

        var listed = await SessionRig.ShellAsync(
            $"SECRET=\"{SessionRig.Secret}\"\ncurl -s -H \"X-Gateway-Secret: $SECRET\" \"{url}/api/channels\""
        );
        var refused = await SessionRig.ShellAsync($"curl -s -o /dev/null -w \"%{{http_code}}\" {url}/api/channels");

        listed.ShouldStartWith("""{"success":true,"channels":[{"id":"canal1",""");
        refused.ShouldBe("401");
    }
}
