using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>The ledger on the dashboard.</summary>
public sealed class HistoryTests
{
    [BrowserFact]
    public async Task A_long_history_comes_a_page_at_a_time_and_downloads_whole()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "scale", 300);
        await Task.WhenAll(Enumerable.Range(0, 55).Select(_ => customer.AdmitAsync(Requests.Small)));

        var total = (await customer.HistoryAsync()).Number("total");
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.SeesAsync("History", $"50 of {total}");
        await dashboard.PressAsync("Show more");
        await dashboard.SeesAsync("History", $"{total} of {total}");
        Assert.Equal(total, await dashboard.EvaluateAsync<decimal>("document.querySelectorAll('#history tbody tr').length"));

        var (name, text) = await dashboard.DownloadAsync("Download CSV");
        var lines = text.TrimEnd().Split("\r\n");
        Assert.Equal(("credits.csv", "id,type,amount,balance_after,description,note,created_at", total + 1), (name, lines[0], lines.Length));
        Assert.Matches("""^txn_[0-9a-z]+,deduction,-1,255,".+","",2025-11-01T00:00:00Z$""", lines[1]);

        await dashboard.ChooseAsync("Show", "Grant");
        await dashboard.SeesAsync("History", "1 of 1");
        await dashboard.ChooseAsync("Show", "Refund");
        await dashboard.SeesAsync("History", "Nothing of this type.");
    }

    [BrowserFact]
    public async Task What_people_write_is_text_and_never_markup_or_a_formula()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        await customer.AdmitAsync("""{"size": "2K", "description": "<img src=x onerror='document.title=1'> \"quoted\""}""");
        await customer.AdmitAsync("""{"size": "2K", "description": "=1+1"}""");
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.SeesAsync("History", "<img src=x onerror='document.title=1'> \"quoted\"", "=1+1");
        await dashboard.SeesAsync("#title", "Bloom credits");
        var (_, text) = await dashboard.DownloadAsync("Download CSV");
        Assert.Contains("""<img src=x onerror='document.title=1'> ""quoted""" + '"', text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"=", text, StringComparison.Ordinal);
    }
}
