using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class TelemetryTests
{
    // A trace header that was none, or far too long, turned a good request into an error of the server's.
    [Theory]
    [InlineData("traceparent", "nonsense")]
    [InlineData("traceparent", "00-00000000000000000000000000000000-0000000000000000-01")]
    [InlineData("traceparent", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("tracestate", "=,=,a=b=c,,")]
    [InlineData("baggage", "key;;=%%%,=")]
    [InlineData("Request-Id", "|a.b.c.")]
    [InlineData("Correlation-Context", "a=b,=,")]
    public async Task A_trace_header_that_is_none_changes_nothing(string name, string value)
    {
        var answer = (await (await World.Shared).Anyone.SendAsync(HttpMethod.Get, "plans?product=bluma", null, (name, value))).Is(200);
        Assert.Matches("^[0-9a-f]{32}$", answer.Header("X-Request-Id"));
    }
}
