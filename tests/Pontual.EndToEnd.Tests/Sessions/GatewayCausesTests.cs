using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Shouldly;

namespace Pontual.EndToEnd.Tests.Sessions;

/// <summary>"No channel found or invalid answer": the causes of the document's table, each told apart.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class GatewayCausesTests
{
    private const string Usual = "${env:WPP_GATEWAY_SECRET}";

    [Fact(
        DisplayName = "S3-05 A wrong secret, port, path, scheme or host a missing variable and no gateway at all are told apart, with what to look at and without the secret"
    )]
    public async Task Each_cause_is_named()
    {
        await using var rig = await SessionRig.StartAsync(silentFor: null);
        var wrong = rig.Folder.Write("wrong-secret", "canary-of-a-wrong-secret");
        var authority = rig.Url.Authority;
        (string Name, string Url, string Secret, string Cause)[] causes =
        [
            (
                "secret",
                "${env:WPP_GATEWAY_BASE_URL}",
                $"${{file:{wrong}}}",
                $"{authority} answered 401 to /api/channels: it refuses the secret"
            ),
            ("port", $"http://127.0.0.1:{ClosedPort()}", Usual, "refuses the connection: nothing listens on port"),
            (
                "path",
                $"{rig.Url}/elsewhere",
                Usual,
                $"{authority} answered 404 to /api/channels: something listens there that does not know this path"
            ),
            ("scheme", $"https://{authority}/wrapper", Usual, $"TLS with {authority} failed"),
            ("host", "http://gateway.invalid:8443", Usual, "DNS knows no host gateway.invalid"),
            ("variable", "${env:WPP_GATEWAY_BASE_URL}", "${env:WPP_NO_SUCH_SECRET}", "WPP_NO_SUCH_SECRET"),
        ];
        var without = await rig.Server.DoAsync("sessions", "check");
        foreach (var (name, url, secret, _) in causes)
        {
            (await rig.SetAsync(name, url, secret)).Ok();
        }

        var check = await rig.Server.DoAsync("sessions", "check", "--verbose");
        var test = await rig.Server.DoAsync("gateway", "test", "secret");
        var list = await rig.Server.DoAsync("gateway", "list");

        without.ExitCode.ShouldBe(1);
        OneLine(without.Error).ShouldContain("No channel found: no gateway is defined");
        check.ExitCode.ShouldBe(1);
        foreach (var (name, _, _, cause) in causes)
        {
            OneLine(check.Error).ShouldContain($"No channel found or invalid answer from gateway {name}: ");
            OneLine(check.Error).ShouldContain(cause);
        }

        test.ExitCode.ShouldBe(1);
        OneLine(test.Error).ShouldContain(causes[0].Cause);
        OneLine(list.Output).ShouldContain("it refuses the");
        string[] told = [.. new[] { check, test, list }.Select(answer => answer.ToString()), rig.Server.Process.Written];
        told.ShouldAllBe(text => !text.Contains("canary-of-a-wrong-secret") && !text.Contains(SessionRig.Secret));
    }

    /// <summary>Long lines are broken where the terminal ends.</summary>
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
