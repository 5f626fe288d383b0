using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Wire;

/// <summary>Paths, methods and query parameters as RFC 9110 has them.</summary>
public sealed class MethodTests
{
    private static readonly string[] Rate = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit", "RateLimit-Policy"];

    [Theory]
    [InlineData("/health")]
    [InlineData("/api/v1/plans?product=bloom")]
    [InlineData("/api/v1/openapi.json")]
    [InlineData("/api/v1/credits")]
    [InlineData("/dashboard")]
    public async Task Every_get_answers_head_with_the_same_headers_and_no_body(string path)
    {
        var customer = await (await World.Shared).CustomerAsync("bluma");
        var got = (await customer.Own.GetAsync(path)).Is(200);
        var head = (await customer.Own.SendAsync(HttpMethod.Head, path)).Is(200);
        Assert.Equal(("", got.Header("Content-Type")), (head.Body, head.Header("Content-Type")));
    }

    [Theory]
    [InlineData("PATCH", "/api/v1/credits", "GET, HEAD")]
    [InlineData("POST", "/api/v1/credits", "GET, HEAD")]
    [InlineData("DELETE", "/api/v1/plans", "GET, HEAD")]
    [InlineData("GET", "/api/v1/refunds", "POST")]
    [InlineData("DELETE", "/api/v1/keys/verify", "POST")]
    [InlineData("PUT", "/api/v1/webhooks", "GET, HEAD, POST")]
    [InlineData("POST", "/health", "GET, HEAD")]
    public async Task Another_method_on_a_known_path_is_refused_and_told_which_there_are(string method, string path, string allow)
    {
        var refused = (await (await World.Shared).Anyone.SendAsync(new HttpMethod(method), path)).Refused(405, "METHOD_NOT_ALLOWED");
        Assert.Equal(allow, refused.Header("Allow"));
    }

    [Theory]
    [InlineData("GET", "/api/v1/nowhere", 404)]
    [InlineData("GET", "/api/v1/generations/gen_0000", 404)]
    [InlineData("PATCH", "/api/v1/credits", 405)]
    [InlineData("GET", "/api/v1/plans", 200)]
    [InlineData("HEAD", "/api/v1/plans", 200)]
    [InlineData("GET", "/api/v1/openapi.json", 200)]
    public async Task Every_answer_to_a_recognised_key_tells_how_its_limit_stands(string method, string path, int status)
    {
        var customer = await (await World.Shared).CustomerAsync("gleam");
        var answer = (await customer.Own.SendAsync(new HttpMethod(method), path)).Is(status);
        Assert.All(Rate, name => Assert.NotEmpty(answer.Header(name)));
        Assert.Equal("5", answer.Header("X-RateLimit-Limit"));
    }

    [Fact]
    public async Task An_unknown_key_is_told_nothing_where_none_is_needed()
    {
        var plans = (await (await World.Shared).Anyone.As("gleam_live_wrong").GetAsync("plans")).Is(200);
        Assert.DoesNotContain("X-RateLimit-Limit", plans.Headers.Keys);
    }

    [Theory]
    [InlineData("credits?workspace=ws_1", "workspace")]
    [InlineData("credits?workspaceId=ws_1&workspaceId=ws_2", "workspaceId")]
    [InlineData("credits?workspaceId=ws_1&workspace_id=ws_1", "workspace_id")]
    [InlineData("credits/history?limt=5", "limt")]
    [InlineData("credits/history?from=yesterday", "from")]
    [InlineData("plans?products=bloom", "products")]
    [InlineData("workspaces?workspaceId=ws_1", "workspaceId")]
    public async Task A_query_parameter_that_nobody_reads_is_refused(string path, string field) =>
        (await (await (await World.Shared).CustomerAsync("bloom")).Own.GetAsync(path)).Names(field);

    [Fact]
    public async Task History_can_be_read_by_time()
    {
        await using var world = await World.StartAsync("2025-11-03T10:00:00Z");
        var customer = await world.CustomerAsync("bluma", "starter");
        foreach (var at in new[] { "2025-11-03T10:30:00.250Z", "2025-11-03T10:31:00Z", "2025-11-03T10:32:00Z" })
        {
            await world.MoveAsync(at);
            await customer.AdmitAsync(Requests.Six);
        }

        Assert.Equal(2, await TotalAsync("from=2025-11-03T10:30:00.251Z"));
        Assert.Equal(2, await TotalAsync("from=2025-11-03T10:30:00.25Z&to=2025-11-03T10:32:00Z"));
        Assert.Equal(2, await TotalAsync("from=2025-11-03T10:30:00.25Z&to=2025-11-03T10:32:00Z&type=deduction"));
        Assert.Equal(1, await TotalAsync("to=2025-11-03T10:30:00.250Z"));
        Assert.Equal(0, await TotalAsync("from=2025-11-04T00:00:00Z"));
        Assert.Equal(0, await TotalAsync("from=2025-11-03T10:32:00Z&to=2025-11-03T10:31:00Z"));

        var first = await customer.HistoryAsync("limit=1&from=2025-11-03T10:31:00Z");
        Assert.Equal((2, "2025-11-03T10:32:00Z"), (first.Number("total"), first.Text("transactions.0.created_at")));
        var second = await customer.HistoryAsync($"limit=1&from=2025-11-03T10:31:00Z&cursor={first.Text("next_cursor")}");
        Assert.Equal(("2025-11-03T10:31:00Z", "null"), (second.Text("transactions.0.created_at"), second.Text("next_cursor")));

        async Task<decimal> TotalAsync(string query)
        {
            var history = await customer.HistoryAsync(query);
            Assert.Equal(history.Number("total"), history.At("transactions").GetArrayLength());
            return history.Number("total");
        }
    }
}
