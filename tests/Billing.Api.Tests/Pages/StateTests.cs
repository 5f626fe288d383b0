using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>The states an account can be in, as its customer sees them.</summary>
public sealed class StateTests
{
    [BrowserFact]
    public async Task A_busy_customer_sees_credits_of_three_kinds_what_was_spent_and_what_a_generation_costs()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.TopUpAsync(40);
        await customer.GrantAsync(5);
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Twelve));
        await customer.FailAsync(await customer.AdmitAsync(Requests.Six));
        await customer.SeesCreditsAsync(133);
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.SeesAsync("Left to spend", "133 credits", "Plan88 of 100", "Bonus5", "Top-up40");
        await dashboard.SeesAsync("Spent per day, this period", "12 a day on average. Lasts until about Nov 12, 2025.");
        await dashboard.ChooseAsync("Template", "news-anchor");
        await dashboard.ChooseAsync("Resolution", "1080p");
        await dashboard.WriteAsync("Duration", "90");
        await dashboard.SeesAsync("#quote", "45 credits", "base 5 × duration 3 × resolution 1.5 × complexity 2", "Your credits cover 2 of these.");
        await dashboard.LooksWellAsync("busy");
        await dashboard.WriteAsync("Duration", "900");
        await dashboard.SeesAsync("#quote", "450 credits", "Your credits do not cover it.");
    }

    [BrowserFact]
    public async Task A_paused_subscription_says_what_to_do()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "pro");
        await customer.PayAsync("failed");
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.SeesAsync("#notice", "The subscription is paused. A payment failed or is pending.");
        await dashboard.SeesAsync("Plan", "Pro", "paused");
        await dashboard.LooksWellAsync("paused");
        await customer.PayAsync("succeeded");
        await dashboard.PressAsync("Refresh");
        await dashboard.SeesAsync("Plan", "Pro", "active");
        await dashboard.MissesAsync("#notice", "paused");
    }

    [BrowserFact]
    public async Task A_canceled_subscription_does_not_renew()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.AdminAsync(HttpMethod.Delete, "subscription");
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.SeesAsync("#notice", "The subscription is canceled. It does not renew.");
        await dashboard.SeesAsync("Plan", "Starter", "canceled", "Does not renew.");
    }

    [BrowserFact]
    public async Task The_plan_says_how_to_reach_the_seller()
    {
        await using var dashboard = await Tab.DashboardAsync(await (await World.Shared).CustomerAsync("gleam"));
        await dashboard.SeesAsync("Plan", "Free", "Plans and prices", "Support", "Sales");
        Assert.Equal("mailto:support@gleam.so mailto:support@gleam.so", await dashboard.EvaluateAsync<string>("[...document.querySelectorAll('#plan a.button')].map((link) => link.href).join(' ')"));
    }

    [BrowserFact]
    public async Task Another_workspace_is_shown_alone()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom", "plus");
        const string Long = "Studio for moving pictures and sound of the northern hemisphere";
        (await world.Operator.PostAsync("admin/workspaces", Json.Of(new { account_id = customer.AccountId, name = Long }))).Is(201);
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.SeesAsync("Left to spend", "60 credits");
        await dashboard.ChooseAsync("Workspace", $"{Long} (team)");
        await dashboard.SeesAsync("Left to spend", "0 credits");
        await dashboard.SeesAsync("#notice", "There are no credits. Nothing can be generated until some arrive.");
        await dashboard.SeesAsync("Overage", "There is no overage: a generation that your credits do not cover is refused.");
        await dashboard.SeesAsync("Plan", "No plan", "no subscription", "No monthly credits.");
        await dashboard.SeesAsync("History", "Nothing yet.");
        await dashboard.MissesAsync("History", "Plus");
        await dashboard.LooksWellAsync("empty");
        await dashboard.ChooseAsync("Workspace", "Ada (personal)");
        await dashboard.SeesAsync("History", "Plus");
    }
}
