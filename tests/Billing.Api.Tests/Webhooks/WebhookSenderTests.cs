using System.Net;
using System.Net.Sockets;
using System.Text;
using Billing.Api.Webhooks;
using Billing.Webhooks;

namespace Billing.Api.Tests.Webhooks;

public sealed class WebhookSenderTests : IAsyncDisposable
{
    private readonly Receiver _receiver = new();
    private readonly WebhookSender _sender = new(new GuardedConnections(Dns.GetHostAddressesAsync, loopback: true));

    [Fact]
    public async Task A_delivery_is_one_post_with_the_signature_and_nothing_of_ours()
    {
        var answer = await SendAsync();
        Assert.Equal((200, "", null), (answer.Status, answer.Text, answer.Error));
        var arrival = Assert.Single(_receiver.Arrivals);
        Assert.Equal("POST /hook HTTP/1.1", arrival.Line);
        Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-signature", "webhook-timestamp"],
            arrival.Headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("application/json", arrival.Headers["Content-Type"]);
        Assert.Equal("""{"type":"ping"}""", Encoding.UTF8.GetString(arrival.Body));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    [InlineData(302, false)]
    [InlineData(307, false)]
    [InlineData(400, false)]
    [InlineData(410, false)]
    [InlineData(500, false)]
    public async Task Only_2xx_succeeds_and_a_redirect_is_not_followed(int status, bool succeeds)
    {
        await using var elsewhere = new Receiver();
        _receiver.Behaviour = Receiver.Says(status, status == 204 ? "" : "Said so", $"Location: {elsewhere.Url}");
        var answer = await SendAsync();
        Assert.Equal((status, succeeds, status == 410), (answer.Status, answer.Succeeded, answer.Gone));
        Assert.Equal(0, elsewhere.Connections);
        Assert.Single(_receiver.Arrivals);
    }

    [Fact]
    public async Task Nothing_waits_longer_than_15_seconds()
    {
        _receiver.Behaviour = Receiver.Hangs;
        await using var inBody = new Receiver(Receiver.HangsInBody);
        var answers = await Task.WhenAll(SendAsync(), SendAsync(inBody.Url));
        Assert.Equal((null, "No answer within 15 seconds."), (answers[0].Status, answers[0].Error));
        Assert.Equal((200, "abc"), (answers[1].Status, answers[1].Text));
        Assert.All(answers, answer => Assert.InRange(answer.Duration, TimeSpan.FromSeconds(14.9), TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_broken_connection_and_what_is_not_http_are_failures()
    {
        _receiver.Behaviour = Receiver.Resets;
        Assert.Equal((null, "The connection broke off, or what came was not HTTP."), Told(await SendAsync()));
        _receiver.Behaviour = Receiver.Babbles;
        Assert.Equal((null, "The connection broke off, or what came was not HTTP."), Told(await SendAsync()));
        Assert.Equal((null, "No connection could be made."), Told(await SendAsync("http://127.0.0.1:1/")));
        Assert.Equal((null, "The host's name could not be resolved."), Told(await SendAsync("http://no-such-host.invalid/")));
    }

    [Fact]
    public async Task A_server_without_tls_gets_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = SendAsync($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        using (var client = await listener.AcceptTcpClientAsync())
        {
            await client.GetStream().WriteAsync("HTTP/1.1 400 No TLS here\r\n\r\n"u8.ToArray());
        }

        Assert.Equal((null, "No secure connection could be made."), Told(await sending));
    }

    [Fact]
    public async Task Of_a_gigabyte_64_kib_are_read_and_one_kept()
    {
        _receiver.Behaviour = _receiver.Endless;
        var answer = await SendAsync();
        Assert.Equal((200, new string('x', 1_024)), (answer.Status, answer.Text));
        Assert.InRange(answer.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        // The rest is in the buffers of two sockets, and the connection is closed.
        await Task.Delay(500);
        Assert.InRange(_receiver.Written, 1, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task Cookies_and_compressed_answers_are_left_alone()
    {
        _receiver.Behaviour = Receiver.Says(200, "plain", "Set-Cookie: a=b", "Content-Encoding: gzip");
        Assert.Equal("plain", (await SendAsync()).Text);
        await SendAsync();
        Assert.All(_receiver.Arrivals, arrival => Assert.DoesNotContain("Cookie", arrival.Headers.Keys));
    }

    [Fact]
    public async Task An_answer_that_is_no_text_is_kept_as_well_as_it_goes()
    {
        _receiver.Behaviour = async (_, connection, ended) => await connection.WriteAsync("HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\n"u8.ToArray().Concat(new byte[] { 0x61, 0xff, 0x00, 0x62 }).ToArray(), ended);
        Assert.Equal("a\ufffd\0b", (await SendAsync()).Text);
    }

    [Fact]
    public async Task A_connection_is_used_again()
    {
        await SendAsync();
        await SendAsync();
        Assert.Equal((2, 1), (_receiver.Arrivals.Count, _receiver.Connections));
    }

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        await _receiver.DisposeAsync();
    }

    private static (int?, string?) Told(WebhookAnswer answer) => (answer.Status, answer.Error);

    private Task<WebhookAnswer> SendAsync(string? url = null)
    {
        var body = """{"type":"ping"}"""u8.ToArray();
        var headers = WebhookSignature.Headers("evt_1", DateTimeOffset.UtcNow, body, WebhookSignature.NewSecret(new byte[32]));
        return _sender.SendAsync(new WebhookRequest(url ?? _receiver.Url, headers, body));
    }
}
