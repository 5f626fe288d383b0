using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Billing.Client.Testing;
using Billing.Client.Tests.Agreement;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Client.Tests;

/// <summary>What the fake is beside what both agree on.</summary>
public sealed class FakeTests
{
    private static readonly NewAccount Ada = new("bloom", "Ada", "ada@example.com") { ExternalId = "ada" };

    [Fact]
    public async Task Each_is_a_world_of_its_own()
    {
        await using var one = BillingFake.Start();
        await using var other = BillingFake.Start();
        await one.Operator.CreateAccountAsync(Ada);
        Assert.Empty((await other.Operator.FindAccountsAsync("ada")).Accounts);
    }

    [Fact]
    public async Task Its_clock_begins_where_it_is_set_and_moves_when_it_is_told()
    {
        var now = new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);
        await using var billing = BillingFake.Start(options => options.Now = now);
        var workspaceId = (await billing.Operator.CreateAccountAsync(Ada with { Plan = "plus" })).WorkspaceId;
        billing.Clock.Advance(TimeSpan.FromDays(28));
        Assert.Equal(now.AddDays(28), billing.Clock.GetUtcNow());
        Assert.Equal(new DateTimeOffset(2030, 3, 31, 12, 0, 0, TimeSpan.Zero), (await billing.Operator.GetCreditsAsync(workspaceId)).RenewsAt);
    }

    [Fact]
    public async Task Timers_of_its_clock_go_off_in_their_order()
    {
        await using var billing = BillingFake.Start();
        var seen = new List<(int, DateTimeOffset)>();
        var start = billing.Clock.GetUtcNow();
        using var late = billing.Clock.CreateTimer(_ => seen.Add((2, billing.Clock.GetUtcNow())), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        using var early = billing.Clock.CreateTimer(_ => seen.Add((1, billing.Clock.GetUtcNow())), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
        billing.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal([(1, start.AddMinutes(1)), (2, start.AddMinutes(2)), (1, start.AddMinutes(3))], seen);
    }

    [Fact]
    public async Task What_a_request_leaves_to_be_done_can_wait()
    {
        await using var billing = BillingFake.Start(options => options.WorksAtOnce = false);
        var workspace = Customer.OfWorkspace((await billing.Operator.CreateAccountAsync(Ada)).WorkspaceId);
        var admitted = Assert.IsType<Admission.Admitted>(await billing.Client.AdmitAsync(workspace, Stage.Images(3))).Generation;
        await billing.Client.FailAsync(admitted.Id, FailReasons.ServerError);
        Assert.Equal("pending", (await billing.Client.GetGenerationAsync(workspace, admitted.Id)).Refund!.Status);
        await billing.RunDueAsync();
        Assert.Equal("succeeded", (await billing.Client.GetGenerationAsync(workspace, admitted.Id)).Refund!.Status);
    }

    [Fact]
    public async Task It_sells_what_it_is_told_to()
    {
        await using var billing = BillingFake.Start(options => options.Catalogs["sketch.json"] = Sketch);
        var workspace = Customer.OfWorkspace((await billing.Operator.CreateAccountAsync(Ada with { Product = "sketch" })).WorkspaceId);
        Assert.Equal(3, (await billing.Client.QuoteAsync(workspace, new GenerationRequest())).Cost);
        var refused = await Assert.ThrowsAsync<BillingRefusedException>(() => billing.Operator.CreateAccountAsync(Ada));
        Assert.Contains("product", refused.Problem.Errors!);
    }

    [Fact]
    public async Task Webhooks_are_signed_and_go_nowhere()
    {
        await using var billing = BillingFake.Start();
        var (_, key, secret) = await WithWebhookAsync(billing);
        await billing.Client.AdmitAsync(key, Stage.Images(5));
        var sent = Assert.Single(billing.Webhooks);
        var verdict = new WebhookVerifier(secret, billing.Clock).Verify(sent.Body, name => sent.Headers.GetValueOrDefault(name));
        Assert.Equal(0, Assert.IsType<CreditsExhaustedEvent>(Assert.IsType<WebhookVerdict.Accepted>(verdict).Event).Credits);
    }

    [Fact]
    public async Task The_sellers_webhooks_hear_of_every_workspace()
    {
        await using var billing = BillingFake.Start();
        var webhook = await billing.Operator.CreateWebhookAsync("https://seller.example/hear");
        await billing.Operator.CreateAccountAsync(Ada);
        await billing.RunDueAsync();
        var verifier = new WebhookVerifier(webhook.Secret!, billing.Clock);
        var events = billing.Webhooks.Select(sent => verifier.Verify(sent.Body, name => sent.Headers.GetValueOrDefault(name))).OfType<WebhookVerdict.Accepted>().Select(accepted => accepted.Event).ToList();
        Assert.Equal(("ada", "bloom"), events.OfType<AccountCreatedEvent>().Single() is var created ? (created.ExternalId, created.Product) : default);
    }

    [Fact]
    public async Task A_receiver_that_fails_is_tried_again_by_the_clock()
    {
        var status = 500;
        await using var billing = BillingFake.Start(options => options.Receive = _ => status);
        var (_, key, _) = await WithWebhookAsync(billing);
        await billing.Client.AdmitAsync(key, Stage.Images(5));
        Assert.Single(billing.Webhooks);
        status = 200;
        await billing.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, billing.Webhooks.Count);
        Assert.Single(billing.Webhooks.Select(sent => sent.Headers["webhook-id"]).Distinct());
    }

    [Fact]
    public async Task It_takes_the_place_of_what_a_container_has()
    {
        await using var billing = BillingFake.Start();
        var services = new ServiceCollection();
        services.AddBillingClient(options => options.ServiceKey = "nothing else");
        services.UseBillingFake(billing);
        await using var provider = services.BuildServiceProvider();
        Assert.Same(billing.Client, provider.GetRequiredService<IBillingClient>());
        Assert.Same(billing.Operator, provider.GetRequiredService<IBillingOperator>());
    }

    [Theory]
    [InlineData("health")]
    [InlineData("api/v1/admin/poison")]
    public async Task What_needs_a_network_is_not_there(string path)
    {
        await using var billing = BillingFake.Start();
        using var http = billing.CreateHttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", BillingFake.OperatorKey);
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.InRange((int)answer.StatusCode, 404, 405);
    }

    [Fact]
    public async Task A_path_that_is_none_is_answered_as_everywhere()
    {
        await using var billing = BillingFake.Start();
        using var http = billing.CreateHttpClient();
        using var nothing = await http.GetAsync(new Uri("api/v1/nothing", UriKind.Relative));
        Assert.Equal((404, "NOT_FOUND"), ((int)nothing.StatusCode, (string?)(await nothing.Content.ReadFromJsonAsync<JsonObject>())!["code"]));
        using var wrong = await http.DeleteAsync(new Uri("api/v1/generations/gen_1", UriKind.Relative));
        Assert.Equal((405, "GET, HEAD"), ((int)wrong.StatusCode, string.Join(", ", wrong.Content.Headers.Allow)));
    }

    private const string Sketch = """
        {
          "product": "sketch", "name": "Sketch", "noun": "Drawing", "exhausted_code": "INSUFFICIENT_CREDITS", "low_credits_percent": 20,
          "contact": { "support": "help@example.com", "sales": "help@example.com" },
          "generation_ttl_seconds": 600, "sign_up_credits": 5,
          "base": { "rate_limit": { "kind": "fixed_hour", "limit": 10 }, "entitlements": {} },
          "test_entitlements": {},
          "plans": [ { "id": "one", "name": "One", "allowance": 10, "rate_limit": { "kind": "fixed_hour", "limit": 10 }, "entitlements": {} } ],
          "pricing": { "fields": [ { "name": "lines", "type": "integer", "min": 1, "max": 9, "default": 1 } ], "factors": [ { "name": "drawing", "kind": "constant", "value": 3 } ] }
        }
        """;

    private static async Task<(string WorkspaceId, string Key, string Secret)> WithWebhookAsync(BillingFake billing)
    {
        var account = await billing.Operator.CreateAccountAsync(Ada);
        var key = await billing.CreateApiKeyAsync(account.AccountId);
        using var http = billing.CreateHttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var body = new StringContent("""{"url": "https://shop.example/hear", "events": ["credits.exhausted"]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri("api/v1/webhooks", UriKind.Relative), body);
        return (account.WorkspaceId, key, (string)(await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["secret"]!);
    }
}
