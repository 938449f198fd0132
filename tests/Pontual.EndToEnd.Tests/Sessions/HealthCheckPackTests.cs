using System.Runtime.Versioning;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.EndToEnd.Tests.Sessions;

/// <summary>The health check of S3 as its pack lays it down: a job that checks, cures, and writes a log only when there is something to say.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class HealthCheckPackTests
{
    private const string Job = "healthcheck_whatsapp_sessions";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact(
        DisplayName = "S3-01, S3-04, S3-07 The job of the pack, every 15 minutes, finds a drop and cures it, and its log has lines only for that; sessions monitor shows it"
    )]
    public async Task The_job_of_the_pack_cures_a_drop()
    {
        await using var rig = await SessionRig.StartAsync(silentFor: null, "--pack", Repository.Path("packs/session-healthcheck.yaml"));
        var job = (await rig.Server.DoAsync("job", "show", Job, "--json")).Ok().Json;
        await RunAsync(rig);
        var quiet = LogOf(rig);
        rig.Gateway.Find(GatewayKind.Wrapper, "canal1")!.Apply(new Fault(FaultKind.Drop));

        await RunAsync(rig);
        var dropped = LogOf(rig);
        await Wait.ForAsync(
            "run that finds canal1 well again",
            Patience,
            async () =>
            {
                await RunAsync(rig);
                return LogOf(rig) is var log && log.Contains("works again", StringComparison.Ordinal) ? log : null;
            },
            () => LogOf(rig)
        );
        var cured = LogOf(rig);
        await RunAsync(rig);
        var monitor = (await rig.Server.DoAsync("sessions", "monitor")).Ok().Output;

        job.GetProperty("schedule").GetProperty("cron").GetString().ShouldBe("*/15 * * * *");
        quiet.ShouldBeEmpty();
        dropped.ShouldContain("canal1: ");
        dropped.ShouldContain("its code is asked for");
        cured.ShouldNotContain("canal2");
        LogOf(rig).ShouldBe(cured);
        rig.CodesOf("canal1").ShouldBe(1);
        rig.CodesOf("canal2").ShouldBe(0);
        monitor.ShouldContain("healthcheck_whatsapp_sess");
        monitor.ShouldContain("canal1");
        monitor.ShouldContain("canal2");
    }

    private static async Task RunAsync(SessionRig rig) => (await rig.Server.DoAsync("job", "run", Job, "--wait")).Ok();

    /// <summary>All that stands in logs of that name, wherever the server keeps them.</summary>
    private static string LogOf(SessionRig rig) =>
        string.Concat(
            Directory.EnumerateFiles(rig.Folder.Path, "healthcheck-sessions.log", SearchOption.AllDirectories).Select(File.ReadAllText)
        );
}
