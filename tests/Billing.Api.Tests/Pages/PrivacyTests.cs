using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>A page that a key is typed into keeps it to itself.</summary>
public sealed class PrivacyTests
{
    private const string Kept = "(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length, location.href].map(String))()";

    [BrowserFact]
    public async Task The_dashboard_asks_no_other_origin_and_stores_nothing()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await using var dashboard = await Tab.DashboardAsync(customer);
        await KeepsToItselfAsync(dashboard, customer.SessionToken);
        await dashboard.SeesAsync("#sign-in", "API key or session token");
    }

    [BrowserFact]
    public async Task The_operator_page_asks_no_other_origin_and_stores_nothing()
    {
        var world = await World.Shared;
        await using var page = await Tab.OperatorAsync(world);
        await KeepsToItselfAsync(page, world.OperatorKey);
        await page.SeesAsync("#sign-in", "Operator key");
    }

    [BrowserFact]
    public async Task A_script_that_slips_into_the_document_does_not_run()
    {
        await using var dashboard = await Tab.OpenAsync(await World.Shared, "/dashboard");
        const string Slip = """
            new Promise((resolve) => {
              document.addEventListener('securitypolicyviolation', (event) => resolve([event.effectiveDirective, window.slipped ?? 'did not run']));
              const script = document.createElement('script');
              script.textContent = 'window.slipped = "ran"';
              document.body.append(script);
            }).then((seen) => seen.join(': '))
            """;
        Assert.Equal("script-src-elem: did not run", await dashboard.EvaluateAsync<string>(Slip));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/dashboard")]
    [InlineData("/operator")]
    [InlineData("/pricing")]
    public async Task The_policy_allows_nothing_inline_and_nobody_to_frame_the_page(string page)
    {
        var policy = (await (await World.Shared).Anyone.GetAsync(page)).Is(200).Header("Content-Security-Policy");
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }

    /// <summary>Leaves the page reloaded.</summary>
    private static async Task KeepsToItselfAsync(Tab tab, string credential)
    {
        var asked = tab.Asked;
        Assert.True(asked.Count > 5, $"It should ask for scripts and data: {string.Join(", ", asked)}");
        Assert.All(asked, url => Assert.Equal((tab.Address.Authority, ""), (url.Authority, url.Fragment)));
        Assert.DoesNotContain(asked, url => url.Query.Contains(credential, StringComparison.Ordinal));

        var kept = await tab.EvaluateAsync<string[]>(Kept);
        Assert.Equal(["0", "0", "", "0", "0", tab.Address.AbsoluteUri], kept);
        Assert.DoesNotContain(credential, await tab.EvaluateAsync<string>("document.documentElement.outerHTML + document.getElementById('credential').value"), StringComparison.Ordinal);
        await tab.ReloadAsync();
    }
}
