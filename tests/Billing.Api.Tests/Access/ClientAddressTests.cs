using System.Net;
using Billing.Api.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Billing.Api.Tests.Access;

/// <summary>Which address a request counts for, whatever proxies stand before the API.</summary>
public sealed class ClientAddressTests
{
    private const string Proxies = "10.0.0.0/8, 2001:db8:ffff::/48, 192.0.2.1";

    [Theory]
    [InlineData("203.0.113.7", null, "203.0.113.7")]
    [InlineData("203.0.113.7", "198.51.100.1", "203.0.113.7")] // a stranger may write what he likes
    [InlineData("::ffff:203.0.113.7", null, "203.0.113.7")]
    [InlineData("2001:db8::1", null, "2001:db8::/64")]
    [InlineData("2001:db8::1:2:3:4", null, "2001:db8::/64")]
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    [InlineData("127.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("::1", "198.51.100.1", "198.51.100.1")]
    [InlineData("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("10.1.2.3", "198.51.100.1", "198.51.100.1")]
    [InlineData("::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1")]
    [InlineData("192.0.2.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("192.0.2.2", "198.51.100.1", "192.0.2.2")]
    [InlineData("2001:db8:ffff::9", "198.51.100.1", "198.51.100.1")]
    public void The_header_counts_where_the_peer_is_loopback_or_a_trusted_proxy(string peer, string? header, string expected) => Assert.Equal(expected, Of(peer, header));

    [Theory]
    [InlineData("198.51.100.1:4711", "198.51.100.1")]
    [InlineData("[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::/64")]
    [InlineData("[2001:db8:1:2:3::4]", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1:2::/64")]
    [InlineData("::ffff:198.51.100.1", "198.51.100.1")]
    [InlineData("[::ffff:198.51.100.1]:80", "198.51.100.1")]
    [InlineData("  198.51.100.1  ", "198.51.100.1")]
    [InlineData("for=198.51.100.1;proto=https", "198.51.100.1")]
    [InlineData("proto=https; For=\"[2001:db8:1:2::3]:4711\"", "2001:db8:1:2::/64")]
    public void An_address_is_read_in_every_form_that_proxies_write(string header, string expected) => Assert.Equal(expected, Of("127.0.0.1", header));

    [Theory]
    [InlineData("203.0.113.9, 198.51.100.1", "198.51.100.1")] // the client may have written the first
    [InlineData("203.0.113.9, 198.51.100.1, 10.0.0.5", "198.51.100.1")]
    [InlineData("198.51.100.1:1,10.0.0.5:2 , [2001:db8:ffff::1]:3", "198.51.100.1")]
    [InlineData("nonsense, 198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.6, 10.0.0.5", "10.0.0.6")] // within the house
    public void Of_several_hops_the_last_that_is_no_proxy_of_ours_counts(string header, string expected) => Assert.Equal(expected, Of("10.0.0.1", header));

    [Theory]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("7")]
    [InlineData("1.2.3")]
    [InlineData("198.51.100.1:99999")]
    [InlineData("198.51.100.1, nonsense")]
    [InlineData("nonsense, 10.0.0.5")]
    [InlineData("198.51.100.1,")]
    [InlineData("[2001:db8::1")]
    public void Garbage_is_the_peers_own(string header) => Assert.Equal("10.0.0.1", Of("10.0.0.1", header));

    [Theory]
    [InlineData("X-Azure-ClientIP")]
    [InlineData("X-Azure-SocketIP")]
    public void Under_Functions_a_header_of_the_front_doors_own_works_where_ASP_NET_has_taken_the_usual_one(string header)
    {
        var addresses = Addresses(new() { ["Billing:TrustedProxies"] = Proxies, ["Billing:ClientAddressHeader"] = header });

        // As the Functions host hands on: from loopback, its own header gone.
        Assert.Equal("198.51.100.1", addresses.Of(Request("127.0.0.1", header, "198.51.100.1")));
        // Where ASP.NET made the header's word, a front door, the peer.
        Assert.Equal("198.51.100.1", addresses.Of(Request("10.0.0.9", header, "198.51.100.1")));
        Assert.Equal("127.0.0.1", addresses.Of(Request("127.0.0.1", "X-Forwarded-For", "198.51.100.1")));
    }

    [Fact]
    public void Several_lines_of_the_header_are_one_list()
    {
        var request = Request("127.0.0.1", "X-Forwarded-For", null);
        request.Headers["X-Forwarded-For"] = new(["203.0.113.9, 198.51.100.1", "10.0.0.5"]);

        Assert.Equal("198.51.100.1", Addresses(new() { ["Billing:TrustedProxies"] = Proxies }).Of(request));
    }

    [Fact]
    public void Proxies_may_be_a_list_of_settings_too() =>
        Assert.Equal("198.51.100.1", Addresses(new() { ["Billing:TrustedProxies:0"] = "10.0.0.1", ["Billing:TrustedProxies:1"] = "10.0.0.2" }).Of(Request("10.0.0.2", "X-Forwarded-For", "198.51.100.1")));

    private static string Of(string peer, string? header) => Addresses(new() { ["Billing:TrustedProxies"] = Proxies }).Of(Request(peer, "X-Forwarded-For", header));

    private static ClientAddresses Addresses(Dictionary<string, string?> settings)
    {
        Dictionary<string, string?> keys = new() { ["Billing:ServiceKeys:0"] = "service_key_of_the_tests", ["Billing:OperatorKeys:0"] = "operator_key_of_the_tests" };
        var read = BillingSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(keys).AddInMemoryCollection(settings).Build(), development: true);
        return new ClientAddresses(read.TrustedProxies, read.ClientAddressHeader);
    }

    private static HttpRequest Request(string peer, string header, string? value)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        if (value is not null)
        {
            http.Request.Headers[header] = value;
        }

        return http.Request;
    }
}
