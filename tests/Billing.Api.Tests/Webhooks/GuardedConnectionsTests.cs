using System.Net;
using System.Net.Sockets;
using Billing.Api.Webhooks;
using Billing.Engine.Webhooks;
using Billing.Webhooks;

namespace Billing.Api.Tests.Webhooks;

public sealed class GuardedConnectionsTests
{
    /// <summary>One address or more of every range that is not the public internet.</summary>
    private static readonly string[] Addresses =
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.255", "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
        "2002:a00:1::1", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "::127.0.0.1",
    ];

    public static readonly TheoryData<string> Blocked = [.. Addresses];

    [Theory]
    [MemberData(nameof(Blocked))]
    public async Task A_name_that_resolves_to_a_blocked_address_is_not_connected_to(string address)
    {
        var connections = new GuardedConnections((_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }), loopback: false);
        await Assert.ThrowsAsync<BlockedAddressException>(() => ConnectAsync(connections, "customer.example", 443));
    }

    [Theory]
    [MemberData(nameof(Blocked))]
    public async Task A_literal_blocked_address_is_not_connected_to(string address)
    {
        var connections = new GuardedConnections((_, _) => throw new InvalidOperationException("There is no name to look up."), loopback: false);
        await Assert.ThrowsAsync<BlockedAddressException>(() => ConnectAsync(connections, address, 443));
    }

    [Fact]
    public async Task In_development_loopback_is_reached_and_nothing_else_that_is_blocked()
    {
        string[] loopback = ["127.0.0.1", "127.255.255.255", "::1"];
        Assert.Equal(loopback, Addresses.Where(address => BlockedAddresses.MayReach(IPAddress.Parse(address), loopback: true)));

        await using var receiver = new Receiver();
        var connections = new GuardedConnections((_, _) => Task.FromResult(new[] { IPAddress.Parse("10.0.0.1"), IPAddress.Loopback }), loopback: true);
        await using var stream = await ConnectAsync(connections, "localhost", receiver.Port);
        Assert.True(((NetworkStream)stream).Socket.Connected);
    }

    [Fact]
    public async Task A_name_that_changes_its_address_after_the_check_is_connected_to_where_it_was_checked()
    {
        // The name says loopback the first time and a private address from then on. Only the first answer is ever asked for.
        await using var receiver = new Receiver();
        var asked = 0;
        var connections = new GuardedConnections((_, _) => Task.FromResult(new[] { ++asked == 1 ? IPAddress.Loopback : IPAddress.Parse("10.0.0.1") }), loopback: true);
        using var sender = new WebhookSender(connections);
        Assert.Equal(200, (await SendAsync(sender, $"http://rebinding.example:{receiver.Port}/")).Status);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_name_that_was_public_when_the_endpoint_was_created_is_checked_again_when_it_is_connected_to()
    {
        // Public when somebody looked, loopback a moment later: what counts is the address that would be connected to.
        await using var receiver = new Receiver();
        var answers = new Queue<string>(["93.184.215.14", "127.0.0.1"]);
        Task<IPAddress[]> Resolve(string host, CancellationToken cancellation) => Task.FromResult(new[] { IPAddress.Parse(answers.Dequeue()) });
        Assert.Null(WebhookUrl.MistakeIn($"https://rebinding.example:{receiver.Port}/", development: false));
        Assert.False(BlockedAddresses.IsBlocked((await Resolve("rebinding.example", default))[0]));

        using var sender = new WebhookSender(new GuardedConnections(Resolve, loopback: false));
        var answer = await SendAsync(sender, $"https://rebinding.example:{receiver.Port}/");
        Assert.Equal((null, "The host has no public address."), (answer.Status, answer.Error));
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task Of_several_addresses_only_those_that_may_be_reached_are_tried()
    {
        await using var receiver = new Receiver();
        string[] addresses = ["192.168.0.1", "::ffff:127.0.0.1", "127.0.0.2", "127.0.0.1", "fd00::1"];
        var connections = new GuardedConnections((_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()), loopback: true);
        await using var stream = await ConnectAsync(connections, "several.example", receiver.Port);
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)((NetworkStream)stream).Socket.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task A_redirect_inward_is_a_failure_and_never_followed()
    {
        await using var inside = new Receiver();
        await using var receiver = new Receiver(Receiver.Says(307, "", $"Location: {inside.Url}"));
        using var sender = new WebhookSender(new GuardedConnections(Dns.GetHostAddressesAsync, loopback: true));
        Assert.False((await SendAsync(sender, receiver.Url)).Succeeded);
        Assert.Equal(0, inside.Connections);
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_not_used()
    {
        await using var proxy = new Receiver();
        await using var receiver = new Receiver();
        var before = HttpClient.DefaultProxy;
        try
        {
            HttpClient.DefaultProxy = new WebProxy(new Uri(proxy.Url));
            using var sender = new WebhookSender(new GuardedConnections((_, _) => Task.FromResult(new[] { IPAddress.Loopback }), loopback: true));
            Assert.Equal(200, (await SendAsync(sender, $"http://direct.example:{receiver.Port}/")).Status);
            Assert.Equal(0, proxy.Connections);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    private static async Task<Stream> ConnectAsync(GuardedConnections connections, string host, int port) =>
        await connections.ConnectAsync(new DnsEndPoint(host, port), new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);

    private static Task<WebhookAnswer> SendAsync(WebhookSender sender, string url)
    {
        var body = "{}"u8.ToArray();
        return sender.SendAsync(new WebhookRequest(url, WebhookSignature.Headers("evt_1", DateTimeOffset.UtcNow, body, WebhookSignature.NewSecret(new byte[32])), body));
    }
}
