using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.PublicDocuments;

/// <summary>gleam's public rules, fact by fact, in the document's order. Where it contradicts itself: docs/decisions/0011.</summary>
public sealed class GleamDocumentTests
{
    private const int FiveMegabytes = 5 * 1024 * 1024;

    private static async Task<Customer> OnAsync(string? plan = null) => await (await World.Shared).CustomerAsync("gleam", plan);

    // Overview

    [Fact]
    public async Task Limits_are_per_api_key()
    {
        var customer = await OnAsync();
        var other = await customer.WithKeyAsync();
        var admitted = await customer.AdmitAsync(Requests.Image);
        Assert.Equal("4", admitted.Header("X-RateLimit-Remaining"));
        await customer.CompleteAsync(admitted);
        Assert.Equal("5", (await other.Own.GetAsync("credits")).Header("X-RateLimit-Remaining"));
    }

    // Plans

    [Theory]
    [InlineData("free", 100)]
    [InlineData("pro", 1000)]
    [InlineData("lifetime", 2000)]
    public async Task Images_per_month(string plan, int images) => Assert.Equal(images, (await (await OnAsync(plan)).CreditsAsync()).Number("credits"));

    [Theory]
    [InlineData("free", "5")]
    [InlineData("pro", "100")]
    [InlineData("lifetime", "200")]
    public async Task Requests_per_hour(string plan, string requests) => Assert.Equal(requests, (await (await OnAsync(plan)).Own.GetAsync("credits")).Header("X-RateLimit-Limit"));

    [Theory]
    [InlineData("free", 1)]
    [InlineData("pro", 5)]
    [InlineData("lifetime", 10)]
    public async Task Concurrent_requests(string plan, int concurrent)
    {
        var customer = await OnAsync(plan);
        for (var i = 0; i < concurrent; i++)
        {
            await customer.AdmitAsync(Requests.Image);
        }

        (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "CONCURRENCY_LIMIT");
    }

    [Fact]
    public async Task One_running_generation_is_one()
    {
        var customer = await OnAsync();
        await customer.AdmitAsync(Requests.Image);
        var refused = (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "CONCURRENCY_LIMIT");
        Assert.Equal("1 generation is running; the plan allows 1 at once.", refused.Text("detail"));
    }

    [Theory]
    [InlineData("free")]
    [InlineData("pro")]
    [InlineData("lifetime")]
    public async Task Files_have_at_most_5_megabytes(string plan)
    {
        var customer = await OnAsync(plan);
        (await customer.TryAdmitAsync(Json.Of(new { file_size_bytes = FiveMegabytes + 1 }))).Refused(413, "FILE_TOO_LARGE");
        await customer.AdmitAsync(Json.Of(new { file_size_bytes = FiveMegabytes }));
    }

    [Fact]
    public async Task A_size_that_is_only_known_at_the_end_is_checked_there()
    {
        var customer = await OnAsync();
        var admitted = await customer.AdmitAsync(Requests.Image);
        var complete = $"generations/{admitted.Text("id")}/complete";
        (await customer.Service.PostAsync(complete, Json.Of(new { file_size_bytes = FiveMegabytes + 1 }))).Refused(413, "FILE_TOO_LARGE");
        Assert.Equal("running", (await customer.Own.GetAsync($"generations/{admitted.Text("id")}")).Text("status"));
        (await customer.Service.PostAsync(complete, Json.Of(new { file_size_bytes = FiveMegabytes }))).Is(200);
    }

    [Theory]
    [InlineData("basic", 201)]
    [InlineData("basic-dark", 201)]
    [InlineData("premium-gold", 403)]
    public async Task Free_has_basic_templates_only(string template, int status)
    {
        var answer = (await (await OnAsync()).TryAdmitAsync(Json.Of(new { template }))).Is(status);
        if (status == 403)
        {
            answer.Refused(403, "TEMPLATE_NOT_IN_PLAN");
        }
    }

    [Theory]
    [InlineData("pro")]
    [InlineData("lifetime")]
    public async Task Paid_plans_have_all_templates(string plan) => await (await OnAsync(plan)).AdmitAsync("""{"template": "premium-gold"}""");

    [Theory]
    [InlineData("PNG", "png")]
    [InlineData("JPEG", "jpeg")]
    [InlineData("Base64", "base64")]
    [InlineData("jpg", "jpeg")]
    [InlineData("png", "png")]
    public async Task Formats_may_be_written_as_the_document_writes_them(string format, string kept)
    {
        var customer = await OnAsync();
        await customer.AdmitAsync(Json.Of(new { format }));
        Assert.Equal(kept, (await customer.HistoryAsync()).Text("transactions.0.metadata.format"));
    }

    [Fact]
    public async Task Other_formats_are_not_supported() => (await (await OnAsync()).TryAdmitAsync("""{"format": "webp"}""")).Refused(422, "FORMAT_NOT_SUPPORTED");

    [Theory]
    [InlineData("free", "standard")]
    [InlineData("pro", "priority")]
    [InlineData("lifetime", "priority")]
    public async Task Support(string plan, string support) => Assert.Equal(support, (await (await OnAsync(plan)).AdmitAsync(Requests.Image)).Text("entitlements.support"));

    [Fact]
    public async Task Lifetime_is_paid_once_and_renews_monthly()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("gleam", "lifetime");
        var plans = (await world.Anyone.GetAsync("plans?product=gleam")).Is(200).At("plans").EnumerateArray();
        Assert.Equal("once", plans.Single(plan => plan.GetProperty("id").GetString() == "lifetime").GetProperty("billing").GetString());
        await customer.AdmitAsync(Requests.Image);
        await world.MoveAsync("2030-02-01T00:00:00Z");
        Assert.Equal(2000, await customer.LeftAsync());
    }

    // Rate types

    [Fact]
    public async Task The_hourly_rate_resets_every_hour()
    {
        await using var world = await World.StartAsync("2025-11-01T10:59:00Z");
        var customer = await world.CustomerAsync("gleam");
        for (var i = 0; i < 5; i++)
        {
            await customer.CompleteAsync(await customer.AdmitAsync(Requests.Image));
        }

        var refused = (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "TOO_MANY_REQUESTS");
        Assert.Equal(("60", 60), (refused.Header("Retry-After"), refused.Number("error.retryAfter")));
        await world.MoveAsync("2025-11-01T11:00:00Z");
        await customer.AdmitAsync(Requests.Image);
    }

    [Fact]
    public async Task Monthly_usage_resets_on_the_billing_date()
    {
        await using var world = await World.StartAsync("2025-11-10T06:00:00Z");
        var customer = await (await world.CustomerAsync("gleam", "pro")).LimitedAsync(10_000);
        await customer.AdminAsync(HttpMethod.Post, "adjustments", new { credits = -1000, reason = "Used up" }, 201);
        await world.MoveAsync("2025-12-10T05:59:00Z");
        var refused = (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "MONTHLY_LIMIT");
        Assert.Equal("60", refused.Header("Retry-After"));
        await world.MoveAsync("2025-12-10T06:00:00Z");
        Assert.Equal(999, (await customer.AdmitAsync(Requests.Image)).Number("credits"));
    }

    [Fact]
    public async Task A_slot_is_free_again_when_a_generation_ends()
    {
        var customer = await OnAsync();
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Image));
        await customer.AdmitAsync(Requests.Image);
    }

    // Image limits

    [Theory]
    [InlineData("width")]
    [InlineData("height")]
    public async Task Dimensions_have_at_most_5000_pixels(string side)
    {
        var customer = await OnAsync();
        (await customer.TryAdmitAsync($$"""{"{{side}}": 5001}""")).Refused(422, "DIMENSIONS_TOO_LARGE");
        await customer.AdmitAsync($$"""{"{{side}}": 5000}""");
    }

    // Rate limit headers

    [Theory]
    [InlineData("GET", "credits")]
    [InlineData("GET", "plans")]
    [InlineData("GET", "nowhere")]
    [InlineData("GET", "refunds/rfd_1")]
    [InlineData("PATCH", "credits")]
    [InlineData("POST", "webhooks")]
    [InlineData("POST", "generations")]
    public async Task Every_response_has_them(string method, string path)
    {
        var answer = await (await OnAsync()).Own.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{}");
        Assert.Equal("5", answer.Header("X-RateLimit-Limit"));
        Assert.NotEmpty(answer.Header("X-RateLimit-Remaining"));
        Assert.NotEmpty(answer.Header("X-RateLimit-Reset"));
    }

    [Fact]
    public async Task The_reset_is_in_utc_epoch_seconds()
    {
        var answer = await (await OnAsync()).Own.GetAsync("credits");
        Assert.Equal(new DateTimeOffset(2025, 11, 1, 1, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Header("X-RateLimit-Reset"));
    }

    [Fact]
    public async Task Reading_takes_none_of_the_five_requests()
    {
        var customer = await OnAsync();
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("5", (await customer.Own.GetAsync("credits")).Is(200).Header("X-RateLimit-Remaining"));
        }
    }

    // Rate limit errors

    [Fact]
    public async Task The_error_body_is_the_documents()
    {
        var customer = await (await OnAsync()).LimitedAsync(1);
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Image));
        var refused = (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "TOO_MANY_REQUESTS");
        refused.Shows("""{ "message": "Rate limit exceeded", "code": 429, "timestamp": "2025-11-01T00:00:00.000Z", "retryAfter": 3600 }""", "error");
        Assert.Equal("false", refused.Text("success"));
    }

    // Best practices

    [Fact]
    public async Task Who_waits_for_retry_after_is_served()
    {
        await using var world = await World.StartAsync("2025-11-01T10:20:30.400Z");
        var customer = await (await world.CustomerAsync("gleam")).LimitedAsync(1);
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Image));
        var wait = (double)(await customer.TryAdmitAsync(Requests.Image)).Refused(429, "TOO_MANY_REQUESTS").Number("retryAfter");
        await world.MoveAsync(Instants.Text(new DateTimeOffset(2025, 11, 1, 10, 20, 30, 400, TimeSpan.Zero).AddSeconds(wait)));
        await customer.AdmitAsync(Requests.Image);
    }

    [Fact]
    public async Task Need_higher_limits_leads_somewhere() =>
        Assert.NotEqual("null", (await (await World.Shared).Anyone.GetAsync("plans?product=gleam")).Is(200).Text("contact.support"));

    // Beside the document

    [Fact]
    public async Task No_top_ups_are_sold()
    {
        var customer = await OnAsync();
        (await customer.World.Operator.PostAsync($"admin/workspaces/{customer.WorkspaceId}/top-ups", Json.Of(new { credits = 20, reference = "ch_1" }))).Names("credits");
        Assert.Equal("null", (await customer.World.Anyone.GetAsync("plans?product=gleam")).Is(200).Text("top_ups"));
    }

    [Fact]
    public async Task Who_cancels_falls_to_free_on_the_same_anniversary()
    {
        await using var world = await World.StartAsync("2025-11-10T06:00:00Z");
        var customer = await world.CustomerAsync("gleam", "pro");
        await customer.AdminAsync(HttpMethod.Delete, "subscription");
        await world.MoveAsync("2025-12-10T06:00:00Z");
        var credits = await customer.CreditsAsync();
        Assert.Equal(
            ("free", "active", 100, "2026-01-10T06:00:00Z"),
            (credits.Text("plan"), credits.Text("plan_status"), credits.Number("credits"), credits.Text("renews_at")));
    }
}
