using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Pages;

/// <summary>What a customer sees over a month.</summary>
public sealed class JourneyTests
{
    [BrowserFact]
    public async Task A_customer_spends_runs_out_tops_up_and_gets_the_next_allowance()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma");
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.SeesAsync("Left to spend", "10 credits", "10 of 10");
        await dashboard.SeesAsync("Plan", "Free", "active", "Renews on Dec 1, 2025, 00:00 UTC.");
        await dashboard.SeesAsync("Spent per day, this period", "Nothing was spent");

        await SpendAsync(customer, dashboard, Requests.Four);
        await dashboard.SeesAsync("Left to spend", "6 credits");
        await dashboard.SeesAsync("Spent per day, this period", "4 a day on average", "Lasts until about Nov 2, 2025.");
        await SpendAsync(customer, dashboard, Requests.Four);
        await dashboard.SeesAsync("#notice", "Credits run low. 2 left, with 10 a month.");
        await dashboard.LooksWellAsync("low");

        (await customer.TryAdmitAsync(Requests.Four)).Refused(402, "INSUFFICIENT_CREDITS");
        await dashboard.PressAsync("Refresh");
        await dashboard.SeesAsync("Left to spend", "2 credits");
        await customer.GrantAsync(2);
        await SpendAsync(customer, dashboard, Requests.Four);
        (await customer.TryAdmitAsync(Requests.Four)).Refused(402, "INSUFFICIENT_CREDITS");
        await dashboard.SeesAsync("#notice", "All credits are used up. New ones arrive on Dec 1, 2025.");
        await dashboard.SeesAsync("Left to spend", "0 credits");
        await dashboard.LooksWellAsync("exhausted");

        await customer.TopUpAsync(40);
        await dashboard.PressAsync("Refresh");
        await dashboard.SeesAsync("Left to spend", "40 credits", "0 of 10");
        await dashboard.SeesAsync("History", "Top-up");
        await dashboard.MissesAsync("#notice", "used up");

        await world.MoveAsync("2025-12-01T00:00:00Z");
        await dashboard.PressAsync("Refresh");
        await dashboard.SeesAsync("#sign-in", "Your session has ended. Sign in again.");
        await dashboard.MissesAsync("#page", "Left to spend");
        await dashboard.SignInAsync("API key or session token", customer.SessionToken);
        await dashboard.SeesAsync("Left to spend", "50 credits", "10 of 10");
        await dashboard.SeesAsync("Plan", "Renews on Jan 1, 2026, 00:00 UTC.");
        await dashboard.SeesAsync("History", "Monthly renewal: Free plan");
        await customer.AuditAsync();
    }

    [BrowserFact]
    public async Task Overage_is_counted_announced_and_invoiced()
    {
        await using var world = await World.StartAsync("2025-11-15T00:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Ninety));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Six));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Four));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.SeesAsync("#notice", "All credits are used up. Generations go on as overage, at $0.50 each.");
        await dashboard.SeesAsync("Overage", "1 generation on overage this month; charged at month-end.", "No invoices yet.");

        await world.MoveAsync("2025-12-01T00:00:00Z");
        await using var later = await Tab.DashboardAsync(customer);
        await later.SeesAsync("Overage", "No overage this month. A generation that your credits do not cover costs $0.50.", "November 2025", "$0.50");
        await later.LooksWellAsync("overage");
    }

    private static async Task SpendAsync(Customer customer, Tab dashboard, string request)
    {
        await customer.CompleteAsync(await customer.AdmitAsync(request));
        await dashboard.PressAsync("Refresh");
    }
}
