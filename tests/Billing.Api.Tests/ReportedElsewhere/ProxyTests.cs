using System.Net;
using Billing.Api.Callers;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class ProxyTests
{
    // Behind a dual-stack socket the proxy's address came as ::ffff:10.1.2.3, and a network written one way never matched an address written the other.
    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3")]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3")]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3")]
    [InlineData("::ffff:10.0.0.0/104", "::ffff:10.1.2.3")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    public void A_proxy_is_known_in_either_spelling(string proxy, string peer) => Assert.Equal("198.51.100.1", Of(proxy, peer, "198.51.100.1"));

    // The whole of ::ffff:0:0/96 was trusted where one network of it was meant.
    [Theory]
    [InlineData("::ffff:10.0.0.0/104", "11.1.2.3")]
    [InlineData("10.0.0.0/8", "::ffff:11.1.2.3")]
    public void A_stranger_is_one_in_either_spelling(string proxy, string peer) => Assert.Equal("11.1.2.3", Of(proxy, peer, "198.51.100.1"));

    // Each made-up entry that a client put in front was a fresh allowance of guesses.
    [Fact]
    public void What_a_client_writes_before_the_proxy_counts_for_nothing() => Assert.All(Enumerable.Range(0, 50), number =>
        Assert.Equal("203.0.113.9", Of("10.0.0.0/8", "10.1.2.3", $"1.2.3.{number}, 203.0.113.9")));

    // Whoever has an IPv6 network had as many allowances as addresses in it.
    [Fact]
    public void An_IPv6_network_is_one_client() => Assert.All(Enumerable.Range(1, 50), number =>
        Assert.Equal("2001:db8:7:1::/64", Of("10.0.0.0/8", "10.1.2.3", $"2001:db8:7:1:{number:x}::{number:x}")));

    private static string Of(string proxy, string peer, string header)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        http.Request.Headers["X-Forwarded-For"] = header;
        return new ClientAddresses([ClientAddresses.ReadNetwork(proxy)!.Value], "X-Forwarded-For").Of(http.Request);
    }
}
