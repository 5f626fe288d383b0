using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Admin;

/// <summary>Overage counts the calendar month, whatever the billing anniversary, and is invoiced once.</summary>
public sealed class OverageTests
{
    [Fact]
    public async Task A_month_ends_at_midnight_utc()
    {
        await using var world = await World.StartAsync("2025-11-15T00:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Ninety));
        await world.MoveAsync("2025-11-30T23:59:59.999Z");
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await world.MoveAsync("2025-12-01T00:00:00Z");
        Assert.Equal(0, (await customer.CreditsAsync()).Number("overage_used"));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        Assert.Equal(1, (await customer.CreditsAsync()).Number("overage_used"));
        var invoices = (await customer.Own.GetAsync($"invoices?workspaceId={customer.WorkspaceId}")).Is(200);
        invoices.Shows("""
            {
              "invoices": [
                {
                  "month": "2025-11",
                  "lines": [{ "plan": "starter", "units": 2, "unit_price": { "amount_minor": 50, "currency": "USD" }, "amount": { "amount_minor": 100, "currency": "USD" } }],
                  "units": 2, "credit": { "amount_minor": 0, "currency": "USD" }, "total": { "amount_minor": 100, "currency": "USD" }, "created_at": "2025-12-01T00:00:00Z"
                }
              ]
            }
            """);
        Assert.Equal(invoices.Body, (await customer.AdminAsync(HttpMethod.Get, "invoices")).Body);
    }

    [Fact]
    public async Task Overage_of_two_plans_is_two_lines_of_one_invoice()
    {
        await using var world = await World.StartAsync("2025-11-15T00:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Ninety));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await customer.SubscribeAsync("pro");
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await world.MoveAsync("2026-01-01T00:00:00Z");
        var invoice = (await customer.AdminAsync(HttpMethod.Get, "invoices")).At("invoices.0");
        Assert.Equal(["pro", "starter"], invoice.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("plan").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(100, invoice.GetProperty("total").GetProperty("amount_minor").GetInt64());
    }

    [Fact]
    public async Task A_workspace_that_is_not_there_has_no_invoices()
    {
        var world = await World.Shared;
        foreach (var path in new[] { "", "/ledger", "/refunds", "/invoices", "/audit" })
        {
            (await world.Operator.GetAsync($"admin/workspaces/ws_0000000000000000{path}")).Refused(404, "NOT_FOUND");
            (await world.Operator.GetAsync($"admin/workspaces/nothing{path}")).Refused(404, "NOT_FOUND");
        }
    }
}
