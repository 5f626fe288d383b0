using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Admin;

/// <summary>News of payments, as a provider's webhooks bring them: late, twice, in any order.</summary>
public sealed class PaymentTests
{
    [Fact]
    public async Task A_payment_that_succeeded_before_does_not_resume_what_a_newer_one_paused()
    {
        await using var world = await World.StartAsync("2025-11-01T00:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        (await PayAsync(customer, "succeeded", "inv_1")).Shows("""{ "applied": true, "plan_status": "active" }""");
        await world.MoveAsync("2025-12-01T00:00:00Z");
        (await PayAsync(customer, "failed", "inv_2")).Shows("""{ "applied": true, "plan_status": "paused" }""");
        (await PayAsync(customer, "succeeded", "inv_1")).Shows("""{ "applied": false, "plan_status": "paused" }""");
        (await customer.TryAdmitAsync(Requests.Six)).Refused(402, "PAYMENT_REQUIRED");
        (await PayAsync(customer, "succeeded", "inv_2")).Shows("""{ "applied": true, "plan_status": "active" }""");
        (await PayAsync(customer, "pending", "inv_2")).Shows("""{ "applied": false, "plan_status": "active" }""");
        await customer.AdmitAsync(Requests.Six);
    }

    [Fact]
    public async Task The_time_of_a_payment_is_what_the_reporter_says()
    {
        await using var world = await World.StartAsync("2025-11-10T00:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        await PayAsync(customer, "succeeded", "inv_2", "2025-11-09T12:00:00+02:00");
        Assert.Equal("active", (await PayAsync(customer, "failed", "inv_1", "2025-11-09T09:59:59Z")).Text("plan_status"));
        Assert.Equal("paused", (await PayAsync(customer, "failed", "inv_3", "2025-11-09T10:00:01Z")).Text("plan_status"));
        await customer.AdminAsync(HttpMethod.Post, "payments", new { status = "failed", reference = "inv_4", occurred_at = "2025-11-11T00:00:00Z" }, 400);
    }

    [Fact]
    public async Task A_free_plan_has_nothing_to_be_unpaid()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        (await PayAsync(customer, "failed", "inv_1")).Shows("""{ "applied": false, "plan_status": "active" }""");
        await customer.AdmitAsync(Requests.Six);
    }

    [Fact]
    public async Task A_dispute_pauses_until_it_is_won()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await PayAsync(customer, "succeeded", "inv_1");
        Assert.Equal("paused", (await PayAsync(customer, "disputed", "inv_1")).Text("plan_status"));
        Assert.Equal("active", (await PayAsync(customer, "won", "inv_1")).Text("plan_status"));
        Assert.Equal("paused", (await PayAsync(customer, "refunded", "inv_1")).Text("plan_status"));
    }

    private static Task<Answer> PayAsync(Customer customer, string status, string reference, string? occurredAt = null) =>
        customer.AdminAsync(HttpMethod.Post, "payments", new { status, reference, occurred_at = occurredAt });
}
