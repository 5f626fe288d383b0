using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class HistoryTests
{
    private const string At = World.Start;

    // Entries of one instant were told apart by their time alone: a page that ended among them left the others out, or showed them again.
    [Theory]
    [InlineData("")]
    [InlineData("&type=grant")]
    [InlineData($"&from={At}")]
    [InlineData($"&to=2025-11-01T00:00:00.001Z&type=grant&from={At}")]
    public async Task Entries_of_one_instant_are_on_one_page_each(string filter)
    {
        var customer = await GrantedAsync(7);
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await customer.HistoryAsync($"limit=2{filter}{cursor}");
            Assert.Equal(8, page.Number("total"));
            seen.AddRange(page.At("transactions").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!));
            cursor = page.Text("next_cursor") is "null" ? "" : $"&cursor={page.Text("next_cursor")}";
        }
        while (cursor.Length > 0);

        Assert.Equal((8, 8), (seen.Count, seen.Distinct().Count()));
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
    }

    // The last day was left out, the first counted twice, or the day was the server's.
    [Theory]
    [InlineData($"from={At}", 2)]
    [InlineData($"to={At}", 0)]
    [InlineData($"from={At}&to={At}", 0)]
    [InlineData("from=2025-10-31T00:00:00Z&to=2025-11-01T00:00:00.001Z", 2)]
    [InlineData("from=2025-11-01T00:00:00.001Z", 0)]
    [InlineData("from=2025-10-31T19:00:00-05:00&to=2025-11-01T05:45:00.001%2B05:45", 2)]
    [InlineData("from=2025-11-02T00:00:00Z&to=2025-10-31T00:00:00Z", 0)]
    [InlineData("from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.999Z", 2)]
    public async Task The_first_instant_is_in_it_and_the_last_is_not(string span, int expected)
    {
        var page = await (await GrantedAsync(1)).HistoryAsync(span);
        Assert.Equal((expected, expected), ((int)page.Number("total"), page.At("transactions").GetArrayLength()));
    }

    // A plus sign in a query is a space: an offset was cut off, and the hours of another day were shown.
    [Theory]
    [InlineData("from=2025-11-01T00:00:00+02:00")]
    [InlineData("from=2025-11-01")]
    [InlineData("to=1761955200")]
    public async Task A_time_that_cannot_be_meant_so_is_refused(string span)
    {
        var customer = await GrantedAsync(1);
        (await customer.Session.GetAsync($"credits/history?{span}&workspaceId={customer.WorkspaceId}")).Names(span.Split('=')[0]);
    }

    private static async Task<Customer> GrantedAsync(int grants)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        for (var i = 0; i < grants; i++)
        {
            await customer.GrantAsync(1);
        }

        return customer;
    }
}
