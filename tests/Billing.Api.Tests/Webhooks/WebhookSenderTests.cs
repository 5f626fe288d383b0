using System.Net;
using System.Net.Sockets;
using System.Text;
using Billing.Api.Webhooks;
using Billing.Engine.Webhooks;
using Billing.Testing;
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
        Assert.InRange(answers[0].Duration, TimeSpan.FromSeconds(14.9), TimeSpan.FromSeconds(20));

        // The status has come: its body is not waited for as long.
        Assert.InRange(answers[1].Duration, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(8));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nThis is no header\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 202 Accepted\r\nBad Name: 1\r\n\r\n", 202)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 7\r\n\r\nabc", 200)]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", 204)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nand yet a body", 204)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 410 Gone\r\nThis is no header\r\n\r\n", 410)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n", 200)]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 20", null)]
    [InlineData("HTTQ/1.1 200 OK\r\n\r\n", null)]
    public async Task The_status_line_decides_whatever_comes_after_it(string said, int? status)
    {
        _receiver.Behaviour = async (_, connection, ended) =>
        {
            await connection.WriteAsync(Encoding.ASCII.GetBytes(said), ended);
            if (!said.Contains("Content-Length: 0", StringComparison.Ordinal))
            {
                connection.Socket.Shutdown(SocketShutdown.Send);
            }
        };
        Assert.Equal(status, (await SendAsync()).Status);

        // What it left on the connection is not taken for the next answer; a connection that it closes just then gives none.
        _receiver.Behaviour = Receiver.Says(201);
        Assert.Equal(201, (await Eventually.SeeAsync(() => SendAsync(), next => next.Status is not null)).Status);
    }

    [Fact]
    public async Task Headers_that_are_too_long_or_never_end_change_nothing()
    {
        _receiver.Behaviour = (_, connection, ended) => connection.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 40_000)}\r\n\r\n"), ended).AsTask();
        Assert.Equal(200, (await SendAsync()).Status);
        await using var slow = new Receiver(async (_, connection, ended) =>
        {
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), ended);
            await Task.Delay(Timeout.Infinite, ended);
        });
        var answer = await SendAsync(slow.Url);
        Assert.Equal(200, answer.Status);
        Assert.InRange(answer.Duration, TimeSpan.FromSeconds(14.9), TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "120", 120)]
    [InlineData(503, "99999999999999999999", 86_400)]
    [InlineData(503, "Wed, 21 Oct 2099 07:28:00 GMT", 86_400)]
    [InlineData(503, "Wed, 21 Oct 2015 07:28:00 GMT", 0)]
    [InlineData(503, "-5", null)]
    [InlineData(503, "soon", null)]
    [InlineData(500, "120", null)]
    [InlineData(200, "120", null)]
    public async Task Retry_after_is_read_where_it_means_something(int status, string value, int? seconds)
    {
        _receiver.Behaviour = Receiver.Says(status, "", $"Retry-After: {value}");
        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, (await SendAsync()).RetryAfter);
    }

    [Fact]
    public async Task A_date_is_read_by_the_receivers_own_clock()
    {
        _receiver.Behaviour = Receiver.Says(503, "", "Date: Wed, 21 Oct 2015 07:28:00 GMT", "Retry-After: Wed, 21 Oct 2015 07:30:00 GMT");
        Assert.Equal(TimeSpan.FromMinutes(2), (await SendAsync()).RetryAfter);
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
