using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>Who comes in, and what each sees.</summary>
public sealed class SignInTests
{
    [BrowserFact]
    public async Task An_api_key_shows_everything_but_the_api_keys()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", "plus");
        await using var dashboard = await Tab.DashboardAsync(customer, customer.Key);
        await dashboard.SeesAsync("#title", "Bloom credits");
        await dashboard.SeesAsync("Left to spend", "60 credits", "50 of 50", "Bonus", "10");
        await dashboard.SeesAsync("API keys", "Sign in with a session token to manage API keys.");
        await dashboard.SeesAsync("Webhooks", "No webhooks yet.");
    }

    [BrowserFact]
    public async Task A_test_key_says_so()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "pro", environment: "test");
        await using var dashboard = await Tab.DashboardAsync(customer, customer.Key);
        await dashboard.SeesAsync("#notice", "This is a test key. Nothing is charged");
        await dashboard.LooksWellAsync("test-key");
    }

    [BrowserFact]
    public async Task A_wrong_key_stays_outside()
    {
        var world = await World.Shared;
        await using var dashboard = await Tab.OpenAsync(world, "/dashboard");
        await dashboard.LooksWellAsync("sign-in");
        await dashboard.SignInAsync("API key or session token", "bluma_live_thisisnokey");
        await dashboard.SeesAsync("#sign-in", "That key or token does not work.");
        await dashboard.MissesAsync("#page", "Left to spend");
        await dashboard.LooksWellAsync("wrong-key");

        // The next try is a fresh one.
        await dashboard.SignInAsync("API key or session token", (await world.CustomerAsync("bloom")).Key);
        await dashboard.SeesAsync("Left to spend", "10 credits");
    }

    [BrowserFact]
    public async Task Signing_out_leaves_nothing_of_the_customer()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.SeesAsync("#workspace", "Ada (personal)");
        await dashboard.PressAsync("Sign out");
        await dashboard.SeesAsync("#sign-in", "API key or session token");
        Assert.DoesNotContain("Ada", await dashboard.EvaluateAsync<string>("document.documentElement.outerHTML"), StringComparison.Ordinal);
    }
}
