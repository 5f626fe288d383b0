using System.Net;
using Billing.Webhooks;

namespace Billing.Tests.Webhooks;

public sealed class BlockedAddressesTests
{
    /// <summary>First, an inside and last address of each range; the neighbours just outside, or null where another blocked range or the end of all addresses is next.</summary>
    [Theory]
    [InlineData("this network", "0.0.0.0", "0.1.2.3", "0.255.255.255", null, "1.0.0.0")]
    [InlineData("private", "10.0.0.0", "10.1.2.3", "10.255.255.255", "9.255.255.255", "11.0.0.0")]
    [InlineData("carrier-grade NAT", "100.64.0.0", "100.100.100.200", "100.127.255.255", "100.63.255.255", "100.128.0.0")]
    [InlineData("loopback", "127.0.0.0", "127.0.0.1", "127.255.255.255", "126.255.255.255", "128.0.0.0")]
    [InlineData("Azure's platform", "168.63.129.16", "168.63.129.16", "168.63.129.16", "168.63.129.15", "168.63.129.17")]
    [InlineData("link-local", "169.254.0.0", "169.254.169.254", "169.254.255.255", "169.253.255.255", "169.255.0.0")]
    [InlineData("private", "172.16.0.0", "172.20.1.1", "172.31.255.255", "172.15.255.255", "172.32.0.0")]
    [InlineData("protocol assignments", "192.0.0.0", "192.0.0.192", "192.0.0.255", "191.255.255.255", "192.0.1.0")]
    [InlineData("documentation", "192.0.2.0", "192.0.2.1", "192.0.2.255", "192.0.1.255", "192.0.3.0")]
    [InlineData("6to4 relays", "192.88.99.0", "192.88.99.1", "192.88.99.255", "192.88.98.255", "192.88.100.0")]
    [InlineData("private", "192.168.0.0", "192.168.1.1", "192.168.255.255", "192.167.255.255", "192.169.0.0")]
    [InlineData("benchmarking", "198.18.0.0", "198.19.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0")]
    [InlineData("documentation", "198.51.100.0", "198.51.100.7", "198.51.100.255", "198.51.99.255", "198.51.101.0")]
    [InlineData("documentation", "203.0.113.0", "203.0.113.7", "203.0.113.255", "203.0.112.255", "203.0.114.0")]
    [InlineData("multicast", "224.0.0.0", "230.1.2.3", "239.255.255.255", "223.255.255.255", null)]
    [InlineData("reserved and broadcast", "240.0.0.0", "250.1.2.3", "255.255.255.255", null, null)]
    [InlineData("unspecified", "::", "::", "::", null, null)]
    [InlineData("loopback", "::1", "::1", "::1", null, null)]
    [InlineData("IPv4-compatible", "::", "::808:808", "::ffff:ffff", null, null)]
    [InlineData("IPv4-mapped", "::ffff:0.0.0.0", "::ffff:8.8.8.8", "::ffff:255.255.255.255", null, null)]
    [InlineData("IPv4-translated", "::ffff:0:0.0.0.0", "::ffff:0:8.8.8.8", "::ffff:0:255.255.255.255", null, null)]
    [InlineData("NAT64", "64:ff9b::", "64:ff9b::8.8.8.8", "64:ff9b::ffff:ffff", null, null)]
    [InlineData("local NAT64", "64:ff9b:1::", "64:ff9b:1::a00:1", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", null, null)]
    [InlineData("discard", "100::", "100::1", "100::ffff:ffff:ffff:ffff", null, null)]
    [InlineData("below global unicast", "::", "1000::1", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null, "2000::")]
    [InlineData("Teredo", "2001::", "2001:0:4136:e378::1", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null)]
    [InlineData("benchmarking", "2001:2::", "2001:2::1", "2001:2:0:ffff:ffff:ffff:ffff:ffff", null, null)]
    [InlineData("ORCHID", "2001:10::", "2001:20::1", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", null, null)]
    [InlineData("protocol assignments", "2001::", "2001:100::1", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::")]
    [InlineData("documentation", "2001:db8::", "2001:db8:1::1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::")]
    [InlineData("6to4", "2002::", "2002:a00:1::1", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::")]
    [InlineData("documentation", "3fff::", "3fff:123::1", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::")]
    [InlineData("above global unicast", "4000::", "5f00::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null)]
    [InlineData("unique local", "fc00::", "fd00:ec2::254", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null, null)]
    [InlineData("link-local", "fe80::", "fe80::1%3", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null, null)]
    [InlineData("site-local", "fec0::", "fec0::1", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null, null)]
    [InlineData("multicast", "ff00::", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null, null)]
    public void A_special_range_is_blocked_to_its_edges_and_no_further(string name, string first, string inside, string last, string? before, string? after)
    {
        foreach (var blocked in new[] { first, inside, last })
        {
            Assert.True(BlockedAddresses.IsBlocked(IPAddress.Parse(blocked)), $"{name}: {blocked}");
        }

        foreach (var allowed in new[] { before, after })
        {
            Assert.False(allowed is not null && BlockedAddresses.IsBlocked(IPAddress.Parse(allowed)), $"next to {name}: {allowed}");
        }
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("20.50.2.1")]
    [InlineData("104.16.0.1")]
    [InlineData("2606:4700::6810:84e5")]
    [InlineData("2a00:1450:4001:82a::200e")]
    public void Public_addresses_are_not_blocked(string address) => Assert.False(BlockedAddresses.IsBlocked(IPAddress.Parse(address)));

    [Fact]
    public void Every_blocked_IPv4_address_stays_blocked_inside_an_IPv6_one()
    {
        var random = new Random(1);
        for (var round = 0; round < 10_000; round++)
        {
            var bytes = new byte[4];
            random.NextBytes(bytes);
            Assert.True(BlockedAddresses.IsBlocked(new IPAddress(bytes).MapToIPv6()));
            Assert.True(BlockedAddresses.IsBlocked(new IPAddress([0x20, 0x02, .. bytes, .. new byte[10]])));
        }
    }
}
