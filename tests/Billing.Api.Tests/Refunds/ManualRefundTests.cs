using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Refunds;

/// <summary><c>POST /refunds</c>: a customer asks, an operator decides, the queue carries it out.</summary>
public sealed class ManualRefundTests
{
    [Theory]
    [InlineData("quality_issue")]
    [InlineData("incorrect_charge")]
    [InlineData("technical_problem")]
    public async Task An_approved_request_gives_the_credits_back(string reason)
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        var generation = await customer.CompleteAsync(await customer.AdmitAsync(Requests.Six));
        var asked = await AskAsync(customer, generation, reason, "Blurred");
        asked.Is(202).Shows(Expected(generation, reason, "pending_review", "null"));
        (await customer.Own.GetAsync($"refunds/{asked.Text("id")}")).Is(200).Shows(Expected(generation, reason, "pending_review", "null"));
        Assert.Equal(94, await customer.LeftAsync());

        (await customer.World.Operator.PostAsync($"admin/refunds/{asked.Text("id")}/approve")).Is(200).Shows(Expected(generation, reason, "pending", "null"));
        await customer.SeesCreditsAsync(100);
        (await customer.Session.GetAsync($"refunds/{asked.Text("id")}")).Is(200).Shows(Expected(generation, reason, "succeeded", "\"2025-11-01T00:00:00Z\""));
        Assert.Equal(6, (await customer.Own.GetAsync($"generations/{generation.Text("id")}")).Number("refunded"));

        // Asking and approving again changes nothing.
        Assert.Equal("succeeded", (await AskAsync(customer, generation, reason)).Is(202).Text("status"));
        Assert.Equal("succeeded", (await customer.World.Operator.PostAsync($"admin/refunds/{asked.Text("id")}/approve", "{}")).Is(200).Text("status"));
        (await customer.World.Operator.PostAsync($"admin/refunds/{asked.Text("id")}/deny")).Refused(409, "CONFLICT");
        await customer.RefundedAsync();
        Assert.Equal(100, await customer.LeftAsync());
    }

    [Fact]
    public async Task A_denied_request_gives_nothing_back()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var generation = await customer.CompleteAsync(await customer.AdmitAsync(Requests.Small));
        var id = (await AskAsync(customer, generation, "quality_issue")).Is(202).Text("id");
        var denied = (await customer.World.Operator.PostAsync($"admin/refunds/{id}/deny")).Is(200);
        Assert.Equal(("denied", "2025-11-01T00:00:00Z"), (denied.Text("status"), denied.Text("ended_at")));
        (await customer.World.Operator.PostAsync($"admin/refunds/{id}/approve")).Refused(409, "CONFLICT");
        Assert.Equal(9, await customer.LeftAsync());
    }

    [Theory]
    [InlineData("user_error")]
    [InlineData("content_policy")]
    [InlineData("not_as_expected")]
    public async Task Some_reasons_are_not_eligible(string reason)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var generation = await customer.CompleteAsync(await customer.AdmitAsync(Requests.Small));
        (await AskAsync(customer, generation, reason)).Refused(422, "REFUND_NOT_ELIGIBLE").Shows("""{ "support": "*", "sales": "*" }""", "data.contact");
    }

    [Fact]
    public async Task What_was_refunded_already_is_not_eligible()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var generation = await customer.FailAsync(await customer.AdmitAsync(Requests.Small));
        (await AskAsync(customer, generation, "quality_issue")).Refused(422, "REFUND_NOT_ELIGIBLE");
    }

    [Fact]
    public async Task After_a_partial_delivery_the_rest_can_be_asked_for()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var generation = await customer.CompleteAsync(await customer.AdmitAsync(Requests.Bloom("4K", 3)), 2);
        await customer.SeesCreditsAsync(6);
        var asked = (await AskAsync(customer, generation, "quality_issue")).Is(202);
        Assert.Equal(4, asked.Number("credits"));
        (await customer.World.Operator.PostAsync($"admin/refunds/{asked.Text("id")}/approve")).Is(200);
        await customer.SeesCreditsAsync(10);
    }

    [Fact]
    public async Task A_running_generation_is_too_early()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await AskAsync(customer, await customer.AdmitAsync(Requests.Small), "quality_issue")).Refused(409, "CONFLICT");
    }

    [Theory]
    [InlineData("""{"reason": "quality_issue"}""", "generation_id")]
    [InlineData("""{"generation_id": 1, "reason": "quality_issue"}""", "generation_id")]
    [InlineData("""{"generation_id": "gen_x"}""", "reason")]
    [InlineData("""{"generation_id": "gen_x", "reason": "because"}""", "reason")]
    [InlineData("""{"generation_id": "gen_x", "reason": "quality_issue", "notes": ""}""", "notes")]
    public async Task What_is_wrong_with_a_request_is_named(string request, string field)
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Own.PostAsync("refunds", request)).Names(field);
    }

    [Fact]
    public async Task Nobody_elses_generations_and_refunds_can_be_seen()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var generation = await ada.CompleteAsync(await ada.AdmitAsync(Requests.Small));
        var id = (await AskAsync(ada, generation, "quality_issue")).Is(202).Text("id");
        (await AskAsync(bob, generation, "quality_issue")).Refused(404, "NOT_FOUND");
        (await bob.Own.GetAsync($"refunds/{id}")).Refused(404, "NOT_FOUND");
        (await ada.Own.GetAsync("refunds/rfd_x")).Refused(404, "NOT_FOUND");
        (await world.Operator.PostAsync("admin/refunds/rfd_x/approve")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_refund_of_overage_that_is_not_invoiced_is_taken_off_the_month()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        await customer.AdmitAsync(Requests.Ninety);
        var first = await customer.CompleteAsync(await customer.AdmitAsync(Requests.FortyFive));
        await customer.AdmitAsync(Requests.FortyFive);
        Assert.Equal(2, (await customer.CreditsAsync()).Number("overage_used"));
        var asked = (await AskAsync(customer, first, "incorrect_charge")).Is(202);
        Assert.Equal((10, 1), (asked.Number("credits"), asked.Number("overage_units")));
        (await customer.World.Operator.PostAsync($"admin/refunds/{asked.Text("id")}/approve")).Is(200);
        var credits = await Eventually.SeeAsync(customer.CreditsAsync, seen => seen.Number("overage_used") == 1);
        Assert.Equal(10, credits.Number("credits"));
    }

    private static Task<Answer> AskAsync(Customer customer, Answer generation, string reason, string? note = null) =>
        customer.Own.PostAsync("refunds", Json.Of(new { generation_id = generation.Text("id"), reason, note }));

    private static string Expected(Answer generation, string reason, string status, string endedAt) => $$"""
        {
          "id": "rfd_*", "generation_id": "{{generation.Text("id")}}", "status": "{{status}}", "reason": "{{reason}}", "note": "Blurred",
          "credits": 6, "overage_units": 0, "created_at": "2025-11-01T00:00:00Z", "ended_at": {{endedAt}}
        }
        """;
}
