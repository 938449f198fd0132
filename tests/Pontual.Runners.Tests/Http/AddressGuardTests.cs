using System.Net;
using System.Net.Sockets;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Runners.Http;
using Pontual.TestKit.Web;
using Shouldly;
using Xunit.Abstractions;

namespace Pontual.Runners.Tests.Http;

public sealed class AddressGuardTests(ITestOutputHelper report)
{
    private static readonly string[] NeverAllowed =
    [
        "169.254.169.254",
        "169.254.0.23",
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
    ];

    private static readonly string[] NotPublic =
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.254",
        "192.168.1.1",
        "100.64.0.1",
        "198.18.0.1",
        "240.0.0.1",
    ];

    [Theory]
    [InlineData("8.8.8.8", null, null)]
    [InlineData("2606:4700::1111", null, null)]
    [InlineData("64:ff9b::808:808", null, null)]
    [InlineData("2002:808:808::1", null, null)]
    [InlineData("127.0.0.1", null, "loopback")]
    [InlineData("::1", null, "loopback")]
    [InlineData("::ffff:127.0.0.1", null, "loopback")]
    [InlineData("10.1.2.3", null, "private")]
    [InlineData("172.32.0.1", null, null)]
    [InlineData("100.64.0.1", null, "carrier-grade NAT")]
    [InlineData("fd12::1", null, "unique local")]
    [InlineData("2001:db8::1", null, "documentation")]
    [InlineData("100::1", null, "not public")]
    [InlineData("64:ff9b::7f00:1", null, "loopback, carried as 127.0.0.1")]
    [InlineData("169.254.169.254", "link-local, cloud metadata", "link-local, cloud metadata")]
    [InlineData("fe80::1", "link-local", "link-local")]
    [InlineData("fd00:ec2::254", "cloud metadata", "cloud metadata")]
    [InlineData("ff02::1", "multicast", "multicast")]
    [InlineData("::", "unspecified", "unspecified")]
    [InlineData("::ffff:169.254.169.254", "link-local, cloud metadata", "link-local, cloud metadata")]
    [InlineData(
        "64:ff9b:1::a9fe:a9fe",
        "a local translation prefix that hides its target",
        "a local translation prefix that hides its target"
    )]
    public void An_address_is_judged_in_both_modes(string address, string? always, string? publicOnly)
    {
        AddressGuard.Refusal(IPAddress.Parse(address), publicOnly: false).ShouldBe(always);
        AddressGuard.Refusal(IPAddress.Parse(address), publicOnly: true).ShouldBe(publicOnly);
    }

    [Fact]
    public async Task No_way_to_write_an_address_gets_past_the_guard()
    {
        await using var server = new HostileServer(address: IPAddress.Any);
        await using var server6 = new HostileServer(address: IPAddress.IPv6Any);
        using var rig = Rig();
        var tries = Tries(NeverAllowed, server.Port, server6.Port, "any")
            .Concat(Tries([.. NeverAllowed, .. NotPublic], server.Port, server6.Port, "public-only"))
            .ToList();

        var outcomes = await Task.WhenAll(tries.Select(settings => rig.RunAsync(settings)));

        var refused = outcomes
            .OfType<Outcome.Failure>()
            .Count(failure => failure.Message.StartsWith("Pontual refuses to connect to", StringComparison.Ordinal));
        outcomes.ShouldAllBe(outcome => outcome is Outcome.Failure);
        (server.Connections + server6.Connections).ShouldBe(0);
        refused.ShouldBeGreaterThanOrEqualTo(400);
        report.WriteLine($"{tries.Count} tries, {refused} refused by the guard, the others have no address");
    }

    [Fact]
    public async Task A_loopback_target_is_called_unless_the_target_or_the_node_says_public_only()
    {
        await using var server = new HostileServer();
        server.On("/", HostileExchange.Text("200 OK", ""));
        using var rig = Rig();
        var url = server.Url("/");

        (await rig.RunAsync($$"""{"url": "{{url}}"}""")).ShouldBeOfType<Outcome.Success>();
        (await rig.FailAsync($$"""{"url": "{{url}}", "outbound": "public-only"}""")).Message.ShouldBe(
            "Pontual refuses to connect to 127.0.0.1 (loopback)"
        );
        rig.Options.PublicOnly = true;
        (await rig.FailAsync($$"""{"url": "{{url}}"}""")).Kind.ShouldBe(FailureKinds.Target);

        server.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_name_is_judged_by_the_address_it_has_when_connecting()
    {
        await using var server = new HostileServer();
        server.On("/", HostileExchange.Text("200 OK", ""));
        using var rig = Rig();
        var answers = new Queue<string>(["127.0.0.1", "169.254.169.254", "169.254.169.254 127.0.0.1"]);
        rig.Options.Resolve = (_, _) => Task.FromResult(answers.Dequeue().Split(' ').Select(IPAddress.Parse).ToArray());
        var settings = $$"""{"url": "http://rebinding.test:{{server.Port}}/"}""";

        (await rig.RunAsync(settings)).ShouldBeOfType<Outcome.Success>();
        var refused = await rig.FailAsync(settings);
        (await rig.RunAsync(settings)).ShouldBeOfType<Outcome.Success>("the address that may be called is");

        refused.Kind.ShouldBe(FailureKinds.Target);
        refused.Message.ShouldBe(
            "Pontual refuses to connect to 169.254.169.254 (link-local, cloud metadata), which rebinding.test stands for"
        );
        server.Connections.ShouldBe(2);
    }

    [Theory]
    [InlineData("""["api.test"]""", "api.test", true)]
    [InlineData("""["API.test"]""", "api.TEST.", true)]
    [InlineData("""["*.test"]""", "api.test", true)]
    [InlineData("""["*.api.test"]""", "api.test", false)]
    [InlineData("""["*.api.test"]""", "evil-api.test", false)]
    [InlineData("""["other.test", "127.0.0.1"]""", "127.0.0.1", true)]
    [InlineData("""["other.test"]""", "127.0.0.1", false)]
    public async Task An_allow_list_names_the_only_hosts(string allow, string host, bool allowed)
    {
        await using var server = new HostileServer();
        server.On("/", HostileExchange.Text("200 OK", ""));
        using var rig = Rig();
        rig.Options.Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);

        var outcome = await rig.RunAsync($$"""{"url": "http://{{host}}:{{server.Port}}/", "allow": {{allow}}}""");

        (outcome is Outcome.Success).ShouldBe(allowed);
        server.Connections.ShouldBe(allowed ? 1 : 0);
    }

    [Fact]
    public async Task An_allow_list_holds_on_every_hop()
    {
        await using var server = new HostileServer();
        server.On("/", given => given.SendAsync(HostileExchange.Redirect($"http://other.test:{server.Port}/")));
        using var rig = Rig();
        rig.Options.Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);

        var failure = await rig.FailAsync($$"""{"url": "http://api.test:{{server.Port}}/", "allow": ["api.test"]}""");

        failure.Message.ShouldBe("other.test is not in the target's list of allowed hosts");
        server.Connections.ShouldBe(1);
    }

    private static HttpRig Rig()
    {
        var rig = new HttpRig();
        rig.Options.Resolve = LookUpAsync;
        return rig;
    }

    /// <summary>Names that stand for an address written in them, as public services of that kind do (localtest.me, nip.io); the rest goes to the system's parser of numbers.</summary>
    private static async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation)
    {
        if (host.EndsWith(".names.test", StringComparison.Ordinal))
        {
            return [IPAddress.Parse(host[..^".names.test".Length].Replace('-', '.'))];
        }

        return host.All(letter => char.IsAsciiHexDigit(letter) || letter is 'x' or '.') && !host.EndsWith('.')
            ? await Dns.GetHostAddressesAsync(host, cancellation)
            : throw new SocketException((int)SocketError.HostNotFound);
    }

    private static IEnumerable<string> Tries(IEnumerable<string> addresses, int port, int port6, string outbound) =>
        from address in addresses
        from host in Ways(IPAddress.Parse(address))
        select $$"""{"url": "http://{{host}}:{{(host.Contains('[', StringComparison.Ordinal) ? port6 : port)}}/", "outbound": "{{outbound}}"}""";

    private static IEnumerable<string> Ways(IPAddress address)
    {
        var b = address.GetAddressBytes();
        var number = ((uint)b[0] << 24) | ((uint)b[1] << 16) | ((uint)b[2] << 8) | b[3];
        var (high, low) = (number >> 16, number & 0xFFFF);
        return
        [
            $"{address}",
            $"{address}.",
            $"good.test@{address}",
            $"user:pass@{address}",
            $"{number}",
            $"0x{number:x}",
            $"0X{number:X8}",
            $"0{Convert.ToString(number, 8)}",
            string.Join('.', b.Select(part => "0" + Convert.ToString(part, 8))),
            string.Join('.', b.Select(part => "000" + Convert.ToString(part, 8))),
            string.Join('.', b.Select(part => $"0x{part:x}")),
            $"0x{b[0]:x}.{b[1]}.0{Convert.ToString(b[2], 8)}.{b[3]}",
            $"{b[0]}.{number & 0xFFFFFF}",
            $"{b[0]}.{b[1]}.{low}",
            $"0x{b[0]:x}.0x{number & 0xFFFFFF:x}",
            string.Concat($"{address}".Select(letter => letter == '.' ? letter : (char)(letter + 0xFEE0))),
            $"{address}".Replace('.', '\u3002'),
            string.Concat($"{address}".Select(letter => $"%{(int)letter:X2}")),
            $"{$"{address}".Replace('.', '-')}.names.test",
            $"{address}.names.test",
            $"[::ffff:{address}]",
            $"[::ffff:{high:x}:{low:x}]",
            $"[0:0:0:0:0:ffff:{high:X}:{low:X}]",
            $"[0000:0000:0000:0000:0000:FFFF:{high:x4}:{low:x4}]",
            $"[64:ff9b::{address}]",
            $"[64:ff9b::{high:x}:{low:x}]",
            $"[2002:{high:x}:{low:x}::1]",
            $"[::ffff:0:{address}]",
            $"[2001:db8::5efe:{high:x}:{low:x}]",
            $"[2001:0:{high:x}:{low:x}::1]",
            $"[2001:0:808:808::{(ushort)~high:x}:{(ushort)~low:x}]",
            $"[fe80::5efe:{high:x}:{low:x}%25lo]",
        ];
    }
}
