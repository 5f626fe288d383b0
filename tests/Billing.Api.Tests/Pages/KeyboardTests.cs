using System.Text.Json;
using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>Everything can be done without a mouse, and what has the focus can be seen.</summary>
public sealed class KeyboardTests
{
    private const string Focused = """
        (() => {
          const it = document.activeElement;
          const style = getComputedStyle(it);
          const box = it.getBoundingClientRect();
          const name = it.labels?.[0]?.querySelector('span')?.textContent ?? it.labels?.[0]?.textContent ?? it.textContent;
          return { name, seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.top >= 0 && box.bottom <= innerHeight };
        })()
        """;

    [BrowserFact]
    public async Task The_tab_key_reaches_every_control_in_reading_order()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await using var dashboard = await Tab.OpenAsync(customer.World, "/dashboard");
        Assert.Equal("API key or session token", await FocusAsync(dashboard));
        await dashboard.TypeAsync(customer.SessionToken);
        await dashboard.KeysAsync("Enter");
        await dashboard.SeesAsync("#page[aria-busy=false]", "Webhooks");

        var reached = new List<string> { await FocusAsync(dashboard) };
        while (reached[^1] != "Create webhook" && reached.Count < 40)
        {
            await dashboard.KeysAsync("Tab");
            reached.Add(await FocusAsync(dashboard));
        }

        Assert.Equal(
            [
                "Workspace", "Refresh", "Sign out", "Template", "Resolution", "Duration", "Complexity", "Calculate", "Show", "Download CSV",
                "Name", "For", "Create key", "Revoke", "Address", "credits.low", "credits.exhausted", "credits.renewed", "credits.topped_up",
                "generation.refunded", "overage.charged", "subscription.paused", "subscription.resumed", "Create webhook",
            ],
            reached);
    }

    [BrowserFact]
    public async Task A_price_is_asked_and_a_key_is_made_and_copied_by_keyboard_alone()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await using var dashboard = await Tab.OpenAsync(customer.World, "/dashboard");
        await dashboard.TypeAsync(customer.SessionToken);
        await dashboard.KeysAsync("Enter");
        await dashboard.SeesAsync("#page[aria-busy=false]", "Webhooks");
        await dashboard.KeysAsync("Tab", "Tab", "Tab", "Tab", "ArrowDown", "Tab", "Tab", "Tab", "Enter");
        await dashboard.SeesAsync("#quote", "6 credits", "resolution 1.5");

        await dashboard.KeysAsync("Tab", "Tab", "Tab");
        await dashboard.TypeAsync("By hand");
        await dashboard.KeysAsync("Enter");
        await dashboard.SeesAsync("API keys", "Copy it now", "By hand");
        await dashboard.KeysAsync("Tab", "Enter");
        await dashboard.SeesAsync("API keys", "Copied");
        var copied = (await dashboard.EvaluateAsync("navigator.clipboard.readText()")).GetString()!;
        (await customer.World.AnyoneAt(0).As(copied).GetAsync("credits")).Is(200);
    }

    private static async Task<string> FocusAsync(Tab tab)
    {
        var focused = await tab.EvaluateAsync(Focused);
        var name = focused.GetProperty("name").GetString()!;
        Assert.True(focused.GetProperty("seen").ValueKind == JsonValueKind.True, $"{name} has the focus, which cannot be seen.");
        return name;
    }
}
