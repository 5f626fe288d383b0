using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Admin;

/// <summary>Starting, changing, pausing and ending a subscription, by the clock.</summary>
public sealed class SubscriptionTests
{
    [Fact]
    public async Task A_subscription_tells_its_period()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.SubscribeAsync("scale", 750)).Shows("""
            {
              "plan": "scale", "plan_status": "active", "monthly_allowance": 750, "next_plan": null, "next_monthly_allowance": null,
              "started_at": "2025-11-01T00:00:00Z", "period_starts_at": "2025-11-01T00:00:00Z", "period_ends_at": "2025-12-01T00:00:00Z",
              "cancel_at_period_end": false
            }
            """);
    }

    [Fact]
    public async Task A_start_in_the_past_sets_the_anniversary()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var started = await customer.SubscribeAsync("plus", startedAt: "2025-08-31T15:00:00+02:00");
        Assert.Equal(
            ("2025-08-31T13:00:00Z", "2025-10-31T13:00:00Z", "2025-11-30T13:00:00Z"),
            (started.Text("started_at"), started.Text("period_starts_at"), started.Text("period_ends_at")));
        Assert.Equal(60, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("2025-01-31T09:00:00Z", "2025-02-28T09:00:00Z", "2025-03-31T09:00:00Z", "2025-04-30T09:00:00Z")]
    [InlineData("2024-01-30T23:59:59Z", "2024-02-29T23:59:59Z", "2024-03-30T23:59:59Z", "2024-04-30T23:59:59Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-03-29T00:00:00Z", "2024-04-29T00:00:00Z", "2024-05-29T00:00:00Z")]
    [InlineData("2025-10-31T23:59:59Z", "2025-11-30T23:59:59Z", "2025-12-31T23:59:59Z", "2026-01-31T23:59:59Z")]
    public async Task Plan_credits_renew_on_the_anniversary_and_do_not_roll_over(string start, string first, string second, string third)
    {
        await using var world = await World.StartAsync(start);
        var customer = await world.CustomerAsync("bloom", "plus");
        await customer.TopUpAsync(20);
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Bloom("2K", 15)));
        var renewals = 1;
        foreach (var anniversary in new[] { first, second, third })
        {
            Assert.Equal(anniversary, (await customer.CreditsAsync()).Text("renews_at"));
            await world.MoveAsync(DateTimeOffset.Parse(anniversary, null).AddMilliseconds(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null));
            Assert.Equal(35 + 30, await customer.LeftAsync());
            await world.MoveAsync(anniversary);
            Assert.Equal(50 + 30, await customer.LeftAsync());
            var history = await customer.HistoryAsync("type=purchase");
            Assert.Equal(
                (++renewals + 1, "Monthly renewal: Plus plan", 50, anniversary),
                (history.Number("total"), history.Text("transactions.0.description"), history.Number("transactions.0.amount"), history.Text("transactions.0.created_at")));
            var expiry = await customer.HistoryAsync("type=renewal_expiry&limit=1");
            Assert.Equal((-35, 30, anniversary), (expiry.Number("transactions.0.amount"), expiry.Number("transactions.0.balance_after"), expiry.Text("transactions.0.created_at")));
            await customer.CompleteAsync(await customer.AdmitAsync(Requests.Bloom("2K", 15)));
        }
    }

    [Fact]
    public async Task Missed_months_grant_the_current_one_only_and_the_ledger_says_so()
    {
        await using var world = await World.StartAsync("2025-01-15T08:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await world.MoveAsync("2025-05-20T00:00:00Z");
        var credits = await customer.CreditsAsync();
        Assert.Equal((100, "2025-06-15T08:00:00Z"), (credits.Number("credits"), credits.Text("renews_at")));
        var history = await customer.HistoryAsync();
        Assert.Equal(["purchase", "renewal_expiry", "deduction", "purchase"], history.At("transactions").EnumerateArray().Select(entry => entry.GetProperty("type").GetString()!));
        history.Shows("""{ "missed_periods": 3 }""", "transactions.0.metadata");
        Assert.Equal("2025-05-15T08:00:00Z", history.Text("transactions.0.created_at"));
    }

    [Fact]
    public async Task From_free_to_paid_is_a_new_subscription_at_once()
    {
        await using var world = await World.StartAsync("2025-11-01T00:00:00Z");
        var customer = await world.CustomerAsync("bluma");
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Four));
        await world.MoveAsync("2025-11-12T10:00:00Z");
        var started = await customer.SubscribeAsync("starter");
        Assert.Equal(("2025-11-12T10:00:00Z", "2025-12-12T10:00:00Z"), (started.Text("started_at"), started.Text("period_ends_at")));
        Assert.Equal(106, await customer.LeftAsync());

        // What is left of the free allowance is kept until its own end.
        await world.MoveAsync("2025-12-01T00:00:00Z");
        Assert.Equal(100, await customer.LeftAsync());
        Assert.Equal(-6, (await customer.HistoryAsync("type=renewal_expiry")).Number("transactions.0.amount"));
    }

    [Fact]
    public async Task A_larger_plan_brings_its_limits_at_once_and_its_credits_with_the_renewal()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.AdmitAsync(Requests.Six);
        var changed = await customer.SubscribeAsync("pro");
        Assert.Equal(("pro", 100, "pro", 500), (changed.Text("plan"), changed.Number("monthly_allowance"), changed.Text("next_plan"), changed.Number("next_monthly_allowance")));
        Assert.Equal((94, "pro"), (await customer.CreditsAsync()) is var credits ? (credits.Number("credits"), credits.Text("plan")) : default);
        var admitted = await customer.AdmitAsync(Requests.Six);
        Assert.Equal(("high", "5000"), (admitted.Text("entitlements.priority"), admitted.Header("X-RateLimit-Limit")));
        await world.MoveAsync("2025-12-01T00:00:00Z");
        Assert.Equal((500, 500), (await customer.CreditsAsync()) is var renewed ? (renewed.Number("credits"), renewed.Number("monthly_allowance")) : default);
    }

    [Theory]
    [InlineData("starter", 100)]
    [InlineData("free", 10)]
    public async Task A_smaller_plan_waits_for_the_renewal_and_takes_nothing(string plan, int allowance)
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "pro");
        await customer.AdmitAsync(Requests.Six);
        var changed = await customer.SubscribeAsync(plan);
        Assert.Equal(("pro", 500, plan, allowance), (changed.Text("plan"), changed.Number("monthly_allowance"), changed.Text("next_plan"), changed.Number("next_monthly_allowance")));
        Assert.Equal((494, "high"), (await customer.AdmitAsync(Requests.Six)) is var admitted ? (admitted.Number("credits") + 6, admitted.Text("entitlements.priority")) : default);
        await world.MoveAsync("2025-12-01T00:00:00Z");
        Assert.Equal((allowance, plan), (await customer.CreditsAsync()) is var renewed ? (renewed.Number("credits"), renewed.Text("plan")) : default);
    }

    [Fact]
    public async Task A_canceled_subscription_falls_to_the_free_plan_with_its_period_and_can_start_again()
    {
        await using var world = await World.StartAsync("2025-11-10T00:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.TopUpAsync(20);
        var canceled = await customer.AdminAsync(HttpMethod.Delete, "subscription");
        Assert.Equal(("canceled", "true", "2025-12-10T00:00:00Z"), (canceled.Text("plan_status"), canceled.Text("cancel_at_period_end"), canceled.Text("period_ends_at")));
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Six));
        await world.MoveAsync("2025-12-10T00:00:00Z");
        var ended = await customer.CreditsAsync();
        Assert.Equal((30, "free", "active", 10, "2026-01-10T00:00:00Z"), (ended.Number("credits"), ended.Text("plan"), ended.Text("plan_status"), ended.Number("monthly_allowance"), ended.Text("renews_at")));
        Assert.Equal(24, (await customer.CompleteAsync(await customer.AdmitAsync(Requests.Six))).Number("credits"));
        (await customer.TryAdmitAsync(Requests.TwentySeven)).Refused(402, "INSUFFICIENT_CREDITS");

        await world.MoveAsync("2025-12-20T07:00:00Z");
        var again = await customer.SubscribeAsync("starter");
        Assert.Equal(("active", "2026-01-20T07:00:00Z"), (again.Text("plan_status"), again.Text("period_ends_at")));
        Assert.Equal(124, await customer.LeftAsync()); // 20 bought, 4 of the free plan until 10 January, 100
    }

    [Fact]
    public async Task A_canceled_subscription_that_still_runs_can_go_on()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.AdminAsync(HttpMethod.Delete, "subscription");
        Assert.Equal("active", (await customer.SubscribeAsync("starter")).Text("plan_status"));
        await world.MoveAsync("2025-12-01T00:00:00Z");
        Assert.Equal(100, await customer.LeftAsync());
    }

    [Fact]
    public async Task A_renewal_that_falls_due_while_paused_is_granted_once_on_resuming()
    {
        await using var world = await World.StartAsync("2025-11-01T00:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await customer.TopUpAsync(20);
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Six));
        await customer.PayAsync("failed");
        await world.MoveAsync("2026-02-14T00:00:00Z");
        var paused = await customer.CreditsAsync();
        Assert.Equal((20, "paused"), (paused.Number("credits"), paused.Text("plan_status")));
        (await customer.TryAdmitAsync(Requests.Six)).Refused(402, "PAYMENT_REQUIRED");

        Assert.Equal("active", (await customer.PayAsync("succeeded")).Text("plan_status"));
        Assert.Equal("2026-03-01T00:00:00Z", (await customer.CreditsAsync()).Text("renews_at"));
        await customer.PayAsync("succeeded");
        Assert.Equal(120, await customer.LeftAsync());
        Assert.Equal(3, (await customer.HistoryAsync("type=purchase")).Number("total"));
        await world.MoveAsync("2026-03-01T00:00:00Z");
        Assert.Equal(120, await customer.LeftAsync());
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_canceled_or_paid()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom");
        await customer.AdminAsync(HttpMethod.Delete, "subscription", status: 409);
        await customer.AdminAsync(HttpMethod.Post, "payments", new { status = "failed", reference = "pi_1" }, 409);
        foreach (var path in new[] { "subscription", "payments", "top-ups", "grants" })
        {
            var body = path switch
            {
                "subscription" => """{"plan": "plus"}""",
                "payments" => """{"status": "failed", "reference": "x"}""",
                "top-ups" => """{"credits": 20, "reference": "x"}""",
                _ => """{"credits": 20, "reason": "x"}""",
            };
            var method = path == "subscription" ? HttpMethod.Put : HttpMethod.Post;
            (await world.Operator.SendAsync(method, $"admin/workspaces/ws_0000000000000000/{path}", body)).Refused(404, "NOT_FOUND");
            (await world.Operator.SendAsync(method, $"admin/workspaces/nothing/{path}", body)).Refused(404, "NOT_FOUND");
        }
    }
}
