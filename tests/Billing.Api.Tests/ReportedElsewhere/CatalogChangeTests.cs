using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Generations;
using Billing.Api.Jobs;
using Billing.Api.Keys;
using Billing.Api.Tests.Telemetry;
using Billing.Catalogs;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.InMemory;
using Billing.Storage;
using Billing.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>A deployment with other catalogs, over what the one before it stored.</summary>
public sealed class CatalogChangeTests
{
    private static readonly object Video = new { template_id = "news-anchor", resolution = "1080p", complexity = "ai", duration = 60 };

    public static TheoryData<string, Action<JsonObject>> Changes => new()
    {
        { "template", catalog => catalog["templates"]!.AsArray().RemoveAt(2) },
        { "choice", catalog => { catalog["pricing"]!["fields"]![1]!["choices"]!.AsArray().RemoveAt(1); catalog["pricing"]!["factors"]![2]!["values"]!.AsObject().Remove("1080p"); } },
        { "floored choice", catalog =>
        {
            catalog["pricing"]!["fields"]![3]!["choices"]!.AsArray().RemoveAt(2);
            catalog["pricing"]!["fields"]![3]!["floor"] = "complexity";
            catalog["pricing"]!["factors"]![3]!["values"]!.AsObject().Remove("ai");
            foreach (var template in catalog["templates"]!.AsArray())
            {
                template!["attributes"]!["complexity"] = "advanced";
            }
        } },
        { "factor", catalog =>
        {
            catalog["pricing"]!["fields"]!.AsArray().Add(JsonNode.Parse("""{ "name": "fps", "type": "integer", "min": 1, "max": 120, "default": 30 }"""));
            catalog["pricing"]!["factors"]!.AsArray().Add(JsonNode.Parse("""{ "name": "fps", "kind": "blocks", "field": "fps", "size": 30 }"""));
        } },
        { "field's kind", catalog =>
        {
            catalog["pricing"]!["fields"]![2] = JsonNode.Parse("""{ "name": "duration", "type": "choice", "choices": ["short", "long"], "default": "short" }""");
            catalog["pricing"]!["factors"]![1] = JsonNode.Parse("""{ "name": "duration", "kind": "lookup", "field": "duration", "values": { "short": 1, "long": 2 } }""");
            catalog["pricing"]!.AsObject().Remove("quantity");
        } },
        { "template field", catalog =>
        {
            catalog["pricing"]!["fields"]![0] = JsonNode.Parse("""{ "name": "template_id", "type": "integer", "min": 1, "max": 9 }""");
            catalog["pricing"]!["fields"]![0]!["required"] = true;
            catalog["pricing"]!["fields"]![2] = JsonNode.Parse("""{ "name": "duration", "type": "template", "required": true }""");
            catalog["pricing"]!["factors"]!.AsArray().RemoveAt(1);
            catalog["pricing"]!.AsObject().Remove("quantity");
        } },
    };

    // A price was promised for a quarter of an hour, and a deployment within it refused the promise, or broke over it.
    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_was_quoted_is_honoured_whatever_the_catalog_says_by_then(string what, Action<JsonObject> change)
    {
        Assert.NotEmpty(what);
        await using var before = new Backstage();
        await using var after = After(before, change);
        var (_, key) = await before.OpenAsync("bluma", "starter");
        var (_, poor) = await before.OpenAsync("bluma");
        foreach (var (caller, allowed) in new[] { (key, true), (poor, false) })
        {
            var quoted = await before.SendAsync(QuoteGeneration.Endpoint, caller, Video);
            var quote = quoted.GetProperty("quote").GetString();
            foreach (var asked in new object[] { new { quote }, new { quote, template_id = "news-anchor", resolution = "1080p", complexity = "ai", duration = 60 } })
            {
                var check = await after.SendAsync(CheckGeneration.Endpoint, caller, asked);
                Assert.Equal((allowed, 30), (check.GetProperty("allowed").GetBoolean(), check.GetProperty("cost").GetInt32()));
                var admitted = await after.ServiceAsync(AdmitGeneration.Endpoint, caller, asked);
                Assert.Equal(allowed ? "30" : "402", admitted.GetProperty(allowed ? "cost" : "status").GetRawText());
            }
        }

        var other = await before.SendAsync(QuoteGeneration.Endpoint, key, Video);
        var wrong = await after.SendAsync(CheckGeneration.Endpoint, key, new { quote = other.GetProperty("quote").GetString(), template_id = "product-showcase" });
        Assert.Equal("INVALID_REQUEST", wrong.GetProperty("code").GetString());
    }

    // What began under the catalog before was refused its end: it could be neither completed nor refunded, and its history could not be read.
    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_was_begun_comes_to_its_end(string what, Action<JsonObject> change)
    {
        Assert.NotEmpty(what);
        await using var before = new Backstage();
        await using var after = After(before, change);
        var (workspaceId, key) = await before.OpenAsync("bluma", "starter");
        var admitted = await before.ServiceAsync(AdmitGeneration.Endpoint, key, Video);
        var failed = await before.ServiceAsync(AdmitGeneration.Endpoint, key, Video);
        Assert.Equal(200, (await after.AskAsync(CompleteGeneration.Endpoint, "a-service-key", new { }, Id(admitted), key)).StatusCode);
        Assert.Equal(200, (await after.AskAsync(FailGeneration.Endpoint, "a-service-key", new { reason = "server_error" }, Id(failed), key)).StatusCode);
        await ConsumeAsync(after, before.Messages, Queues.Refunds);
        await ConsumeAsync(after, after.Messages, Queues.Refunds);
        Assert.Equal(70, (await after.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetInt32());
        Assert.Equal(4, (await after.SendAsync(GetHistory.Endpoint, key)).GetProperty("total").GetInt32());
        Assert.Equal(200, (await after.AskAsync(GetGeneration.Endpoint, key, null, Id(failed))).StatusCode);
        Assert.True((await after.OperatorAsync(AuditWorkspace.Endpoint, id: workspaceId)).GetProperty("ok").GetBoolean());
    }

    // A plan was taken out of the file, and its customers had no entitlements, the free plan's limits, and no overage.
    [Fact]
    public async Task Who_is_on_a_plan_that_left_the_catalog_keeps_it_and_the_log_says_so()
    {
        await using var before = new Backstage();
        var (workspaceId, key) = await before.OpenAsync("bluma", "starter");
        var entitlements = (await before.SendAsync(VerifyKey.Endpoint, "a-service-key", new { key })).GetProperty("entitlements").GetRawText();

        await using var after = After(before, catalog => catalog["plans"]!.AsArray().RemoveAt(1));
        var verified = await after.AskAsync(VerifyKey.Endpoint, "a-service-key", new { key });
        Assert.Equal("1000", verified.Headers["X-RateLimit-Limit"]);
        Assert.Equal(entitlements, (await after.SendAsync(VerifyKey.Endpoint, "a-service-key", new { key })).GetProperty("entitlements").GetRawText());
        Assert.Contains(after.Told.Log, line => line.Text.Contains("bluma", StringComparison.Ordinal) && line.Text.Contains("starter", StringComparison.Ordinal));

        for (var i = 0; i < 4; i++)
        {
            var admitted = await after.ServiceAsync(AdmitGeneration.Endpoint, key, Video);
            Assert.Equal((30, false), (admitted.GetProperty("cost").GetInt32(), admitted.GetProperty("entitlements").GetProperty("watermark").GetBoolean()));
            await after.ServiceAsync(CompleteGeneration.Endpoint, key, new { }, Id(admitted));
        }

        // Its overage is charged, its renewals come, by its name; nobody new is sold it.
        after.MoveTo("2025-12-01T00:00:00Z");
        Assert.Equal(100, (await after.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetInt32());
        Assert.Contains("Monthly renewal: Starter plan", (await after.SendAsync(GetHistory.Endpoint, key)).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, (await after.SendAsync(GetInvoices.Endpoint, key)).GetProperty("invoices").GetArrayLength());
        Assert.Equal("starter", (await after.SendAsync(GetCredits.Endpoint, key)).GetProperty("plan").GetString());
        Assert.Equal(400, (await after.AskAsync(CreateAccountEndpoint.Endpoint, "an-operator-key", new { product = "bluma", name = "Bob", email = "b@example.com", plan = "starter" })).StatusCode);
        Assert.Equal(200, (await after.AskAsync(PutSubscription.Endpoint, "an-operator-key", new { plan = "pro" }, workspaceId)).StatusCode);
    }

    // A whole product was taken out of the folder, and every request of its customers failed.
    [Fact]
    public async Task Who_has_a_product_that_is_sold_no_longer_is_served()
    {
        await using var before = new Backstage();
        var (workspaceId, key) = await before.OpenAsync("bluma", "starter");
        await using var after = After(before, catalog => catalog["product"] = "pluma");
        Assert.Equal(30, (await after.ServiceAsync(AdmitGeneration.Endpoint, key, Video)).GetProperty("cost").GetInt32());
        after.MoveTo("2025-12-01T00:00:00Z");
        Assert.Equal(100, (await after.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetInt32());
        Assert.True((await after.OperatorAsync(AuditWorkspace.Endpoint, id: workspaceId)).GetProperty("ok").GetBoolean());
        Assert.Equal(400, (await after.AskAsync(CreateAccountEndpoint.Endpoint, "an-operator-key", new { product = "bluma", name = "Bob", email = "b@example.com" })).StatusCode);
    }

    private static Backstage After(Backstage before, Action<JsonObject> change)
    {
        var catalogs = new[] { "bloom", "bluma", "gleam" }.Select(product =>
        {
            var catalog = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", "Billing", "Catalogs", product + ".json")))!.AsObject();
            if (product == "bluma")
            {
                change(catalog);
            }

            return (product + ".json", catalog.ToJsonString());
        });
        var set = CatalogSet.Load([.. catalogs]).Own();
        return new Backstage(change: services => services.AddSingleton<ITableStore>(before.Store).AddSingleton(set));
    }

    private static string Id(JsonElement answer) => answer.GetProperty("id").GetString()!;

    private static async Task ConsumeAsync(Backstage backstage, InMemoryMessageQueue messages, string queue)
    {
        messages.Advance(TimeSpan.FromMinutes(2));
        foreach (var (_, message, id, receipt) in messages.Drain(queue))
        {
            await backstage.Get<MessageDispatcher>().ConsumeAsync(new ShardQueue(0, queue), new ReceivedMessage(id, receipt, message, 1, DateTimeOffset.UtcNow, IsText: true));
        }
    }
}
