using System.Diagnostics;

namespace Billing.Functions.Tests;

public sealed class CorrelationTests
{
    [Fact]
    public async Task A_function_goes_on_with_the_trace_of_its_request()
    {
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", await TraceSeenAsync("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    }

    [Theory, InlineData(""), InlineData(null), InlineData("nonsense")]
    public async Task Without_one_it_begins_its_own(string? traceParent)
    {
        var trace = await TraceSeenAsync(traceParent);

        Assert.Matches("^[0-9a-f]{32}$", trace);
        Assert.NotEqual(new string('0', 32), trace);
    }

    private static async Task<string?> TraceSeenAsync(string? traceParent)
    {
        string? seen = null;
        await new Correlation().Invoke(Triggers.Trace(traceParent), _ =>
        {
            seen = Activity.Current?.TraceId.ToString();
            return Task.CompletedTask;
        });
        return seen;
    }
}
