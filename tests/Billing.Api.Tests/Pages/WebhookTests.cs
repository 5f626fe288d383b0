using Billing.Api.Tests.Pages.Browser;
using Billing.Api.Tests.Webhooks;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Pages;

/// <summary>Customers look after their own webhooks.</summary>
public sealed class WebhookTests
{
    [BrowserFact]
    public async Task A_webhook_is_created_tested_replayed_and_deleted()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await using var receiver = new Receiver();
        await using var dashboard = await Tab.DashboardAsync(customer);
        await dashboard.WriteAsync("Address", receiver.Url);
        await dashboard.CheckAsync("credits.topped_up", true);
        await dashboard.CheckAsync("credits.exhausted", false);
        await dashboard.PressAsync("Create webhook");
        await dashboard.SeesAsync("Webhooks", "Its secret, shown once: whsec_", "credits.low, credits.topped_up", "enabled");

        await dashboard.PressAsync("Send a test", row: receiver.Url);
        await dashboard.SeesAsync("Webhooks", "A ping is on its way.");
        await customer.TopUpAsync(20);
        await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals.Count), arrivals => arrivals == 2);
        var id = (await customer.Session.GetAsync($"webhooks?workspaceId={customer.WorkspaceId}")).Text("webhooks.0.id");
        await Eventually.SeeAsync(() => customer.Session.GetAsync($"webhooks/{id}/deliveries"), seen => seen.At("deliveries").EnumerateArray().All(one => one.GetProperty("status").GetString() == "succeeded"));
        await dashboard.PressAsync("Deliveries", row: receiver.Url);
        await dashboard.SeesAsync("Webhooks", "Deliveries to " + receiver.Url, "ping", "succeeded", "200 in");
        await dashboard.LooksWellAsync("webhooks");

        var topUp = receiver.Arrivals.Single(arrival => Sent(arrival).Contains("topped_up", StringComparison.Ordinal));
        await dashboard.PressAsync("Replay", row: "credits.topped_up");
        await dashboard.SeesAsync("Webhooks", "It is sent again.");
        var again = await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals), arrivals => arrivals.Count == 3);
        Assert.Equal((topUp.EventId, Sent(topUp)), (again[2].EventId, Sent(again[2])));

        await dashboard.PressAsync("New secret", row: receiver.Url);
        await dashboard.SeesAsync("Webhooks", "The old secret signs, too, until Nov 2, 2025, 00:00 UTC. The new one, shown once: whsec_");
        await dashboard.PressAsync("Delete", row: receiver.Url);
        await dashboard.SeesAsync("Webhooks", "The webhook is deleted.", "No webhooks yet.");
    }

    [BrowserFact]
    public async Task An_address_that_is_refused_says_why_and_keeps_what_was_typed()
    {
        await using var dashboard = await Tab.DashboardAsync(await (await World.Shared).CustomerAsync("bluma"));
        await dashboard.WriteAsync("Address", "ftp://example.com/hook");
        await dashboard.PressAsync("Create webhook");
        await dashboard.SeesAsync("Webhooks", "url");
        Assert.Equal("ftp://example.com/hook", await dashboard.EvaluateAsync<string>("document.querySelector('#webhooks input[type=url]').value"));
    }

    private static string Sent(Arrival arrival) => System.Text.Encoding.UTF8.GetString(arrival.Body);
}
