using System.Globalization;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Year;

/// <summary>A year of one workspace's life over HTTP. Every balance was computed by hand from the contract.</summary>
public sealed class YearTests
{
    /// <summary>Entry by entry: instant, type, amount, balance after.</summary>
    private const string Ledger = """
        2025-01-31T10:00:00Z purchase 100 100
        2025-01-31T10:00:00Z deduction -45 55
        2025-01-31T10:00:00Z deduction -45 10
        2025-02-01T00:00:00Z purchase 50 60
        2025-02-10T00:00:00Z deduction -27 33
        2025-02-28T10:00:00Z purchase 100 133
        2025-03-15T00:00:00Z deduction -90 43
        2025-03-15T00:00:00Z deduction -43 0
        2025-03-15T00:00:00Z overage 0 0
        2025-03-15T00:00:00Z overage 0 0
        2025-03-15T00:00:00Z refund 43 43
        2025-03-15T00:00:00Z refund 0 43
        2025-03-15T00:00:00Z deduction -6 37
        2025-03-31T10:00:00Z renewal_expiry -4 33
        2025-03-31T10:00:00Z purchase 100 133
        2025-04-01T00:00:00Z refund 0 133
        2025-04-30T10:00:00Z renewal_expiry -100 33
        2025-04-30T10:00:00Z purchase 500 533
        2025-05-31T10:00:00Z renewal_expiry -500 33
        2025-06-05T00:00:00Z purchase 500 533
        2025-06-10T00:00:00Z deduction -495 38
        2025-06-12T00:00:00Z adjustment -33 5
        2025-06-12T00:00:00Z adjustment -5 0
        2025-06-12T00:00:00Z grant 12 12
        2025-06-12T00:00:00Z adjustment -12 0
        2025-06-12T00:00:00Z overage 0 0
        2025-06-30T10:00:00Z purchase 500 500
        2025-07-15T00:00:00Z grant 20 520
        2025-07-15T00:00:00Z deduction -12 508
        2025-07-31T10:00:00Z renewal_expiry -488 20
        2025-07-31T10:00:00Z purchase 500 520
        2025-08-01T00:00:00Z renewal_expiry -20 500
        2025-08-31T10:00:00Z renewal_expiry -500 0
        2025-08-31T10:00:00Z purchase 10 10
        2025-09-10T09:00:00Z purchase 100 110
        2025-09-30T10:00:00Z renewal_expiry -10 100
        2025-10-10T08:30:00Z deduction -45 55
        2025-10-10T09:00:00Z renewal_expiry -55 0
        2025-10-10T09:00:00Z purchase 100 100
        2025-10-10T09:10:00Z refund 45 145
        2025-11-10T09:00:00Z renewal_expiry -100 45
        2025-11-10T09:00:00Z renewal_expiry -45 0
        2025-11-10T09:00:00Z purchase 100 100
        2025-12-10T09:00:00Z renewal_expiry -100 0
        2025-12-10T09:00:00Z purchase 10 10
        2026-01-10T09:00:00Z renewal_expiry -10 0
        2026-01-10T09:00:00Z purchase 10 10
        """;

    [Fact]
    public async Task A_year_of_a_workspaces_life_adds_up()
    {
        await using var world = await World.StartAsync("2025-01-31T10:00:00Z");
        var ada = await world.CustomerAsync("bluma", "starter");
        var topUp = await WinterAsync(ada);
        await SpringAsync(ada);
        await SummerAsync(ada, topUp);
        await AutumnAsync(ada);

        var entries = (await ada.HistoryAsync()).At("transactions").EnumerateArray().Reverse().Select(entry =>
            $"{entry.GetProperty("created_at")} {entry.GetProperty("type")} {entry.GetProperty("amount").GetRawText()} {entry.GetProperty("balance_after").GetRawText()}");
        Assert.Equal(Ledger.ReplaceLineEndings("\n").Split('\n'), entries);
        var audit = (await world.Operator.GetAsync($"admin/workspaces/{ada.WorkspaceId}/audit")).Is(200);
        Assert.Equal(("true", 47, 10, 10), (audit.Text("ok"), audit.Number("entries"), audit.Number("ledger_balance"), audit.Number("balance")));
    }

    /// <summary>Started on 31 January: the 31st falls on a short month's last day and returns to the 31st after.</summary>
    private static async Task<string> WinterAsync(Customer ada)
    {
        await SeesAsync(ada, "100 = 100 + 0 + 0, starter active, 100 a month, renews 2025-02-28T10:00:00Z, overage 0");
        await GenerateAsync(ada, Requests.FortyFive, left: 55);
        await GenerateAsync(ada, Requests.FortyFive, left: 10);
        await ada.World.MoveAsync("2025-02-01T00:00:00Z");
        var topUp = (await ada.TopUpAsync(50, "ch_1")).Text("id");
        await ada.World.MoveAsync("2025-02-10T00:00:00Z");
        await GenerateAsync(ada, Requests.TwentySeven, left: 33); // 10 of the plan, which expires first, 17 of the top-up
        await ada.World.MoveAsync("2025-02-28T09:59:59.999Z");
        await SeesAsync(ada, "33 = 0 + 33 + 0, starter active, 100 a month, renews 2025-02-28T10:00:00Z, overage 0");
        await ada.World.MoveAsync("2025-02-28T10:00:00Z");
        await SeesAsync(ada, "133 = 100 + 33 + 0, starter active, 100 a month, renews 2025-03-31T10:00:00Z, overage 0");
        return topUp;
    }

    /// <summary>Overage, refunded before and after it is invoiced; a larger plan; a pause over a renewal.</summary>
    private static async Task SpringAsync(Customer ada)
    {
        await ada.World.MoveAsync("2025-03-15T00:00:00Z");
        await GenerateAsync(ada, Requests.Ninety, left: 43);
        var before = await ada.AdmitAsync(Requests.FortyFive);
        var after = await GenerateAsync(ada, Requests.FortyFive, left: 0);
        await SeesAsync(ada, "0 = 0 + 0 + 0, starter active, 100 a month, renews 2025-03-31T10:00:00Z, overage 2");
        await ada.FailAsync(before);
        await ada.SeesCreditsAsync(43);
        await SeesAsync(ada, "43 = 10 + 33 + 0, starter active, 100 a month, renews 2025-03-31T10:00:00Z, overage 1");
        await GenerateAsync(ada, Requests.Six, left: 37);

        await ada.World.MoveAsync("2025-03-31T10:00:00Z");
        await SeesAsync(ada, "133 = 100 + 33 + 0, starter active, 100 a month, renews 2025-04-30T10:00:00Z, overage 1");
        await ada.World.MoveAsync("2025-04-01T00:00:00Z");
        await SeesAsync(ada, "133 = 100 + 33 + 0, starter active, 100 a month, renews 2025-04-30T10:00:00Z, overage 0");
        await InvoicesAsync(ada, "2025-03: 1 of starter at 50 = 50, less 0 = 50");
        await ApproveAsync(ada, after);

        await ada.World.MoveAsync("2025-04-10T00:00:00Z");
        await ada.SubscribeAsync("pro");
        await SeesAsync(ada, "133 = 100 + 33 + 0, pro active, 100 a month, renews 2025-04-30T10:00:00Z, overage 0");
        await ada.World.MoveAsync("2025-04-30T10:00:00Z");
        await SeesAsync(ada, "533 = 500 + 33 + 0, pro active, 500 a month, renews 2025-05-31T10:00:00Z, overage 0");

        await ada.World.MoveAsync("2025-05-20T00:00:00Z");
        await ada.PayAsync("failed");
        (await ada.TryAdmitAsync(Requests.Six)).Refused(402, "PAYMENT_REQUIRED");
        await SeesAsync(ada, "533 = 500 + 33 + 0, pro paused, 500 a month, renews 2025-05-31T10:00:00Z, overage 0");
        await ada.World.MoveAsync("2025-05-31T10:00:00Z");
        Assert.Equal(33, await ada.LeftAsync());
        await ada.World.MoveAsync("2025-06-05T00:00:00Z");
        await ada.PayAsync("succeeded");
        await SeesAsync(ada, "533 = 500 + 33 + 0, pro active, 500 a month, renews 2025-06-30T10:00:00Z, overage 0");
    }

    /// <summary>An invoice that a credit pays; a charge-back with a debt; a bonus that ends; down to free.</summary>
    private static async Task SummerAsync(Customer ada, string topUp)
    {
        await ada.World.MoveAsync("2025-06-10T00:00:00Z");
        var batch = (await ada.Service.PostAsync("generations/batch", $$"""{"items": [{{string.Join(',', Enumerable.Repeat(Requests.FortyFive, 11))}}]}""")).Is(201);
        foreach (var result in batch.At("results").EnumerateArray())
        {
            (await ada.Service.PostAsync($"generations/{result.GetProperty("id")}/complete")).Is(200);
        }

        await SeesAsync(ada, "38 = 5 + 33 + 0, pro active, 500 a month, renews 2025-06-30T10:00:00Z, overage 0");
        await ada.World.MoveAsync("2025-06-12T00:00:00Z");
        var reversed = await ada.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Charge-back" });
        Assert.Equal((33, 17), (reversed.Number("reversals.0.taken"), reversed.Number("reversals.0.debt")));
        await SeesAsync(ada, "0 = 0 + 0 + 0, pro active, 500 a month, renews 2025-06-30T10:00:00Z, overage 0");
        Assert.Equal(12, (await ada.TryAdmitAsync(Requests.FortyFive)).Refused(402, "INSUFFICIENT_CREDITS").Number("data.debt"));

        // 12 of bonus pay what the 5 of the plan did not; what comes after is one unit.
        await ada.GrantAsync(12);
        await GenerateAsync(ada, Requests.FortyFive, left: 0);
        await SeesAsync(ada, "0 = 0 + 0 + 0, pro active, 500 a month, renews 2025-06-30T10:00:00Z, overage 1");
        await ada.World.MoveAsync("2025-06-30T10:00:00Z");
        await SeesAsync(ada, "500 = 500 + 0 + 0, pro active, 500 a month, renews 2025-07-31T10:00:00Z, overage 1");

        await ada.World.MoveAsync("2025-07-15T00:00:00Z");
        await InvoicesAsync(ada, "2025-06: 1 of pro at 50 = 50, less 50 = 0", "2025-03: 1 of starter at 50 = 50, less 0 = 50");
        await ada.GrantAsync(20, "2025-08-01T00:00:00Z");
        await GenerateAsync(ada, Requests.Twelve, left: 508);
        await SeesAsync(ada, "508 = 488 + 0 + 20, pro active, 500 a month, renews 2025-07-31T10:00:00Z, overage 0");
        await ada.World.MoveAsync("2025-07-31T10:00:00Z");
        await SeesAsync(ada, "520 = 500 + 0 + 20, pro active, 500 a month, renews 2025-08-31T10:00:00Z, overage 0");
        await ada.World.MoveAsync("2025-08-10T00:00:00Z");
        await ada.SubscribeAsync("free");
        await SeesAsync(ada, "500 = 500 + 0 + 0, pro active, 500 a month, renews 2025-08-31T10:00:00Z, overage 0");
        await ada.World.MoveAsync("2025-08-31T10:00:00Z");
        await SeesAsync(ada, "10 = 10 + 0 + 0, free active, 10 a month, renews 2025-09-30T10:00:00Z, overage 0");
        (await ada.TryAdmitAsync(Requests.Twelve)).Refused(402, "INSUFFICIENT_CREDITS");
    }

    /// <summary>A new subscription with an anniversary of its own; a refund into a grant that has expired; the end, which is the free plan.</summary>
    private static async Task AutumnAsync(Customer ada)
    {
        await ada.World.MoveAsync("2025-09-10T09:00:00Z");
        await ada.SubscribeAsync("starter");
        await SeesAsync(ada, "110 = 110 + 0 + 0, starter active, 100 a month, renews 2025-10-10T09:00:00Z, overage 0");
        await ada.World.MoveAsync("2025-10-10T08:30:00Z");
        var late = await ada.AdmitAsync(Requests.FortyFive);
        await ada.World.MoveAsync("2025-10-10T09:10:00Z");
        await SeesAsync(ada, "100 = 100 + 0 + 0, starter active, 100 a month, renews 2025-11-10T09:00:00Z, overage 0");
        await ada.FailAsync(late, "rendering_error");
        await ada.SeesCreditsAsync(145);
        await SeesAsync(ada, "145 = 100 + 0 + 45, starter active, 100 a month, renews 2025-11-10T09:00:00Z, overage 0");
        await ada.World.MoveAsync("2025-11-20T00:00:00Z");
        await SeesAsync(ada, "100 = 100 + 0 + 0, starter active, 100 a month, renews 2025-12-10T09:00:00Z, overage 0");
        await ada.AdminAsync(HttpMethod.Delete, "subscription");
        await SeesAsync(ada, "100 = 100 + 0 + 0, starter canceled, 100 a month, renews null, overage 0");
        await ada.World.MoveAsync("2026-01-31T10:00:00Z");
        await SeesAsync(ada, "10 = 10 + 0 + 0, free active, 10 a month, renews 2026-02-10T09:00:00Z, overage 0");
        (await ada.TryAdmitAsync(Requests.Twelve)).Refused(402, "INSUFFICIENT_CREDITS");
    }

    /// <summary>Admits and completes.</summary>
    private static async Task<Answer> GenerateAsync(Customer customer, string request, decimal left)
    {
        var completed = await customer.CompleteAsync(await customer.AdmitAsync(request));
        Assert.Equal(left, completed.Number("credits"));
        return completed;
    }

    private static async Task ApproveAsync(Customer customer, Answer generation)
    {
        var asked = (await customer.Own.PostAsync("refunds", Json.Of(new { generation_id = generation.Text("id"), reason = "quality_issue" }))).Is(202);
        (await customer.World.Operator.PostAsync($"admin/refunds/{asked.Text("id")}/approve")).Is(200);
        await Eventually.SeeAsync(() => customer.Session.GetAsync($"refunds/{asked.Text("id")}"), refund => refund.Text("status") == "succeeded");
    }

    private static async Task SeesAsync(Customer customer, string expected)
    {
        var credits = await customer.CreditsAsync();
        Assert.Equal(expected, string.Create(CultureInfo.InvariantCulture, $"""
            {credits.Text("credits")} = {credits.Text("plan_credits")} + {credits.Text("top_up_credits")} + {credits.Text("bonus_credits")}, {credits.Text("plan")} {credits.Text("plan_status")}, {credits.Text("monthly_allowance")} a month, renews {credits.Text("renews_at")}, overage {credits.Text("overage_used")}
            """));
    }

    private static async Task InvoicesAsync(Customer customer, params string[] expected)
    {
        var invoices = (await customer.AdminAsync(HttpMethod.Get, "invoices")).At("invoices").EnumerateArray().Select(invoice =>
        {
            var line = Assert.Single(invoice.GetProperty("lines").EnumerateArray());
            return $"{invoice.GetProperty("month")}: {line.GetProperty("units")} of {line.GetProperty("plan")} at {Minor(line, "unit_price")} = {Minor(line, "amount")}, less {Minor(invoice, "credit")} = {Minor(invoice, "total")}";
        });
        Assert.Equal(expected, invoices);
    }

    private static long Minor(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetProperty("amount_minor").GetInt64();
}
