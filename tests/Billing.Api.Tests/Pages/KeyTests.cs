using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>Customers make and revoke their own API keys.</summary>
public sealed class KeyTests
{
    [BrowserFact]
    public async Task A_new_key_is_shown_once_works_and_can_be_revoked()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.WriteAsync("Name", "Render farm");
        await dashboard.ChooseAsync("For", "test: nothing is charged");
        await dashboard.PressAsync("Create key");
        await dashboard.SeesAsync("API keys", "Copy it now, it is not shown again: bluma_test_", "Render farm");
        var key = await dashboard.EvaluateAsync<string>("document.querySelector('#keys .secret code').textContent");
        Assert.Equal("true", (await customer.World.AnyoneAt(0).As(key).GetAsync("credits")).Is(200).Text("test_mode"));
        await dashboard.LooksWellAsync("new-key");

        await dashboard.PressAsync("Refresh");
        await dashboard.MissesAsync("API keys", "not shown again");
        await dashboard.PressAsync("Revoke", row: "Render farm");
        await dashboard.SeesAsync("API keys", "\"Render farm\" is revoked.", "revoked");
        (await customer.World.AnyoneAt(0).As(key).GetAsync("credits")).Is(401);
    }
}
