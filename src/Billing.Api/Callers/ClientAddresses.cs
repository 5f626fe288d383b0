using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Callers;

/// <summary>
/// Where a request comes from: the peer, or what the header says where the peer is a proxy of ours. Loopback always is one: under Functions the host passes
/// requests on from there. An IPv6 customer has a /64, so all of it counts as one.
/// </summary>
public sealed class ClientAddresses(ImmutableArray<IPNetwork> trustedProxies, string header)
{
    private const int SubnetBytes = 8;
    private const int MappedBits = 96;

    /// <summary>The IPv4 address or the IPv6 /64.</summary>
    public string Of(HttpRequest request)
    {
        var peer = Plain(request.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None);
        return Bucket(IsProxy(peer) ? Named(request) ?? peer : peer);
    }

    /// <summary>An address, or a network as <c>10.0.0.0/8</c>; null when it is neither.</summary>
    public static IPNetwork? ReadNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? Plain(network)
        : ReadAddress(text) is { } address ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
        : null;

    // Each hop appends whom it saw. What stands left of the first stranger, he may have made up.
    private IPAddress? Named(HttpRequest request)
    {
        IPAddress? nearest = null;
        foreach (var hop in request.Headers[header].SelectMany(line => line!.Split(',')).Reverse())
        {
            nearest = ReadAddress(Forwarded(hop.Trim()));
            if (nearest is null || !IsProxy(nearest))
            {
                break;
            }
        }

        return nearest;
    }

    private bool IsProxy(IPAddress address) => IPAddress.IsLoopback(address) || trustedProxies.Any(network => network.Contains(address));

    // RFC 7239: for="[2001:db8::1]:4711";proto=https
    private static string Forwarded(string hop) =>
        hop.Split(';').FirstOrDefault(part => part.Trim().StartsWith("for=", StringComparison.OrdinalIgnoreCase)) is { } part ? part.Trim()[4..].Trim('"') : hop;

    // 203.0.113.7, 203.0.113.7:443, 2001:db8::1, [2001:db8::1], [2001:db8::1]:443; not 7, which .NET takes for 0.0.0.7.
    private static IPAddress? ReadAddress(string text) =>
        text.IndexOfAny(['.', ':']) >= 0 && IPEndPoint.TryParse(text, out var end) && (end.AddressFamily == AddressFamily.InterNetworkV6 || text.Split('.').Length == 4)
            ? Plain(end.Address)
            : null;

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork Plain(IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
        ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
        : network;

    private static string Bucket(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.ToString()
        : $"{new IPAddress([.. address.GetAddressBytes().AsSpan(0, SubnetBytes), .. new byte[SubnetBytes]])}/64";
}
