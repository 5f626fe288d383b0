using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;
using Billing.Events;

namespace Billing.Api.Tests.Pages;

/// <summary>Everything can be done without a mouse, and what has the focus can be seen.</summary>
public sealed class KeyboardTests
{
    [BrowserFact]
    public async Task The_tab_key_reaches_every_control_in_reading_order()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await using var dashboard = await Tab.OpenAsync(customer.World, "/dashboard");
        Assert.Equal("API key or session token", await Focus.NameAsync(dashboard));
        await dashboard.TypeAsync(customer.SessionToken);
        await dashboard.KeysAsync("Enter");
        await dashboard.SeesAsync("#page[aria-busy=false]", "Webhooks");

        var reached = new List<string> { await Focus.NameAsync(dashboard) };
        while (reached[^1] != "Create webhook" && reached.Count < 40)
        {
            await dashboard.KeysAsync("Tab");
            reached.Add(await Focus.NameAsync(dashboard));
        }

        Assert.Equal(
            [
                "Workspace", "Refresh", "Sign out", "Plans and prices", "Support", "Sales", "Template", "Resolution", "Duration", "Complexity", "Show", "Download CSV",
                "Name", "For", "Create key", "Revoke", "Address", .. EventTypes.OfCustomers.Remove(EventTypes.Ping), "Create webhook",
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
        await dashboard.KeysAsync("Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "ArrowDown");
        await dashboard.SeesAsync("#quote", "6 credits", "resolution 1.5");

        await dashboard.KeysAsync("Tab", "Tab", "Tab", "Tab", "Tab");
        await dashboard.TypeAsync("By hand");
        await dashboard.KeysAsync("Enter");
        await dashboard.SeesAsync("API keys", "Copy it now", "By hand");
        await dashboard.KeysAsync("Tab", "Enter");
        await dashboard.SeesAsync("API keys", "Copied");
        var copied = await dashboard.EvaluateAsync<string>("navigator.clipboard.readText()");
        (await customer.World.AnyoneAt(0).As(copied).GetAsync("credits")).Is(200);
    }
}
