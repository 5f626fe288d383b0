using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Billing.Webhooks;

/// <summary>
/// Addresses that a webhook is never delivered to, so that nobody reaches our own network through us.
/// To be asked about the very address that is then connected to, not about an earlier answer to the same name.
/// </summary>
/// <remarks>
/// Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates). All that they do not call globally
/// reachable is blocked, and what embeds or tunnels to an IPv4 address, whatever that is. Of IPv6 only global unicast, 2000::/3, is let
/// through at all; an IPv4-mapped address is blocked even where the IPv4 address is not.
/// </remarks>
public static class BlockedAddresses
{
    private static readonly ImmutableArray<IPNetwork> BlockedV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("168.63.129.16/32"), // Azure's platform address: global by number, but answered inside every virtual network
        IPNetwork.Parse("169.254.0.0/16"), // link-local, with the clouds' metadata endpoints
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // IETF protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays, deprecated
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarking
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, and the broadcast address
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly ImmutableArray<IPNetwork> BlockedGlobalUnicast =
    [
        IPNetwork.Parse("2001::/23"), // IETF protocol assignments: Teredo, benchmarking, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    /// <summary>Whether nothing may be sent to <paramref name="address"/>. Address families other than IPv4 and IPv6 are blocked.</summary>
    public static bool IsBlocked(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => IsIn(BlockedV4, address),
        // First, because IPNetwork compares mapped addresses to IPv6 networks by their IPv4 part (dotnet/runtime#131861).
        AddressFamily.InterNetworkV6 when address.IsIPv4MappedToIPv6 => true,
        AddressFamily.InterNetworkV6 => !GlobalUnicast.Contains(address) || IsIn(BlockedGlobalUnicast, address),
        _ => true,
    };

    /// <summary>Whether a webhook may be delivered to <paramref name="address"/>.</summary>
    /// <param name="loopback">True on a developer's machine, where receivers are on loopback.</param>
    public static bool MayReach(IPAddress address, bool loopback) =>
        !IsBlocked(address) || (loopback && !address.IsIPv4MappedToIPv6 && IPAddress.IsLoopback(address));

    private static bool IsIn(ImmutableArray<IPNetwork> networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
