using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary><c>complete</c>, <c>fail</c>, <c>heartbeat</c>, and what happens when none of them comes.</summary>
public sealed class SettleTests
{
    [Fact]
    public async Task Completing_ends_a_generation_once()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync(Requests.Bloom("4K", 3));
        var completed = await customer.CompleteAsync(admitted);
        completed.Shows($$"""
            {
              "id": "{{admitted.Text("id")}}", "status": "completed", "cost": 6, "charged": { "credits": 6, "overage_units": 0, "overage": null }, "credits": 4,
              "workspace_id": "{{customer.WorkspaceId}}", "test_mode": false, "entitlements": "*", "expires_at": "2025-11-01T01:00:00Z", "breakdown": "*",
              "units": 3, "succeeded_units": 3, "refunded": 0, "reason": null, "created_at": "2025-11-01T00:00:00Z", "settled_at": "2025-11-01T00:00:00Z", "key_id": "*", "member_id": "*"
            }
            """);
        Assert.Equal(completed.Body, (await customer.CompleteAsync(admitted)).Body);
        Assert.Equal(completed.Body, (await customer.CompleteAsync(admitted, 3)).Body);
        (await SettleAsync(customer, admitted, "fail", """{"reason": "server_error"}""")).Refused(409, "ALREADY_SETTLED");
        (await SettleAsync(customer, admitted, "complete", """{"succeeded_units": 2}""")).Refused(409, "ALREADY_SETTLED");
        (await SettleAsync(customer, admitted, "heartbeat")).Refused(409, "ALREADY_SETTLED");
        Assert.Equal(4, await customer.LeftAsync());
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(1, 4)]
    [InlineData(0, 6)]
    public async Task What_was_not_delivered_is_refunded_pro_rata(int succeeded, int refunded)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync(Requests.Bloom("4K", 3));
        var completed = await customer.CompleteAsync(admitted, succeeded);
        Assert.Equal(succeeded, completed.Number("succeeded_units"));
        completed.Shows($$"""{ "amount": {{refunded}}, "overage_units": 0, "status": "pending" }""", "refund");
        await customer.SeesCreditsAsync(4 + refunded);
        var generation = (await customer.Own.GetAsync($"generations/{admitted.Text("id")}")).Is(200);
        Assert.Equal(("completed", refunded), (generation.Text("status"), generation.Number("refunded")));
        generation.Shows($$"""{ "amount": {{refunded}}, "overage_units": 0, "status": "succeeded" }""", "refund");
        var entry = await customer.HistoryAsync("limit=1&type=refund");
        Assert.Equal((1, refunded, 4 + refunded), (entry.Number("total"), entry.Number("transactions.0.amount"), entry.Number("transactions.0.balance_after")));
    }

    [Theory]
    [InlineData("""{"succeeded_units": 4}""")]
    [InlineData("""{"succeeded_units": -1}""")]
    [InlineData("""{"succeeded_units": 1.5}""")]
    [InlineData("""{"succeeded_units": "3"}""")]
    [InlineData("""{"succeeded_units": 1e30}""")]
    public async Task Units_that_were_not_asked_for_cannot_succeed(string body)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync(Requests.Bloom("4K", 3));
        (await SettleAsync(customer, admitted, "complete", body)).Names("succeeded_units");
        Assert.Equal("running", (await customer.Own.GetAsync($"generations/{admitted.Text("id")}")).Text("status"));
    }

    [Theory]
    [InlineData("server_error")]
    [InlineData("rendering_error")]
    [InlineData("invalid_input")]
    public async Task A_failure_that_is_not_the_customers_is_refunded(string reason)
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        var admitted = await customer.AdmitAsync(Requests.Six);
        var failed = await customer.FailAsync(admitted, reason);
        Assert.Equal(("failed", reason, "2025-11-01T00:00:00Z"), (failed.Text("status"), failed.Text("reason"), failed.Text("settled_at")));
        await customer.SeesCreditsAsync(100);
        (await customer.HistoryAsync("limit=1")).Shows(
            $$"""
            {
              "id": "txn_*", "type": "refund", "amount": 6, "balance_after": 100, "description": "Refund: {{admitted.Text("id")}}",
              "metadata": { "generation_id": "{{admitted.Text("id")}}", "refund_id": "rfd_*", "reason": "{{reason}}" }, "created_at": "2025-11-01T00:00:00Z", "key_id": "*", "member_id": "*"
            }
            """,
            "transactions.0");
        (await customer.Own.GetAsync("credits/balance")).Shows("""{ "total_spent": 0, "average_per_video": 0 }""", "usage");

        await customer.FailAsync(admitted, reason);
        (await SettleAsync(customer, admitted, "complete")).Refused(409, "ALREADY_SETTLED");
        Assert.Equal(100, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("user_error")]
    [InlineData("content_policy")]
    public async Task A_failure_of_the_customers_own_doing_is_not(string reason)
    {
        var customer = await (await World.Shared).CustomerAsync("gleam");
        var admitted = await customer.AdmitAsync(Requests.Image);
        Assert.Equal("failed", (await customer.FailAsync(admitted, reason)).Text("status"));
        await customer.AdmitAsync(Requests.Image);
        await customer.RefundedAsync();
        Assert.Equal(98, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"reason": "quality_issue"}""")]
    [InlineData("""{"reason": 7}""")]
    [InlineData("""{"reason": null}""")]
    public async Task A_failure_needs_a_reason(string body)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync(Requests.Small);
        (await SettleAsync(customer, admitted, "fail", body)).Names("reason");
    }

    [Fact]
    public async Task Many_settlements_at_once_have_one_winner()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync(Requests.Bloom("4K", 3));
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i % 2 == 0
            ? SettleAsync(customer, admitted, "complete")
            : SettleAsync(customer, admitted, "fail", """{"reason": "server_error"}""")));
        Assert.Equal(6, answers.Count(answer => answer.Status == 200));
        Assert.Equal(6, answers.Count(answer => answer.Status == 409));
        var failed = (await customer.Own.GetAsync($"generations/{admitted.Text("id")}")).Text("status") == "failed";
        await customer.SeesCreditsAsync(failed ? 10 : 4);
    }

    [Fact]
    public async Task A_generation_that_nobody_settles_expires_and_is_refunded()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync(Requests.Bloom("4K", 3));
        await world.MoveAsync("2025-11-01T00:59:59.999Z");
        Assert.Equal("running", (await customer.Own.GetAsync($"generations/{admitted.Text("id")}")).Text("status"));
        await world.MoveAsync("2025-11-01T01:00:00Z");
        (await world.Operator.PostAsync("admin/jobs/expirations")).Is(200);
        await customer.SeesCreditsAsync(10);
        var expired = await customer.Own.GetAsync($"generations/{admitted.Text("id")}");
        Assert.Equal(("expired", "2025-11-01T01:00:00Z", 6), (expired.Text("status"), expired.Text("settled_at"), expired.Number("refunded")));
        (await SettleAsync(customer, admitted, "complete")).Refused(409, "ALREADY_SETTLED");
    }

    [Fact]
    public async Task A_heartbeat_extends_it_for_an_hour_from_then()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync(Requests.Small);
        await world.MoveAsync("2025-11-01T00:50:00Z");
        Assert.Equal("2025-11-01T01:50:00Z", (await SettleAsync(customer, admitted, "heartbeat")).Is(200).Text("expires_at"));
        await world.MoveAsync("2025-11-01T01:49:00Z");
        Assert.Equal("completed", (await customer.CompleteAsync(admitted)).Text("status"));
        Assert.Equal(9, await customer.LeftAsync());
    }

    [Fact]
    public async Task Settling_is_never_refused_for_want_of_requests()
    {
        var customer = await (await (await World.Shared).CustomerAsync("bloom")).LimitedAsync(1);
        var admitted = await customer.AdmitAsync(Requests.Small);
        (await customer.TryAdmitAsync(Requests.Small)).Refused(429, "TOO_MANY_REQUESTS");
        var completed = await customer.CompleteAsync(admitted);
        Assert.Equal("0", completed.Header("X-RateLimit-Remaining"));
    }

    [Fact]
    public async Task The_service_settles_without_the_customers_key()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom");
        var admitted = await customer.AdmitAsync(Requests.Small);
        (await world.Service().PostAsync($"generations/{admitted.Text("id")}/complete")).Is(200);
    }

    private static Task<Answer> SettleAsync(Customer customer, Answer admitted, string how, string? body = null) =>
        customer.Service.PostAsync($"generations/{admitted.Text("id")}/{how}", body);
}
