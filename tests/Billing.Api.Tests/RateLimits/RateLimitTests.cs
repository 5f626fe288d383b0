using System.Globalization;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.RateLimits;

/// <summary>Requests per key, told in every answer to a key.</summary>
public sealed class RateLimitTests
{
    [Theory]
    [InlineData("bloom", null, null, 120, 60, 60)]
    [InlineData("bluma", "free", null, 100, 3_600, 1_800)]
    [InlineData("bluma", "starter", null, 1_000, 3_600, 1_800)]
    [InlineData("bluma", "pro", null, 5_000, 3_600, 1_800)]
    [InlineData("bluma", "enterprise", 3_000, 50_000, 3_600, 1_800)]
    [InlineData("gleam", "free", null, 5, 3_600, 1_800)]
    [InlineData("gleam", "pro", null, 100, 3_600, 1_800)]
    [InlineData("gleam", "lifetime", null, 200, 3_600, 1_800)]
    public async Task Every_answer_to_a_key_tells_its_limit(string product, string? plan, int? credits, int limit, int window, int resetsIn)
    {
        var world = await HalfPast.Value;
        var customer = await world.CustomerAsync(product, plan, credits);
        var reset = DateTimeOffset.Parse("2025-11-01T10:30:00Z", CultureInfo.InvariantCulture).ToUnixTimeSeconds() + resetsIn;
        Answer[] answers =
        [
            (await customer.Own.GetAsync("credits")).Is(200),
            (await customer.Own.GetAsync("credits?workspaceId=ws_0000000000000000")).Is(404),
            (await customer.Own.PostAsync("generations", "{}")).Is(403),
            (await customer.TryAdmitAsync("{ broken")).Is(400),
            (await customer.TryAdmitAsync($$"""{"description": "{{new string('x', 70_000)}}"}""")).Is(413),
        ];
        for (var i = 0; i < answers.Length; i++)
        {
            var left = product == "gleam" ? limit : limit - i - 1; // gleam's counts admitted generations, and none of these is one
            Assert.Equal(
                (limit, left, reset, $"\"per-key\";q={limit};w={window}", $"\"per-key\";r={left};t={resetsIn}"),
                (Number(answers[i], "X-RateLimit-Limit"), Number(answers[i], "X-RateLimit-Remaining"), Number(answers[i], "X-RateLimit-Reset"),
                    answers[i].Header("RateLimit-Policy"), answers[i].Header("RateLimit")));
        }

        Assert.DoesNotContain((await customer.Session.GetAsync("credits")).Is(200).Headers.Keys, name => name.Contains("RateLimit", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Gleams_window_counts_what_was_admitted_alone()
    {
        var customer = await (await HalfPast.Value).CustomerAsync("gleam");
        for (var left = 4; left >= 0; left--)
        {
            var admitted = await customer.AdmitAsync(Requests.Image);
            Assert.Equal(left, Number(admitted, "X-RateLimit-Remaining"));
            if (left > 0)
            {
                Assert.Equal(left, Number((await customer.TryAdmitAsync(Requests.Image)).Refused(429, "CONCURRENCY_LIMIT"), "X-RateLimit-Remaining"));
            }

            await customer.CompleteAsync(admitted);
        }

        var refused = (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "TOO_MANY_REQUESTS");
        Assert.Equal("0 1761994800 1800 1800", string.Join(' ',
            refused.Header("X-RateLimit-Remaining"), refused.Header("X-RateLimit-Reset"), refused.Header("Retry-After"), refused.Text("retryAfter")));
        Assert.Equal(0, Number((await customer.Own.PostAsync("generations/quote", Requests.Image)).Is(200), "X-RateLimit-Remaining"));
    }

    [Fact]
    public async Task Gleams_refusal_has_gleams_body()
    {
        var customer = await (await (await World.Shared).CustomerAsync("gleam")).LimitedAsync(1);
        await customer.CompleteAsync(await customer.AdmitAsync(Requests.Image));
        (await customer.TryAdmitAsync(Requests.Image)).Refused(429, "TOO_MANY_REQUESTS").Shows("""
            {
              "type": "about:blank", "title": "Too Many Requests", "status": 429, "detail": "Rate limit exceeded", "code": "TOO_MANY_REQUESTS",
              "data": { "contact": { "support": "support@gleam.so", "sales": "support@gleam.so" } },
              "success": false, "error": { "message": "Rate limit exceeded", "code": 429, "timestamp": "2025-11-01T00:00:00.000Z", "retryAfter": 3600 }, "retryAfter": 3600
            }
            """);
    }

    [Fact]
    public async Task No_sliding_minute_admits_more_than_120_on_three_hosts()
    {
        await using var world = await World.StartAsync(hosts: 3);
        var customer = await world.CustomerAsync("bloom", "max");
        Assert.Equal(120, await BurstAsync(customer, 200));
        await world.MoveAsync("2025-11-01T00:00:59.999Z");
        Assert.Equal(0, await BurstAsync(customer, 20));
        await world.MoveAsync("2025-11-01T00:01:00Z");
        Assert.Equal(70, await BurstAsync(customer, 70));
        await world.MoveAsync("2025-11-01T00:01:30Z");
        Assert.Equal(50, await BurstAsync(customer, 200));
        await world.MoveAsync("2025-11-01T00:01:59.999Z");
        Assert.Equal(0, await BurstAsync(customer, 20));
        await world.MoveAsync("2025-11-01T00:02:00Z");
        Assert.Equal(70, await BurstAsync(customer, 200));
        await world.MoveAsync("2025-11-01T00:02:30Z");
        Assert.Equal(50, await BurstAsync(customer, 200));
    }

    [Fact]
    public async Task A_fixed_hour_starts_with_the_clocks_hour()
    {
        await using var world = await World.StartAsync("2025-11-01T10:59:59.999Z", hosts: 2);
        var customer = await world.CustomerAsync("gleam", "pro");
        Assert.Equal(100, await BurstAsync(customer, 130));
        await world.MoveAsync("2025-11-01T11:00:00Z");
        Assert.Equal(100, await BurstAsync(customer, 130));
        await world.MoveAsync("2025-11-01T11:59:59.999Z");
        Assert.Equal(0, await BurstAsync(customer, 10));
    }

    [Fact]
    public async Task Retry_After_is_the_earliest_moment_at_which_a_retry_succeeds()
    {
        await using var world = await World.StartAsync();
        var customer = await (await world.CustomerAsync("bloom")).LimitedAsync(3);
        foreach (var second in new[] { "00", "07", "20" })
        {
            await world.MoveAsync($"2025-11-01T00:00:{second}Z");
            (await customer.Own.GetAsync("credits")).Is(200);
        }

        foreach (var (before, wait, after) in new[] { ("00:59", "1", "01:00"), ("01:06", "1", "01:07"), ("01:08", "12", "01:20") })
        {
            await world.MoveAsync($"2025-11-01T00:{before}Z");
            Assert.Equal(wait, (await customer.Own.GetAsync("credits")).Refused(429, "TOO_MANY_REQUESTS").Header("Retry-After"));
            await world.MoveAsync($"2025-11-01T00:{after}Z");
            (await customer.Own.GetAsync("credits")).Is(200);
        }
    }

    [Theory]
    [InlineData("bloom", 300)]
    [InlineData("gleam", 23)]
    public async Task A_client_that_paces_itself_by_the_headers_is_never_refused(string product, int requests)
    {
        await using var world = await World.StartAsync("2025-11-01T00:20:30.250Z");
        var customer = await world.CustomerAsync(product);
        var answer = await CountedAsync();
        for (var i = 0; i < requests; i++)
        {
            if (Number(answer, "X-RateLimit-Remaining") == 0)
            {
                await world.MoveAsync(DateTimeOffset.FromUnixTimeSeconds(Number(answer, "X-RateLimit-Reset")).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            }

            answer = await CountedAsync();
        }

        async Task<Answer> CountedAsync() => product == "bloom" ? (await customer.Own.GetAsync("credits")).Is(200) : await VerifiedAsync(customer, 0);
    }

    [Fact]
    public async Task An_operator_can_raise_and_lower_the_limit_of_one_key()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var raised = (await customer.World.Operator.PutAsync($"admin/api-keys/{customer.KeyId}/rate-limit", """{"limit": 500}""")).Is(200);
        Assert.Equal((500, customer.KeyId), (raised.Number("rate_limit"), raised.Text("id")));
        Assert.Equal("500", (await customer.Own.GetAsync("credits")).Header("X-RateLimit-Limit"));
        var other = await customer.WithKeyAsync();
        Assert.Equal("120", (await other.Own.GetAsync("credits")).Header("X-RateLimit-Limit"));
        (await customer.World.Operator.PutAsync($"admin/api-keys/{customer.KeyId}/rate-limit", """{"limit": null}""")).Is(200);
        Assert.Equal("120", (await customer.Own.GetAsync("credits")).Header("X-RateLimit-Limit"));
        foreach (var body in new[] { """{"limit": 0}""", """{"limit": -1}""", """{"limit": 10001}""", """{"limit": "9"}""", """{"limit": 1.5}""", "{}" })
        {
            (await customer.World.Operator.PutAsync($"admin/api-keys/{customer.KeyId}/rate-limit", body)).Names("limit");
        }

        (await customer.World.Operator.PutAsync("admin/api-keys/key_x/rate-limit", """{"limit": 5}""")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_raised_limit_never_holds_back_a_larger_plan_and_a_lowered_one_holds()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        var lowered = await customer.WithKeyAsync();
        await customer.LimitedAsync(2_000);
        await lowered.LimitedAsync(50);
        Assert.Equal(("2000", "50"), (await LimitOfAsync(customer), await LimitOfAsync(lowered)));
        await customer.SubscribeAsync("pro");
        Assert.Equal(("5000", "50"), (await LimitOfAsync(customer), await LimitOfAsync(lowered)));
        await lowered.LimitedAsync(4_999);
        Assert.Equal("4999", await LimitOfAsync(lowered));

        static async Task<string?> LimitOfAsync(Customer one) => (await one.Own.GetAsync("credits")).Is(200).Header("X-RateLimit-Limit");
    }

    [Fact]
    public async Task A_fixed_limit_can_be_raised_above_every_plans()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        (await customer.World.Operator.PutAsync($"admin/api-keys/{customer.KeyId}/rate-limit", """{"limit": 60000}""")).Is(200);
        Assert.Equal("60000", (await customer.Own.GetAsync("credits")).Header("X-RateLimit-Limit"));
    }

    [Fact]
    public async Task A_plan_change_changes_the_limit_of_every_key()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        Assert.Equal("100", (await customer.Own.GetAsync("credits")).Header("X-RateLimit-Limit"));
        await customer.SubscribeAsync("starter");
        Assert.Equal(("1000", "998"), (await customer.Own.GetAsync("credits")) is var answer ? (answer.Header("X-RateLimit-Limit"), answer.Header("X-RateLimit-Remaining")) : default);
    }

    [Fact]
    public async Task A_refused_admission_counts_and_charges_nothing()
    {
        var customer = await (await (await World.Shared).CustomerAsync("bloom")).LimitedAsync(2);
        (await customer.TryAdmitAsync(Requests.Bloom("4K", 20))).Refused(402, "INSUFFICIENT_CREDITS");
        await customer.AdmitAsync(Requests.Small);
        (await customer.TryAdmitAsync(Requests.Small)).Refused(429, "TOO_MANY_REQUESTS");
        Assert.Equal(9, await customer.LeftAsync());
    }

    private static readonly Lazy<Task<World>> HalfPast = new(() => World.StartAsync("2025-11-01T10:30:00Z"));

    private static long Number(Answer answer, string header) => long.Parse(answer.Header(header), CultureInfo.InvariantCulture);

    /// <summary>Sends that many requests at once, spread over the Hosts: in bloom half of them reads and half checks, in gleam look-ups of the key.</summary>
    /// <returns>How many were let in.</returns>
    private static async Task<int> BurstAsync(Customer customer, int requests)
    {
        var hosts = customer.World.Hosts.Count;
        if (customer.Product == "gleam")
        {
            var verified = await Task.WhenAll(Enumerable.Range(0, requests).Select(i => VerifyAsync(customer, i % hosts)));
            Assert.All(verified.Where(answer => answer.Text("valid") == "false"), answer => Assert.Equal("TOO_MANY_REQUESTS", answer.Text("code")));
            return verified.Count(answer => answer.Text("valid") == "true");
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, requests).Select(i => customer.World.AnyoneAt(i % hosts).As(customer.Key) is var own && i % 2 == 0
            ? own.GetAsync("credits")
            : own.PostAsync("generations/check", Requests.Small)));
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.Refused(429, "TOO_MANY_REQUESTS"));
        return answers.Count(answer => answer.Status == 200);
    }

    private static async Task<Answer> VerifiedAsync(Customer customer, int host)
    {
        var answer = await VerifyAsync(customer, host);
        Assert.True(answer.Text("valid") == "true", answer.ToString());
        return answer;
    }

    private static async Task<Answer> VerifyAsync(Customer customer, int host) =>
        (await customer.World.Service(host: host).PostAsync("keys/verify", Json.Of(new { key = customer.Key }))).Is(200);
}
