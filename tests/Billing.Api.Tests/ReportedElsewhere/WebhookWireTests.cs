using System.Globalization;
using System.Net;
using System.Text;
using Billing.Api.Tests.Webhooks;
using Billing.Api.Webhooks;
using Billing.Engine.Webhooks;
using Billing.Webhooks;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class WebhookWireTests : IAsyncDisposable
{
    private readonly Receiver _receiver = new();
    private readonly WebhookSender _sender = new(new GuardedConnections(Dns.GetHostAddressesAsync, loopback: true));

    // Bodies went out in chunks, and servers that do not know chunks saw empty ones.
    [Fact]
    public async Task A_body_says_how_long_it_is()
    {
        await SendAsync();
        var arrival = Assert.Single(_receiver.Arrivals);
        Assert.Equal(arrival.Body.Length, int.Parse(arrival.Headers["Content-Length"], CultureInfo.InvariantCulture));
        Assert.DoesNotContain("Transfer-Encoding", arrival.Headers.Keys);
        Assert.DoesNotContain("Expect", arrival.Headers.Keys);
    }

    // Only 200 counted: receivers that had nothing to say were sent everything again.
    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 \r\nContent-Length: 0\r\nContent-Type: application/json; charset=nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Encoding: br\r\nSet-Cookie: =;;=\r\nDate: yesterday\r\nX-Ü: é\r\n\r\n")]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Length: 4\r\nContent-Type: application/json\r\n\r\nnull")]
    public async Task Every_2xx_is_a_success_whatever_is_said_with_it(string answer)
    {
        _receiver.Behaviour = (_, connection, ended) => connection.WriteAsync(Encoding.UTF8.GetBytes(answer), ended).AsTask();
        Assert.True((await SendAsync()).Succeeded);
    }

    // A success that took its time was a failure to us and done to them, and they got it again while they still worked on it.
    [Fact]
    public async Task An_answer_within_the_time_counts_however_its_bytes_trickle_in()
    {
        _receiver.Behaviour = async (_, connection, ended) =>
        {
            foreach (var some in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".Chunk(7))
            {
                await connection.WriteAsync(Encoding.ASCII.GetBytes(some), ended);
                await connection.FlushAsync(ended);
            }
        };
        Assert.Equal((200, "ok"), await SendAsync() is var answer ? (answer.Status, answer.Text) : default);
    }

    // Following a redirect inward read the machine's own metadata out to whoever had registered the endpoint.
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task No_redirect_leads_anywhere(int status)
    {
        await using var inside = new Receiver();
        _receiver.Behaviour = Receiver.Says(status, "", $"Location: {inside.Url}");
        Assert.Equal((status, false), await SendAsync() is var answer ? (answer.Status!.Value, answer.Succeeded) : default);
        Assert.Equal(0, inside.Connections);
    }

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        await _receiver.DisposeAsync();
    }

    private Task<WebhookAnswer> SendAsync()
    {
        var body = """{"type":"ping"}"""u8.ToArray();
        return _sender.SendAsync(new WebhookRequest(_receiver.Url, WebhookSignature.Headers("evt_1", DateTimeOffset.UtcNow, body, WebhookSignature.NewSecret(new byte[32])), body));
    }
}
