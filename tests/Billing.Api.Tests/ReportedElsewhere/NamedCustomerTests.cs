using System.Text.Json;
using Billing.Api.Balances;
using Billing.Api.Generations;
using Billing.Api.Keys;
using Billing.Api.Refunds;
using Billing.Api.Tests.Telemetry;
using Billing.Engine.Ports;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>A service that acts for others, and keys with a scope.</summary>
public sealed class NamedCustomerTests
{
    private const string Service = "a-service-key";
    private const string Bound = "a-service-key-that-is-bound";
    private static readonly object Image = new { size = "2K" };

    // The limiter took the tenant's header for its bucket before anybody had looked who that was: a new name was a new allowance, and left a bucket behind.
    [Fact]
    public async Task Names_that_are_made_up_open_no_window()
    {
        await using var backstage = new Backstage();
        var (workspaceId, _) = await backstage.OpenAsync("gleam");
        var rows = backstage.Store.RowsOf(Table.Ledger).Length;
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(404, (await backstage.NameAsync(AdmitGeneration.Endpoint, $"ws_{i:0000000000000000}", new { })).StatusCode);
        }

        Assert.Equal(rows, backstage.Store.RowsOf(Table.Ledger).Length);
        foreach (var spelling in new[] { workspaceId.ToUpperInvariant(), $" {workspaceId}", $"{workspaceId} ", $"{workspaceId},{workspaceId}", workspaceId[3..] })
        {
            Assert.InRange((await backstage.NameAsync(AdmitGeneration.Endpoint, spelling, new { })).StatusCode, 400, 404);
        }

        Assert.Equal(rows, backstage.Store.RowsOf(Table.Ledger).Length);
    }

    // An empty tenant header meant the default tenant: a variable that was not set let the caller act as everybody.
    [Theory]
    [InlineData("X-Workspace-Id")]
    [InlineData("X-Api-Key")]
    [InlineData("X-External-Id")]
    [InlineData("X-Test-Mode")]
    public async Task An_empty_name_is_not_nobody(string header)
    {
        await using var backstage = new Backstage();
        var (workspaceId, _) = await backstage.OpenAsync("bloom", "plus");
        var id = await AdmitAsync(backstage, workspaceId);
        Assert.InRange((await backstage.AskAsync(CompleteGeneration.Endpoint, Service, new { }, id, headers: (header, ""))).StatusCode, 400, 404);
        Assert.Equal("running", (await StatusAsync(backstage, workspaceId, id)));
    }

    // Asked for another tenant than the credential's, the library took no notice and worked on the credential's own.
    [Fact]
    public async Task A_customer_that_names_a_workspace_is_refused_not_served_with_its_own()
    {
        await using var backstage = new Backstage();
        var (workspaceId, key) = await backstage.OpenAsync("bloom", "plus");
        var (other, _) = await backstage.OpenAsync("bloom", "plus");
        foreach (var credential in new[] { key, "an-operator-key" })
        {
            foreach (var named in new[] { workspaceId, other })
            {
                Assert.Equal(401, (await backstage.AskAsync(GetCredits.Endpoint, credential, headers: ("X-Workspace-Id", named))).StatusCode);
            }
        }
    }

    // The scope was looked at where the path named the project; what was found by its own id passed.
    [Fact]
    public async Task A_thing_that_is_found_by_its_id_is_within_the_name_too()
    {
        await using var backstage = new Backstage();
        var (ada, key) = await backstage.OpenAsync("bloom", "plus");
        var (bob, _) = await backstage.OpenAsync("bloom", "plus");
        var (running, done) = (await AdmitAsync(backstage, ada), await AdmitAsync(backstage, ada));
        await backstage.NameAsync(CompleteGeneration.Endpoint, ada, new { }, done);
        var asked = new { generation_id = done, reason = "quality_issue" };
        var refund = (await backstage.SendAsync(RequestRefundEndpoint.Endpoint, key, asked)).GetProperty("id").GetString();
        foreach (var (endpoint, body, id) in new (Http.ApiEndpoint, object?, string?)[]
        {
            (GetGeneration.Endpoint, null, running), (CompleteGeneration.Endpoint, new { }, running), (FailGeneration.Endpoint, new { reason = "server_error" }, running),
            (HeartbeatGeneration.Endpoint, new { }, running), (GetRefund.Endpoint, null, refund), (RequestRefundEndpoint.Endpoint, asked, null),
        })
        {
            Assert.Equal(404, (await backstage.NameAsync(endpoint, bob, body, id)).StatusCode);
        }

        Assert.Equal("running", await StatusAsync(backstage, ada, running));
    }

    // The idempotency key held the credential: a retry with a fresh one was another payment.
    [Fact]
    public async Task A_retry_that_names_the_customer_otherwise_is_the_same_attempt()
    {
        await using var backstage = new Backstage();
        var (workspaceId, key) = await backstage.OpenAsync("bloom", "plus");
        var first = await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Image, idempotencyKey: "order-1");
        var again = await backstage.AskAsync(AdmitGeneration.Endpoint, Service, Image, idempotencyKey: "order-1", headers: ("X-Workspace-Id", workspaceId));
        Assert.Equal((201, "true"), (again.StatusCode, again.Headers["Idempotent-Replayed"].ToString()));
        Assert.Equal(first.GetProperty("id").GetString(), Read(again).GetProperty("id").GetString());
        Assert.Equal(59, (await backstage.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetDecimal());
    }

    // Live keys lay in the field of the test keys: "test" was charged, and nobody was told.
    [Theory]
    [InlineData("production", "true")]
    [InlineData("test", "false")]
    public async Task A_key_of_the_other_mode_is_told(string environment, string said)
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("bloom", "plus", environment);
        var refused = await backstage.AskAsync(AdmitGeneration.Endpoint, Service, Image, apiKey: key, headers: ("X-Test-Mode", said));
        Assert.Equal(400, refused.StatusCode);
        Assert.True(Read(refused).GetProperty("errors").TryGetProperty("X-Test-Mode", out _));
        Assert.Equal(60, (await backstage.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetDecimal());
    }

    // A token of one tenant was introspected, and found valid, at the endpoint of another.
    [Fact]
    public async Task A_key_of_another_product_is_valid_to_nobody_who_is_bound()
    {
        await using var backstage = Binding("bluma");
        var (_, key) = await backstage.OpenAsync("bloom", "plus");
        Assert.True((await backstage.SendAsync(VerifyKey.Endpoint, Service, new { key })).GetProperty("valid").GetBoolean());
        Assert.False((await backstage.SendAsync(VerifyKey.Endpoint, Bound, new { key })).GetProperty("valid").GetBoolean());
    }

    // A scope that was blank fell out of the query, and the key reached everything.
    [Theory]
    [InlineData("")]
    [InlineData(" , ")]
    [InlineData("Bloom")]
    [InlineData("bloom,bluna")]
    [InlineData("*")]
    public void A_scope_that_says_nothing_ends_the_start(string products)
    {
        var wrong = Assert.Throws<SettingsException>(() => Binding(products));
        Assert.StartsWith("Billing__ServiceKeys__1__Products ", Assert.Single(wrong.Mistakes), StringComparison.Ordinal);
        Assert.DoesNotContain(Bound, wrong.Message, StringComparison.Ordinal);
    }

    private static Backstage Binding(string products) => new(settings: [("Billing:ServiceKeys:1", Bound), ("Billing:ServiceKeys:1:Products", products)]);

    private static async Task<string> AdmitAsync(Backstage backstage, string workspaceId) => Read(await backstage.NameAsync(AdmitGeneration.Endpoint, workspaceId, Image)).GetProperty("id").GetString()!;

    private static async Task<string?> StatusAsync(Backstage backstage, string workspaceId, string id) =>
        Read(await backstage.NameAsync(GetGeneration.Endpoint, workspaceId, id: id)).GetProperty("status").GetString();

    private static JsonElement Read(Microsoft.AspNetCore.Http.HttpResponse response) => JsonDocument.Parse(((MemoryStream)response.Body).ToArray()).RootElement;
}
