using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Subscriptions;
using Billing.Tests.Catalogs;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Generations;

public sealed class AdmitTests
{
    [Fact]
    public void An_admission_charges_and_leaves_an_entry_that_says_for_what()
    {
        // Bluma's sample: 6 of 100 for a 30 second video of the discord template at 1080p.
        var workspace = Of("bluma", plan: "starter").On("2025-11-03T10:30:00Z");
        var wanted = workspace.Wanted("""{"template_id": "consumerclub-discord-zoomed", "resolution": "1080p", "duration": 30}""");
        var admitted = Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [wanted])));
        var generation = admitted.Items.Single().Generation!;
        Assert.Equal((GenerationStatus.Running, Amount(6), Amount(6), 1L), (generation.Status, generation.Cost, generation.Charged, generation.Units));
        Assert.Equal(At("2025-11-03T11:30:00Z"), generation.ExpiresAt);
        Assert.Equal($"gen_{Id[3..]}{admitted.Admission!.Key}", generation.Id);
        Assert.False(admitted.Entitlements["watermark"].Flag);

        var entry = workspace.LastEntry;
        Assert.Equal((EntryType.Deduction, Amount(-6), Amount(94)), (entry.Type, entry.Amount, entry.BalanceAfter));
        Assert.Equal($"Video generation: {generation.Id}", entry.Description);
        Assert.Equal("consumerclub-discord-zoomed", entry.Metadata!["template_id"].Text);
        Assert.Equal(("1080p", 30m), (entry.Metadata["resolution"].Text, entry.Metadata["duration"].Number));
        Assert.Equal(generation.Id, entry.ShownMetadata["generation_id"].Text);
        Assert.Equal(workspace.Catalog.PriceVersion, entry.PriceVersion);
        Assert.Equal(At("2025-11-03T10:30:00Z"), entry.CreatedAt);
        Assert.True(Ids.TryParse("txn", entry.IdIn(Id), out var workspaceId, out var number));
        Assert.Equal((Id, 2L), (workspaceId, Ids.NumberOf(number)));
    }

    [Fact]
    public void What_the_caller_attaches_is_kept_and_never_hides_what_was_charged_for()
    {
        var workspace = Of("bloom");
        var wanted = workspace.Wanted("""{"size": "4K", "variant_count": 3}""") with
        {
            Description = "Banner",
            Metadata = ImmutableSortedDictionary<string, string>.Empty.Add("size", "8K").Add("campaign", "spring"),
        };
        Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [wanted])));
        var metadata = workspace.LastEntry.ShownMetadata;
        Assert.Equal("Banner", workspace.LastEntry.Description);
        Assert.Equal(("4K", 3m, "spring", "Banner"), (metadata["size"].Text, metadata["variant_count"].Number, metadata["campaign"].Text, metadata["description"].Text));
        Assert.Equal(4, workspace.Balance);
    }

    [Fact]
    public void The_last_credit_can_be_spent_and_no_further_one()
    {
        var workspace = Of("bluma");
        workspace.Admit(10);
        var refusal = Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(0.001m));
        Assert.Equal((Amount(0.001m), Amount(0)), (refusal.Required, refusal.Available));
        Assert.Equal(workspace.Catalog.BuyUrl, refusal.ActionUrl);
        Assert.Null(refusal.RetryAt);
        Assert.Equal(0, workspace.Balance);
    }

    [Fact]
    public void A_refusal_tells_what_would_be_affordable()
    {
        var workspace = Of("bloom");
        workspace.Admit(5);
        var wanted = workspace.Wanted("""{"size": "4K", "variant_count": 3}""");
        var refusal = Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(new Admit(workspace.NextKey(), [wanted])));
        Assert.Equal((Amount(6), Amount(5), Amount(1), 2L), (refusal.Required, refusal.Available, refusal.Shortfall, refusal.MaxAffordable!["variant_count"]));
        Assert.Equal("This generation costs 6 credits; 5 are left.", refusal.Detail);
    }

    [Fact]
    public void Of_gleams_monthly_images_a_used_up_month_is_a_rate_limit_until_the_renewal()
    {
        var workspace = Of("gleam", plan: "pro");
        workspace.Complete(workspace.Admit(1000));
        var refusal = Declined(RefusalCodes.MonthlyLimit, workspace.TryAdmit(1));
        Assert.Equal(At("2025-12-01T00:00:00Z"), refusal.RetryAt);
        Assert.Equal((Amount(1), Amount(0)), (refusal.Required, refusal.Available));
        workspace.On("2025-12-01T00:00:00Z").Admit(1);
    }

    [Fact]
    public void Who_canceled_gleam_waits_for_the_free_plan()
    {
        var canceled = Of("gleam", plan: "pro").Cancel();
        canceled.Complete(canceled.Admit(1000));
        Assert.Equal(At("2025-12-01T00:00:00Z"), Declined(RefusalCodes.MonthlyLimit, canceled.TryAdmit(1)).RetryAt);
        canceled.On("2025-12-01T00:00:00Z").Admit(1);
    }

    [Fact]
    public void Where_no_renewal_will_come_credits_are_asked_for_instead()
    {
        var catalog = Catalog.Parse(Request.File("gleam", file =>
        {
            file.AsObject().Remove("default_plan");
            file["base"] = JsonNode.Parse("""{"rate_limit": {"kind": "fixed_hour", "limit": 5}, "entitlements": {"watermark": false}}""");
        }));
        var canceled = Of(catalog, At("2025-11-01T00:00:00Z"), new OpenWorkspace(Id, "gleam", "Studio", WorkspaceType.Personal, "pro")).Cancel();
        canceled.Complete(canceled.Admit(1000));
        Assert.Null(Declined(RefusalCodes.InsufficientCredits, canceled.TryAdmit(1)).RetryAt);
        Declined(RefusalCodes.InsufficientCredits, canceled.On("2026-01-01T00:00:00Z").TryAdmit(1));
    }

    [Fact]
    public void A_paused_subscription_outranks_every_other_reason()
    {
        var workspace = Of("gleam", plan: "pro");
        Accepted(workspace.TryBatch(allOrNothing: true, 1, 1, 1, 1, 1));
        Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(10_000));
        workspace.Pay(PaymentStatus.Failed);
        Declined(RefusalCodes.PaymentRequired, workspace.TryAdmit(10_000));
    }

    [Fact]
    public void Concurrency_comes_before_plan_limits_and_those_before_credits()
    {
        var workspace = Of("gleam");
        var gold = workspace.Wanted("""{"template": "gold"}""");
        var id = workspace.Admit(100);
        Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(new Admit(workspace.NextKey(), [gold])));
        workspace.Complete(id);
        Declined(RefusalCodes.TemplateNotInPlan, workspace.TryAdmit(new Admit(workspace.NextKey(), [gold])));
        Declined(RefusalCodes.MonthlyLimit, workspace.TryAdmit(1));
    }

    [Theory]
    [InlineData("free", 1)]
    [InlineData("pro", 5)]
    [InlineData("lifetime", 10)]
    public void A_running_generation_is_a_concurrency_slot(string plan, int slots)
    {
        var workspace = Of("gleam", plan: plan);
        var running = Enumerable.Range(0, slots).Select(_ => workspace.Admit(1)).ToList();
        Assert.Equal(
            $"{slots} generation{(slots == 1 ? " is" : "s are")} running; the plan allows {slots} at once.",
            Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(1)).Detail);
        workspace.Complete(running[0]);
        running.Add(workspace.Admit(1));
        Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(1));
        workspace.Fail(running[^1], "server_error");
        workspace.Admit(1);
        Assert.Equal(slots, workspace.Account.Running);
    }

    [Fact]
    public void A_quoted_price_is_charged_whatever_the_catalog_says_now()
    {
        var workspace = Of("bluma", plan: "starter");
        var quoted = workspace.Wanted("""{"template_id": "news-anchor"}""") with { Price = new Price(Amount(2.25m), [new PriceFactor("base", 2.25m)], 1, "older-prices") };
        Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [quoted])));
        Assert.Equal((97.75m, "older-prices"), (workspace.Balance, workspace.LastEntry.PriceVersion));
    }

    [Fact]
    public void Entitlements_are_the_plans()
    {
        var admitted = Accepted(Of("bluma", plan: "pro").TryAdmit(1));
        Assert.Equal(("high", "priority", false), (admitted.Entitlements["priority"].Text, admitted.Entitlements["support"].Text, admitted.Entitlements["watermark"].Flag));
        Assert.True(Accepted(Of("bluma").TryAdmit(1)).Entitlements["watermark"].Flag);
    }

    [Fact]
    public void What_the_caller_says_of_it_stands_in_the_line_of_its_overage_too()
    {
        var workspace = Of("bluma", plan: "starter");
        Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [workspace.Wanted(130) with { Description = "Trailer" }])));
        Assert.Equal(["Trailer", "Trailer"], workspace.Entries.TakeLast(2).Select(entry => entry.Description));
    }

    [Fact]
    public void A_sellers_field_may_be_called_as_it_likes()
    {
        var workspace = Of("bloom");
        var wanted = workspace.Wanted(1);
        wanted = wanted with { Usage = new Usage(wanted.Usage.Values.Add("generation_id", Scalar.Of("mine")).Add("description", Scalar.Of("theirs")), 1), Description = "Banner" };
        var id = Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [wanted]))).Items.Single().Generation!.Id;
        Assert.Equal((id, "theirs"), (workspace.LastEntry.ShownMetadata["generation_id"].Text, workspace.LastEntry.ShownMetadata["description"].Text));
    }
}
