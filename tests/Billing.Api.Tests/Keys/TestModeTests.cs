using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Keys;

/// <summary>Test keys: the same checks and rate limits, nothing charged, nothing counted.</summary>
public sealed class TestModeTests
{
    [Fact]
    public async Task A_test_generation_is_free_watermarked_and_low()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "pro", environment: "test");
        var admitted = await customer.AdmitAsync(Requests.FortyFive);
        admitted.Shows("""{ "credits": 0, "overage_units": 0, "overage": null }""", "charged");
        Assert.Equal(("true", 45, 500), (admitted.Text("test_mode"), admitted.Number("cost"), admitted.Number("credits")));
        admitted.Shows(
            """{ "watermark": true, "quality": "low", "priority": "low", "support": "priority", "custom_branding": true, "custom_templates": false, "sla": false }""", "entitlements");
        Assert.Equal("true", (await customer.Own.GetAsync("credits")).Text("test_mode"));
        (await customer.Own.GetAsync("credits/balance")).Shows("""{ "total_spent": 0, "average_per_video": 0 }""", "usage");
        Assert.Equal(0, (await customer.HistoryAsync("type=deduction")).Number("total"));
    }

    [Fact]
    public async Task Test_generations_are_unlimited_and_settle_without_refunds()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", environment: "test");
        for (var i = 0; i < 3; i++)
        {
            var admitted = await customer.AdmitAsync(Requests.Ninety);
            var failed = await customer.FailAsync(admitted);
            Assert.Equal(("failed", 0), (failed.Text("status"), failed.Number("refunded")));
        }

        var completed = await customer.CompleteAsync(await customer.AdmitAsync(Requests.Six));
        (await customer.Own.PostAsync("refunds", Json.Of(new { generation_id = completed.Text("id"), reason = "quality_issue" }))).Refused(422, "REFUND_NOT_ELIGIBLE");
        await customer.RefundedAsync();
        Assert.Equal((10, 1), (await customer.LeftAsync(), (await customer.HistoryAsync()).Number("total")));
    }

    [Fact]
    public async Task Limits_hold_for_test_keys_too()
    {
        var customer = await (await World.Shared).CustomerAsync("gleam", environment: "test");
        (await customer.TryAdmitAsync("""{"template": "poster"}""")).Refused(403, "TEMPLATE_NOT_IN_PLAN");
        (await customer.TryAdmitAsync("""{"width": 5001}""")).Refused(422, "DIMENSIONS_TOO_LARGE");
        (await customer.TryAdmitAsync("""{"wide": 5}""")).Names("wide");
        for (var i = 0; i < 5; i++)
        {
            await customer.CompleteAsync(await customer.AdmitAsync(Requests.Image));
        }

        (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "TOO_MANY_REQUESTS");
    }

    [Fact]
    public async Task A_test_batch_charges_nothing()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", environment: "test");
        var batch = (await customer.Service.PostAsync("generations/batch", """{"items": [{"size": "4K", "variant_count": 20}, {"size": "2K"}]}""")).Is(201);
        Assert.Equal((0, 10, "true"), (batch.Number("charged.credits"), batch.Number("credits"), batch.Text("test_mode")));
    }

    [Fact]
    public async Task A_check_says_what_admit_would()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom", environment: "test");
        var check = (await customer.Own.PostAsync("generations/check", Requests.Bloom("4K", 20))).Is(200);
        Assert.Equal(("true", "null", "true"), (check.Text("allowed"), check.Text("code"), check.Text("entitlements.watermark")));
    }
}
