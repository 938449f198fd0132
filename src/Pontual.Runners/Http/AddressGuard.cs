using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pontual.Runners.Http;

/// <summary>Says of an address whether targets may be called there: the guard against server-side request forgery. Pure.</summary>
/// <remarks>
/// It judges addresses and never texts, at the moment of connecting: however a host is written (decimal, octal, a name, a redirect, a name
/// whose answer changes), what is connected to is an address, and that one was judged. An IPv6 address that carries an IPv4 address
/// (mapped, translated, NAT64, 6to4, Teredo, ISATAP) is as good as that one.
/// </remarks>
internal static class AddressGuard
{
    /// <summary>Refused in every mode, with the word for why. The first that matches is told.</summary>
    private static readonly (IPNetwork Network, string Why)[] Never =
    [
        Rule("169.254.169.254/32", "link-local, cloud metadata"),
        Rule("169.254.0.0/16", "link-local"),
        Rule("100.100.100.200/32", "cloud metadata"),
        Rule("168.63.129.16/32", "cloud metadata"),
        Rule("192.0.0.192/32", "cloud metadata"),
        Rule("0.0.0.0/8", "unspecified"),
        Rule("255.255.255.255/32", "broadcast"),
        Rule("224.0.0.0/4", "multicast"),
        Rule("::/128", "unspecified"),
        Rule("fe80::/10", "link-local"),
        Rule("ff00::/8", "multicast"),
        Rule("fd00:ec2::254/128", "cloud metadata"),
        Rule("fd20:ce::254/128", "cloud metadata"),
        Rule("fd00:c1::a9fe:a9fe/128", "cloud metadata"),
        Rule("64:ff9b:1::/48", "a local translation prefix that hides its target"),
    ];

    /// <summary>Refused under <c>outbound: public-only</c>. IPv6 outside 2000::/3 is refused there besides.</summary>
    private static readonly (IPNetwork Network, string Why)[] NotPublic =
    [
        Rule("127.0.0.0/8", "loopback"),
        Rule("10.0.0.0/8", "private"),
        Rule("172.16.0.0/12", "private"),
        Rule("192.168.0.0/16", "private"),
        Rule("100.64.0.0/10", "carrier-grade NAT"),
        Rule("192.0.0.0/24", "reserved"),
        Rule("192.0.2.0/24", "documentation"),
        Rule("192.88.99.0/24", "reserved"),
        Rule("198.18.0.0/15", "benchmarking"),
        Rule("198.51.100.0/24", "documentation"),
        Rule("203.0.113.0/24", "documentation"),
        Rule("240.0.0.0/4", "reserved"),
        Rule("::1/128", "loopback"),
        Rule("fc00::/7", "unique local"),
        Rule("fec0::/10", "site-local"),
        Rule("2001::/23", "reserved"),
        Rule("2001:db8::/32", "documentation"),
        Rule("3fff::/20", "documentation"),
    ];

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    /// <returns>Why the address must not be called, in a word or two; null when it may.</returns>
    public static string? Refusal(IPAddress address, bool publicOnly)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (Find(Never, address) is { } never)
        {
            return never;
        }

        foreach (var carried in address.AddressFamily is AddressFamily.InterNetworkV6 ? Carried(address) : [])
        {
            if (Refusal(carried, publicOnly) is { } why)
            {
                return $"{why}, carried as {carried}";
            }
        }

        return !publicOnly ? null
            : Find(NotPublic, address) is { } local ? local
            : address.AddressFamily is AddressFamily.InterNetworkV6 && !Global.Contains(address) && !Nat64.Contains(address) ? "not public"
            : null;
    }

    private static (IPNetwork Network, string Why) Rule(string network, string why) => (IPNetwork.Parse(network), why);

    private static string? Find((IPNetwork Network, string Why)[] rules, IPAddress address)
    {
        foreach (var (network, why) in rules)
        {
            if (network.Contains(address))
            {
                return why;
            }
        }

        return null;
    }

    /// <summary>The IPv4 addresses that an IPv6 address carries.</summary>
    private static List<IPAddress> Carried(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var carried = new List<IPAddress>();
        var isLoopback = IPAddress.IPv6Loopback.Equals(address);
        if (Nat64.Contains(address) || Translated.Contains(address) || (Compatible.Contains(address) && !isLoopback) || IsIsatap(bytes))
        {
            carried.Add(new IPAddress(bytes[12..16]));
        }

        if (SixToFour.Contains(address))
        {
            carried.Add(new IPAddress(bytes[2..6]));
        }

        if (Teredo.Contains(address))
        {
            carried.Add(new IPAddress(bytes[4..8]));
            Span<byte> client = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(client, ~BinaryPrimitives.ReadUInt32BigEndian(bytes[12..16]));
            carried.Add(new IPAddress(client));
        }

        return carried;
    }

    /// <summary>RFC 5214: an interface id of 0000:5efe or 0200:5efe before an IPv4 address.</summary>
    private static bool IsIsatap(ReadOnlySpan<byte> bytes) =>
        (bytes[8] & 0xFD) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE;
}
