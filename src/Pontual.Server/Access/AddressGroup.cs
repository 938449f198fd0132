using System.Net;
using System.Net.Sockets;

namespace Pontual.Server.Access;

/// <summary>The part of an address that counts as one caller: an IPv6 customer has a whole /64.</summary>
internal static class AddressGroup
{
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null || address.IsIPv4MappedToIPv6)
        {
            return address?.MapToIPv4() ?? IPAddress.None;
        }

        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
