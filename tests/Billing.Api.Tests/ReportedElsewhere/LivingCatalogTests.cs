using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Generations;
using Billing.Api.Keys;
using Billing.Api.Tests.Telemetry;
using Billing.Api.Workspaces;
using Billing.Catalogs;
using Billing.Engine.Ports;
using Billing.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Api.Tests.ReportedElsewhere;

/// <summary>Instances with old and new catalog files on the same tables, at the same time or one after the other.</summary>
public sealed class LivingCatalogTests
{
    private const string Operator = "an-operator-key";
    private static readonly object Video = new { template_id = "news-anchor", resolution = "1080p", complexity = "ai", duration = 60 };

    // While a release was rolled out, half of the machines did not know the plan that the other half had just sold, and took its customers for nobody's.
    [Fact]
    public async Task A_plan_that_only_the_newer_instance_sells_is_known_to_the_older()
    {
        await using var old = new Backstage();
        await using var young = Beside(old, bluma => bluma["plans"]!.AsArray().Add(Plan(bluma, "starter", plan => plan["id"] = "studio")));
        var (workspaceId, key) = await old.OpenAsync("bluma");
        Assert.Equal(200, (await young.AskAsync(PutSubscription.Endpoint, Operator, new { plan = "studio" }, workspaceId)).StatusCode);

        for (var i = 0; i < 5; i++)
        {
            // 110 credits are left: the fourth takes what is left, the fifth is one unit of overage.
            var admitted = await old.ServiceAsync(AdmitGeneration.Endpoint, key, Video);
            Assert.Equal("false", admitted.GetProperty("entitlements").GetProperty("watermark").GetRawText());
        }

        var verified = await old.AskAsync(VerifyKey.Endpoint, "a-service-key", new { key });
        Assert.Equal("1000", verified.Headers["X-RateLimit-Limit"]);
        Assert.Equal("studio", (await old.SendAsync(GetCredits.Endpoint, key)).GetProperty("plan").GetString());
    }

    // The same with a whole product: the older machines answered its first customers with an error of their own.
    [Fact]
    public async Task A_product_that_only_the_newer_instance_sells_is_served_by_the_older()
    {
        await using var old = new Backstage();
        await old.OpenAsync("bluma");
        await using var young = Beside(old, bluma => bluma["product"] = "pluma");
        var (workspaceId, key) = await young.OpenAsync("pluma", "starter");
        Assert.Equal(30, (await old.ServiceAsync(AdmitGeneration.Endpoint, key, Video)).GetProperty("cost").GetInt32());
        Assert.Equal(200, (await old.AskAsync(GetCredits.Endpoint, key)).StatusCode);
        Assert.Equal(200, (await old.AskAsync(GetWorkspaceAccount.Endpoint, Operator, null, workspaceId)).StatusCode);
        Assert.Equal(201, (await old.AskAsync(CreateTopUp.Endpoint, Operator, new { credits = 20, reference = "ch_1" }, workspaceId)).StatusCode);
    }

    // A customer's own price lacked what the new price list read of every price, and each of its orders ended in an error.
    [Fact]
    public async Task An_own_template_that_the_new_prices_cannot_price_is_refused_by_name_and_can_be_mended()
    {
        await using var before = new Backstage();
        var (workspaceId, key) = await before.OpenAsync("bluma", "pro");
        await before.AskAsync(PutSubscription.Endpoint, Operator, new { plan = "enterprise", credits = 3_000 }, workspaceId);
        Assert.Equal(200, await PutAsync(before, new { @base = 7, complexity = "basic" }));
        var own = new { template_id = "own-intro", resolution = "720p", duration = 30 };
        var quote = (await before.SendAsync(QuoteGeneration.Endpoint, key, own)).GetProperty("quote").GetString();

        await using var after = Beside(before, bluma =>
        {
            bluma["pricing"]!["factors"]!.AsArray().Add(JsonNode.Parse("""{ "name": "crew", "kind": "template", "attribute": "crew" }"""));
            foreach (var template in bluma["templates"]!.AsArray())
            {
                template!["attributes"]!["crew"] = 2;
            }
        });
        Assert.Equal(7, (await after.ServiceAsync(AdmitGeneration.Endpoint, key, new { quote })).GetProperty("cost").GetInt32());
        foreach (var endpoint in new[] { QuoteGeneration.Endpoint, CheckGeneration.Endpoint })
        {
            var refused = await after.SendAsync(endpoint, key, own);
            Assert.Equal(("INVALID_REQUEST", true), (refused.GetProperty("code").GetString(), refused.GetProperty("errors").TryGetProperty("template_id", out _)));
        }

        var admit = await after.ServiceAsync(AdmitGeneration.Endpoint, key, own);
        Assert.True(admit.GetProperty("errors").TryGetProperty("template_id", out _));
        var batch = await after.ServiceAsync(AdmitBatch.Endpoint, key, new { items = new object[] { own, Video }, mode = "best_effort" });
        Assert.Equal(["INVALID_REQUEST", null], batch.GetProperty("results").EnumerateArray().Select(one => one.TryGetProperty("code", out var code) ? code.GetString() : null));
        Assert.Equal(200, await PutAsync(after, new { @base = 7, complexity = "basic", crew = 1 }));
        Assert.Equal(7, (await after.ServiceAsync(AdmitGeneration.Endpoint, key, own)).GetProperty("cost").GetInt32());

        async Task<int> PutAsync(Backstage backstage, object attributes) =>
            (await backstage.AskAsync(PutTemplate.Endpoint, Operator, new { attributes }, workspaceId, of: ("templateId", "own-intro"))).StatusCode;
    }

    // The time that a job may take was raised, and jobs begun before it held their places for the new time.
    [Fact]
    public async Task What_was_begun_under_a_shorter_time_expires_when_it_was_said_to()
    {
        await using var before = new Backstage();
        var (workspaceId, key) = await before.OpenAsync("gleam", "pro");
        var first = await before.ServiceAsync(AdmitGeneration.Endpoint, key, Image);
        before.MoveTo("2025-11-01T00:30:00Z");
        var second = await before.ServiceAsync(AdmitGeneration.Endpoint, key, Image);

        await using var after = new Backstage(change: services => services.AddSingleton<ITableStore>(before.Store).AddSingleton(Catalogs("gleam", gleam => gleam["generation_ttl_seconds"] = 14_400)));
        after.MoveTo("2025-11-01T01:05:00Z");
        Assert.Equal(1, await RunningAsync());
        after.MoveTo("2025-11-01T01:30:00Z");
        Assert.Equal(0, await RunningAsync());
        Assert.Equal("2025-11-01T01:00:00Z", first.GetProperty("expires_at").GetString());
        Assert.Equal("2025-11-01T01:30:00Z", second.GetProperty("expires_at").GetString());

        async Task<int> RunningAsync()
        {
            await after.SendAsync(VerifyKey.Endpoint, "a-service-key", new { key });
            await after.OperatorAsync(CreateGrant.Endpoint, new { credits = 1, reason = "Touch" }, workspaceId);
            return (await after.SendAsync(GetCredits.Endpoint, key)).GetProperty("running").GetInt32();
        }
    }

    // The time was lowered, and whoever reported that a long job is alive shortened its life.
    [Fact]
    public async Task A_sign_of_life_takes_no_time_away()
    {
        await using var before = new Backstage();
        var (_, key) = await before.OpenAsync("gleam", "pro");
        var running = (await before.ServiceAsync(AdmitGeneration.Endpoint, key, Image)).GetProperty("id").GetString();
        await using var after = new Backstage(change: services => services.AddSingleton<ITableStore>(before.Store).AddSingleton(Catalogs("gleam", gleam => gleam["generation_ttl_seconds"] = 60)));
        Assert.Equal("2025-11-01T01:00:00Z", (await after.ServiceAsync(HeartbeatGeneration.Endpoint, key, id: running)).GetProperty("expires_at").GetString());
        after.MoveTo("2025-11-01T00:59:59Z");
        Assert.Equal("2025-11-01T01:00:59Z", (await after.ServiceAsync(HeartbeatGeneration.Endpoint, key, id: running)).GetProperty("expires_at").GetString());
        after.MoveTo("2025-11-01T01:00:58Z");
        Assert.Equal(200, (await after.AskAsync(CompleteGeneration.Endpoint, "a-service-key", new { }, running)).StatusCode);
    }

    // Who was on a plan that is sold no longer could not take back its cancellation, or a downgrade that had not come yet: the plan was "unknown".
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_on_a_retired_plan_may_stay_on_it(bool cancels)
    {
        await using var before = new Backstage();
        var (workspaceId, key) = await before.OpenAsync("bluma", "pro");
        await using var after = Beside(before, bluma => bluma["plans"]!.AsArray().Remove(Plan(bluma, "pro")));
        if (cancels)
        {
            await after.OperatorAsync(CancelSubscription.Endpoint, id: workspaceId);
        }
        else
        {
            await after.OperatorAsync(PutSubscription.Endpoint, new { plan = "free" }, workspaceId);
        }

        var stays = await after.OperatorAsync(PutSubscription.Endpoint, new { plan = "pro" }, workspaceId);
        Assert.Equal(("pro", "null", "false"), (stays.GetProperty("plan").GetString(), stays.GetProperty("next_plan").GetRawText(), stays.GetProperty("cancel_at_period_end").GetRawText()));
        after.MoveTo("2025-12-01T00:00:00Z");
        Assert.Equal(500, (await after.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetInt32());

        // Who has left it has left it for good.
        await after.OperatorAsync(PutSubscription.Endpoint, new { plan = "free" }, workspaceId);
        after.MoveTo("2026-01-01T00:00:00Z");
        Assert.Equal(400, (await after.AskAsync(PutSubscription.Endpoint, Operator, new { plan = "pro" }, workspaceId)).StatusCode);
    }

    // A downgrade was put off to the end of the period; by then its plan was gone, and the renewal failed for ever.
    [Fact]
    public async Task A_change_that_was_put_off_comes_although_its_plan_has_left_by_then()
    {
        await using var before = new Backstage();
        var (workspaceId, key) = await before.OpenAsync("bluma", "pro");
        await before.OperatorAsync(PutSubscription.Endpoint, new { plan = "starter" }, workspaceId);
        await using var after = Beside(before, bluma => bluma["plans"]!.AsArray().Remove(Plan(bluma, "starter")));
        after.MoveTo("2025-12-01T00:00:00Z");
        var credits = await after.SendAsync(GetCredits.Endpoint, key);
        Assert.Equal(("starter", 100), (credits.GetProperty("plan").GetString(), credits.GetProperty("credits").GetInt32()));
        Assert.Equal("1000", (await after.AskAsync(VerifyKey.Endpoint, "a-service-key", new { key })).Headers["X-RateLimit-Limit"]);
        Assert.Contains("Starter plan", (await after.SendAsync(GetHistory.Endpoint, key)).GetRawText(), StringComparison.Ordinal);
    }

    // A limit was lowered below what had been used, and the headers counted below zero, or the counter began anew.
    [Fact]
    public async Task A_lowered_limit_leaves_nothing_and_a_raised_one_what_is_above_the_used()
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("bluma");
        for (var i = 0; i < 10; i++)
        {
            await backstage.SendAsync(GetCredits.Endpoint, key);
        }

        await using var lowered = Beside(backstage, bluma => Plan(bluma, "free")["rate_limit"]!["limit"] = 4);
        await using var raised = Beside(backstage, bluma => Plan(bluma, "free")["rate_limit"]!["limit"] = 50);
        await using var sliding = Beside(backstage, bluma => Plan(bluma, "free")["rate_limit"] = JsonNode.Parse("""{ "kind": "sliding", "limit": 12, "window_seconds": 60 }"""));
        var refused = await lowered.AskAsync(GetCredits.Endpoint, key);
        Assert.Equal((429, "4", "0", "3600"), (refused.StatusCode, $"{refused.Headers["X-RateLimit-Limit"]}", Remaining(refused), $"{refused.Headers.RetryAfter}"));
        var served = await raised.AskAsync(GetCredits.Endpoint, key);
        Assert.Equal((200, "39"), (served.StatusCode, Remaining(served)));
        var last = await sliding.AskAsync(GetCredits.Endpoint, key);
        Assert.Equal((200, "0"), (last.StatusCode, Remaining(last)));
        Assert.Equal(429, (await sliding.AskAsync(GetCredits.Endpoint, key)).StatusCode);
        sliding.MoveTo("2025-11-01T00:01:00Z");
        Assert.Equal(200, (await sliding.AskAsync(GetCredits.Endpoint, key)).StatusCode);

        static string Remaining(HttpResponse response) => $"{response.Headers["X-RateLimit-Remaining"]}";
    }

    // The least and the most that can be bought were changed, and the repeat of a payment's report was refused by the new ones.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_top_up_is_known_by_its_reference_whatever_is_sold_by_then(bool none)
    {
        await using var before = new Backstage();
        var (workspaceId, key) = await before.OpenAsync("bluma");
        var bought = await before.OperatorAsync(CreateTopUp.Endpoint, new { credits = 1_000, reference = "ch_1" }, workspaceId);
        await using var after = Beside(before, bluma =>
        {
            bluma.Remove("top_ups");
            if (!none)
            {
                bluma["top_ups"] = JsonNode.Parse("""{ "min": 10, "max": 20 }""");
            }
        });
        var again = await after.OperatorAsync(CreateTopUp.Endpoint, new { credits = 1_000, reference = "ch_1" }, workspaceId);
        Assert.Equal(bought.GetRawText(), again.GetRawText());
        Assert.Equal(400, (await after.AskAsync(CreateTopUp.Endpoint, Operator, new { credits = 1_000, reference = "ch_2" }, workspaceId)).StatusCode);
        var id = ("topUpId", bought.GetProperty("id").GetString()!);
        Assert.Equal(200, (await after.AskAsync(ReverseTopUpEndpoint.Endpoint, Operator, new { reason = "dispute", reference = "dp_1" }, workspaceId, of: id)).StatusCode);
        Assert.Equal(200, (await after.AskAsync(ReinstateTopUpEndpoint.Endpoint, Operator, new { reference = "dp_1" }, workspaceId, of: id)).StatusCode);
        Assert.Equal(1_010, (await after.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetInt32());
    }

    // The currency was changed within the month, and cents were added to pence.
    [Fact]
    public async Task Overage_of_a_month_in_two_currencies_is_two_invoices_and_a_refund_finds_its_own()
    {
        await using var before = new Backstage();
        var (workspaceId, key) = await before.OpenAsync("bluma", "starter");
        await using var after = Beside(before, bluma =>
        {
            foreach (var plan in bluma["plans"]!.AsArray())
            {
                foreach (var money in new[] { "price", "overage" }.Select(name => plan![name]).OfType<JsonObject>())
                {
                    money["currency"] = "EUR";
                }
            }
        });
        foreach (var backstage in new[] { before, after })
        {
            for (var i = 0; i < 5; i++)
            {
                var admitted = await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Video);
                await backstage.ServiceAsync(CompleteGeneration.Endpoint, key, new { }, admitted.GetProperty("id").GetString());
            }
        }

        Assert.Equal("EUR", (await after.SendAsync(GetCredits.Endpoint, key)).GetProperty("overage_amount").GetProperty("currency").GetString());
        after.MoveTo("2025-12-01T00:00:00Z");
        var invoices = (await after.SendAsync(GetInvoices.Endpoint, key)).GetProperty("invoices").EnumerateArray().ToList();
        Assert.Equal([("2025-11", 5, "EUR", 250), ("2025-11", 2, "USD", 100)], invoices
            .Select(one => (one.GetProperty("month").GetString()!, one.GetProperty("units").GetInt32(), one.GetProperty("total").GetProperty("currency").GetString()!, one.GetProperty("total").GetProperty("amount_minor").GetInt32()))
            .OrderBy(one => one.Item3));
        Assert.True((await after.OperatorAsync(AuditWorkspace.Endpoint, id: workspaceId)).GetProperty("ok").GetBoolean());
    }

    // The plan that everybody falls to was taken away or renamed: whoever canceled hung between the two, and every renewal run stopped at the first of them.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_canceled_falls_to_the_plan_that_is_the_default_by_then(bool renamed)
    {
        await using var before = new Backstage();
        var (workspaceId, key) = await before.OpenAsync("bluma", "starter");
        await before.OperatorAsync(CancelSubscription.Endpoint, id: workspaceId);
        await using var after = Beside(before, bluma =>
        {
            if (renamed)
            {
                Plan(bluma, "free")["id"] = "basic";
                bluma["default_plan"] = "basic";
            }
            else
            {
                bluma["base"] = JsonNode.Parse($$"""{ "rate_limit": {{Plan(bluma, "free")["rate_limit"]!.ToJsonString()}}, "entitlements": { "watermark": true } }""");
                bluma["plans"]!.AsArray().Remove(Plan(bluma, "free"));
                bluma.Remove("default_plan");
            }
        });
        after.MoveTo("2025-12-01T00:00:00Z");
        var credits = await after.SendAsync(GetCredits.Endpoint, key);
        Assert.Equal(renamed ? ("basic", 10) : (null, 0), (credits.GetProperty("plan").GetString(), credits.GetProperty("credits").GetInt32()));
        Assert.Equal(renamed ? "active" : "canceled", credits.GetProperty("plan_status").GetString());
        Assert.Equal("100", (await after.AskAsync(VerifyKey.Endpoint, "a-service-key", new { key })).Headers["X-RateLimit-Limit"]);
        Assert.True((await after.OperatorAsync(AuditWorkspace.Endpoint, id: workspaceId)).GetProperty("ok").GetBoolean());
    }

    // A team was made for a customer of a product that is sold no longer: the answer named it, and there was none.
    [Fact]
    public async Task A_team_that_cannot_be_opened_is_refused_and_one_that_was_is_told_again()
    {
        await using var before = new Backstage();
        var account = (await before.OperatorAsync(CreateAccountEndpoint.Endpoint, new { product = "bluma", name = "Ada", email = "a@example.com" })).GetProperty("account_id").GetString();
        var asked = new { account_id = account, name = "Team" };
        var made = await before.AskAsync(CreateWorkspace.Endpoint, Operator, asked, idempotencyKey: "one");
        await using var after = Beside(before, bluma => bluma["product"] = "pluma");
        var again = await after.AskAsync(CreateWorkspace.Endpoint, Operator, asked, idempotencyKey: "one");
        Assert.Equal((201, Backstage.JsonOf(made).GetRawText()), (again.StatusCode, Backstage.JsonOf(again).GetRawText()));
        foreach (var name in new[] { null, "two", "two" })
        {
            var refused = await after.AskAsync(CreateWorkspace.Endpoint, Operator, asked, idempotencyKey: name);
            Assert.InRange(refused.StatusCode, 400, 409);
        }

        var session = (await after.OperatorAsync(CreateSession.Endpoint, new { account_id = account })).GetProperty("token").GetString()!;
        Assert.Equal(2, (await after.SendAsync(GetWorkspaces.Endpoint, session)).GetProperty("workspaces").GetArrayLength());
    }

    // The report of a customer was sent again after its plan had left the shop, and "already there" became "unknown plan".
    [Fact]
    public async Task An_account_is_known_by_its_external_id_whatever_is_sold_by_then()
    {
        await using var before = new Backstage();
        var asked = new { product = "bluma", name = "Ada", email = "a@example.com", plan = "starter", external_id = "c-1" };
        var made = await before.OperatorAsync(CreateAccountEndpoint.Endpoint, asked);
        await using var after = Beside(before, bluma => bluma["plans"]!.AsArray().Remove(Plan(bluma, "starter")));
        Assert.Equal(made.GetRawText(), (await after.OperatorAsync(CreateAccountEndpoint.Endpoint, asked)).GetRawText());
        Assert.Equal(400, (await after.AskAsync(CreateAccountEndpoint.Endpoint, Operator, new { asked.product, asked.name, asked.email, asked.plan, external_id = "c-2" })).StatusCode);
    }

    // What an older version had stored of a product could not be read by the stricter new one, and nobody of any product was served.
    [Theory]
    [InlineData("file:pluma", "{ \"product\": \"pluma\", \"later\": true }")]
    [InlineData("file:pluma", "{ half")]
    [InlineData("plan:bluma:gold", "{ \"id\": \"gold\", \"later\": true }")]
    [InlineData("plan:bluma:gold", "{ half")]
    [InlineData("plan:bluma", "{}")]
    public async Task What_is_kept_of_former_catalogs_and_cannot_be_read_costs_nobody_else_anything(string row, string kept)
    {
        await using var backstage = new Backstage();
        backstage.Store.Arrive(new Partition(Table.People, "catalogs"), [new RowWrite(WriteKind.Insert, new Row(row, kept))]);
        var (_, key) = await backstage.OpenAsync("bluma");
        Assert.Equal(200, (await backstage.AskAsync(GetCredits.Endpoint, key)).StatusCode);
        Assert.Contains(backstage.Told.Log, line => line.Text.Contains(row, StringComparison.Ordinal));
    }

    // A price list was longer than the store's longest text, which showed only when the first customer came.
    [Fact]
    public async Task A_long_catalog_is_kept_as_well_as_a_short_one_and_one_that_cannot_be_is_told_at_the_start()
    {
        await using var backstage = new Backstage(change: services => services.AddSingleton(Long(60)));
        var (_, key) = await backstage.OpenAsync("bluma");
        Assert.Equal(200, (await backstage.AskAsync(GetCredits.Endpoint, key)).StatusCode);
        Assert.Contains("170,000 are the most", Assert.Single(Assert.Throws<CatalogException>(() => Long(100)).Errors), StringComparison.Ordinal);

        static CatalogSet Long(int id) => Catalogs(
            "bluma",
            bluma =>
            {
                for (var i = 100; i < 1_097; i++)
                {
                    bluma["templates"]!.AsArray().Add(JsonNode.Parse($$"""{ "id": "{{new string('語', id - 4)}}{{i}}", "tier": "standard", "attributes": { "base": 3, "complexity": "advanced" } }"""));
                }
            },
            bluma => bluma.ToJsonString(new JsonSerializerOptions { WriteIndented = true, IndentSize = 40 }));
    }

    // A product was taken out of the shop; what its customers had under way could not be reported as done, and nobody found them by the seller's own id.
    [Fact]
    public async Task What_a_closed_product_has_under_way_is_settled_and_its_customers_are_found()
    {
        await using var before = new Backstage();
        var (_, key) = await before.OpenAsync("gleam", "pro");
        await before.OperatorAsync(CreateAccountEndpoint.Endpoint, new { product = "gleam", name = "Ada", email = "a@example.com", external_id = "c-1" });
        var running = (await before.ServiceAsync(AdmitGeneration.Endpoint, key, Image)).GetProperty("id").GetString();
        await using var after = new Backstage(change: services => services.AddSingleton<ITableStore>(before.Store).AddSingleton(Catalogs("gleam", gleam => gleam["product"] = "glow")));
        Assert.Equal(200, (await after.AskAsync(CompleteGeneration.Endpoint, "a-service-key", new { file_size_bytes = 5_000 }, running)).StatusCode);
        Assert.Equal(1, (await after.QueryAsync(ListAccounts.Endpoint, Operator, "?external_id=c-1")).GetProperty("accounts").GetArrayLength());
    }

    // A plan came back under its name with other figures; who had stayed on the old one was renewed with neither.
    [Fact]
    public async Task A_plan_that_comes_back_is_the_one_that_is_sold_and_keeps_what_was_granted()
    {
        await using var before = new Backstage();
        var (_, key) = await before.OpenAsync("bluma", "starter");
        await using (var without = Beside(before, bluma => bluma["plans"]!.AsArray().Remove(Plan(bluma, "starter"))))
        {
            Assert.Equal("1000", (await without.AskAsync(VerifyKey.Endpoint, "a-service-key", new { key })).Headers["X-RateLimit-Limit"]);
        }

        await using var again = Beside(before, bluma => Plan(bluma, "starter")["rate_limit"]!["limit"] = 2_000);
        Assert.Equal("2000", (await again.AskAsync(VerifyKey.Endpoint, "a-service-key", new { key })).Headers["X-RateLimit-Limit"]);
        again.MoveTo("2025-12-01T00:00:00Z");
        Assert.Equal(100, (await again.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetInt32());
    }

    // A batch was sent again after a price had changed, and its second answer was another.
    [Fact]
    public async Task The_repeat_of_a_batch_has_its_answer_whatever_it_would_cost_by_now()
    {
        await using var before = new Backstage();
        var (_, key) = await before.OpenAsync("bluma", "pro");
        var asked = new { items = new[] { Video, Video }, mode = "best_effort" };
        var first = await before.ServiceAsync(AdmitBatch.Endpoint, key, asked, idempotencyKey: "one");
        await using var after = Beside(before, bluma => bluma["templates"]!.AsArray().RemoveAt(2));
        Assert.Equal(first.GetRawText(), (await after.ServiceAsync(AdmitBatch.Endpoint, key, asked, idempotencyKey: "one")).GetRawText());
        Assert.Equal(440, (await after.SendAsync(GetCredits.Endpoint, key)).GetProperty("credits").GetInt32());
    }

    private static readonly object Image = new { template = "basic", format = "png", width = 100, height = 100 };

    private static JsonNode Plan(JsonObject catalog, string id) => catalog["plans"]!.AsArray().Single(plan => plan!["id"]!.GetValue<string>() == id)!;

    private static JsonNode Plan(JsonObject catalog, string id, Action<JsonNode> change)
    {
        var copy = Plan(catalog, id).DeepClone();
        change(copy);
        return copy;
    }

    private static Backstage Beside(Backstage backstage, Action<JsonObject> change) =>
        new(change: services => services.AddSingleton<ITableStore>(backstage.Store).AddSingleton(Catalogs("bluma", change)));

    private static CatalogSet Catalogs(string changed, Action<JsonObject> change, Func<JsonObject, string>? write = null)
    {
        var catalogs = new[] { "bloom", "bluma", "gleam" }.Select(product =>
        {
            var catalog = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", "Billing", "Catalogs", product + ".json")))!.AsObject();
            if (product == changed)
            {
                change(catalog);
            }

            return (product + ".json", write is null || product != changed ? catalog.ToJsonString() : write(catalog));
        });
        return CatalogSet.Load([.. catalogs]).Own();
    }
}
