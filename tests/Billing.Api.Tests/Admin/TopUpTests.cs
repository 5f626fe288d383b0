using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Admin;

/// <summary>Top-ups, their reversal, and grants.</summary>
public sealed class TopUpTests
{
    [Fact]
    public async Task A_top_up_is_counted_once_for_its_payment()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        var first = await customer.TopUpAsync(50, "ch_1");
        first.Shows("""{ "id": "top_*", "credits": 50, "reference": "ch_1", "paid": null, "source": "operator", "created_at": "2025-11-01T00:00:00Z", "left": 50, "reversals": [] }""");
        Assert.Equal(first.Body, (await customer.TopUpAsync(50, "ch_1")).Body);
        await customer.AdminAsync(HttpMethod.Post, "top-ups", new { credits = 60, reference = "ch_1" }, 409);
        await customer.TopUpAsync(20, "ch_2");
        Assert.Equal((80, 70), (await customer.CreditsAsync()) is var credits ? (credits.Number("credits"), credits.Number("top_up_credits")) : default);
        (await customer.HistoryAsync("limit=1")).Shows(
            """
            {
              "id": "txn_*", "type": "purchase", "amount": 20, "balance_after": 80, "description": "Top-up: 20 credits",
              "metadata": { "reference": "ch_2", "top_up_id": "top_*" }, "created_at": "2025-11-01T00:00:00Z"
            }
            """,
            "transactions.0");
    }

    [Fact]
    public async Task The_same_payment_at_once_counts_once()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => customer.TopUpAsync(50, "ch_1")));
        Assert.Equal(60, await customer.LeftAsync());
    }

    [Fact]
    public async Task A_reversal_takes_what_is_unspent_and_remembers_the_rest_as_a_debt()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var topUp = (await customer.TopUpAsync(50, "ch_1")).Text("id");
        await customer.AdmitAsync(Requests.Bloom("4K", 15));
        var reversed = await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Charge-back" });
        reversed.Shows($$"""
            {
              "id": "{{topUp}}", "credits": 50, "reference": "ch_1", "paid": null, "source": "operator", "created_at": "2025-11-01T00:00:00Z", "left": 0,
              "reversals": [{ "reason": "Charge-back", "taken": 30, "debt": 20, "at": "2025-11-01T00:00:00Z", "reference": null, "reinstated_at": null }]
            }
            """);
        Assert.Equal(reversed.Body, (await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Charge-back" })).Body);
        Assert.Equal(0, await customer.LeftAsync());

        // What is granted later repays it first.
        await customer.GrantAsync(5);
        Assert.Equal(0, await customer.LeftAsync());
        await customer.TopUpAsync(40);
        Assert.Equal(25, await customer.LeftAsync());
        var history = await customer.HistoryAsync("type=adjustment");
        Assert.Equal([-15, -5, -30], history.At("transactions").EnumerateArray().Select(entry => entry.GetProperty("amount").GetDecimal()));
    }

    [Fact]
    public async Task While_a_debt_is_open_nothing_is_free_and_a_won_dispute_gives_all_back()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        var topUp = (await customer.TopUpAsync(50, "ch_1")).Text("id");
        await customer.AdmitAsync(Requests.FortyFive);
        await customer.AdmitAsync(Requests.Ninety);
        await customer.GrantAsync(5);
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Charge-back", reference = "dp_1" });
        Assert.Equal((0, 30), (await customer.CreditsAsync()) is var credits ? (credits.Number("credits"), credits.Number("debt")) : default);
        (await customer.TryAdmitAsync(Requests.Six)).Refused(402, "INSUFFICIENT_CREDITS").Shows("""{ "required": 6, "available": 0, "shortfall": 36, "debt": 30, "action_url": "*" }""", "data");
        (await customer.Own.PostAsync("generations/check", Requests.Six)).Is(200).Shows("""{ "allowed": false, "cost": 6, "credits": 0, "shortfall": 36, "code": "INSUFFICIENT_CREDITS", "overage": false, "entitlements": "?" }""");
        await (await customer.WithKeyAsync("test")).AdmitAsync(Requests.Six);

        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reinstate", new { reference = "dp_2" }, 409);
        var reinstated = await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reinstate", new { reference = "dp_1" });
        Assert.Equal(("dp_1", "2025-11-01T00:00:00Z"), (reinstated.Text("reversals.0.reference"), reinstated.Text("reversals.0.reinstated_at")));
        Assert.Equal(reinstated.Body, (await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reinstate", new { reference = "dp_1" })).Body);
        Assert.Equal((20, 0), (await customer.CreditsAsync()) is var left ? (left.Number("credits"), left.Number("debt")) : default);
    }

    [Fact]
    public async Task A_part_of_a_top_up_is_reversed_by_a_reference_of_its_own()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var topUp = (await customer.TopUpAsync(50, "ch_1")).Text("id");
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Refund", credits = 20 }, 400);
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Refund", credits = 20, reference = "re_1" });
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Refund", credits = 20, reference = "re_1" });
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Refund", credits = 31, reference = "re_2" }, 409);
        Assert.Equal(40, await customer.LeftAsync());
    }

    [Fact]
    public async Task Every_reversal_is_shown_with_what_became_of_it_and_what_is_left()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var topUp = (await customer.TopUpAsync(50, "ch_1")).Text("id");
        await customer.AdmitAsync(Requests.Bloom("4K", 15));
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Refund", credits = 12.5, reference = "re_1" });
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Dispute", credits = 20, reference = "dp_1" });
        await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reinstate", new { reference = "dp_1" });
        var last = await customer.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "Refund", credits = 37.5 });
        Assert.Equal((0, -20), (last.Number("left"), (await customer.CreditsAsync()) is var left ? left.Number("credits") - left.Number("debt") : default));
        last.Shows(
            """
            [
              { "reason": "Refund", "taken": 12.5, "debt": 0, "at": "2025-11-01T00:00:00Z", "reference": "re_1", "reinstated_at": null },
              { "reason": "Dispute", "taken": 17.5, "debt": 2.5, "at": "2025-11-01T00:00:00Z", "reference": "dp_1", "reinstated_at": "2025-11-01T00:00:00Z" },
              { "reason": "Refund", "taken": 17.5, "debt": 20, "at": "2025-11-01T00:00:00Z", "reference": null, "reinstated_at": null }
            ]
            """,
            "reversals");
        await customer.AuditAsync();
    }

    [Fact]
    public async Task What_was_paid_is_said_once_and_kept()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        object Paid(long cents, string currency = "USD") => new { credits = 50, reference = "ch_1", paid = new { amount_minor = cents, currency } };
        var first = await customer.AdminAsync(HttpMethod.Post, "top-ups", Paid(2_450), 201);
        first.Shows("""{ "amount_minor": 2450, "currency": "USD" }""", "paid");
        Assert.Equal(first.Body, (await customer.AdminAsync(HttpMethod.Post, "top-ups", Paid(2_450), 201)).Body);
        await customer.AdminAsync(HttpMethod.Post, "top-ups", Paid(2_451), 409);
        await customer.AdminAsync(HttpMethod.Post, "top-ups", Paid(2_450, "EUR"), 409);
        await customer.AdminAsync(HttpMethod.Post, "top-ups", new { credits = 50, reference = "ch_1" }, 409);
        foreach (var (bad, field) in new (object Paid, string Field)[]
        {
            (new { amount_minor = -1, currency = "USD" }, "paid.amount_minor"), (new { amount_minor = 1.5, currency = "USD" }, "paid.amount_minor"),
            (new { amount_minor = 1, currency = "usd" }, "paid.currency"), (new { currency = "USD" }, "paid.amount_minor"), (24.50, "paid"),
            (new { amount_minor = 1, currency = "USD", tax = 1 }, "paid.tax"),
        })
        {
            var refused = await customer.AdminAsync(HttpMethod.Post, "top-ups", new { credits = 50, reference = "ch_2", paid = bad }, 400);
            Assert.Contains(field, refused.At("errors").EnumerateObject().Select(error => error.Name));
        }

        Assert.Equal(150, await customer.LeftAsync());
        await customer.AdminAsync(HttpMethod.Post, "payments", new { status = "failed", reference = "pi_1", paid = new { amount_minor = 2900, currency = "USD" } }, 400);
        await customer.AdminAsync(HttpMethod.Post, "payments", new { status = "succeeded", reference = "pi_1", paid = new { amount_minor = 2900, currency = "USD" } });
        await customer.AdminAsync(HttpMethod.Post, "payments", new { status = "disputed", reference = "pi_1", paid = new { amount_minor = 1, currency = "USD" } }, 409);
        await customer.AuditAsync();
    }

    [Fact]
    public async Task A_top_up_that_is_not_there_cannot_be_reversed()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var topUp = (await ada.TopUpAsync(50)).Text("id");
        await bob.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { reason = "x" }, 404);
        await ada.AdminAsync(HttpMethod.Post, "top-ups/top_x/reverse", new { reason = "x" }, 404);
        await ada.AdminAsync(HttpMethod.Post, $"top-ups/{topUp}/reverse", new { }, 400);
        Assert.Equal((60, 10), (await ada.LeftAsync(), await bob.LeftAsync()));
    }

    [Fact]
    public async Task A_grant_is_a_bonus_until_it_expires()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        (await customer.GrantAsync(7.5m, "2025-11-08T00:00:00Z")).Shows("""
            {
              "transaction_id": "txn_*", "credits": 7.5, "expires_at": "2025-11-08T00:00:00Z", "reason": "Goodwill", "balance_after": 17.5, "created_at": "2025-11-01T00:00:00Z"
            }
            """);
        (await customer.HistoryAsync("type=grant&limit=1")).Shows(
            """{ "id": "txn_*", "type": "grant", "amount": 7.5, "balance_after": 17.5, "description": "Goodwill", "metadata": {}, "created_at": "2025-11-01T00:00:00Z" }""",
            "transactions.0");
        await world.MoveAsync("2025-11-07T23:59:59.999Z");
        Assert.Equal(17.5m, (await customer.CreditsAsync()).Number("bonus_credits"));
        await world.MoveAsync("2025-11-08T00:00:00Z");
        Assert.Equal(10, await customer.LeftAsync());
    }
}
