using System.Text.Json.Nodes;
using Billing.Catalogs;
using Billing.Subscriptions;
using Billing.Tests.Catalogs;
using Billing.Tests.Workspaces;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

public sealed class PlanChangeTests
{
    // Down and up again in one period brought a whole fresh allowance each time.
    [Theory]
    [InlineData("bluma")]
    [InlineData("bloom")]
    public void A_free_plan_with_much_in_it_is_no_way_to_be_granted_a_paid_one_twice(string product)
    {
        var workspace = WithPromotion(product);
        var before = workspace.Balance;
        var paid = workspace.Subscription.Current.Plan;
        for (var round = 0; round < 3; round++)
        {
            workspace.Subscribe("promo");
            Assert.Equal((paid, "promo"), (workspace.Subscription.Current.Plan, workspace.Subscription.Next!.Plan));
            workspace.Subscribe(paid);
        }

        Assert.Equal((before, null), (workspace.Balance, workspace.Subscription.Next));
        Assert.Equal("purchase 5000", workspace.Subscribe("promo").On("2025-12-01T00:00:00Z").Lines.Last()[..13]);
    }

    // An upgrade left a cancellation in place that had been asked for before it, and the customer was cut off at the end of the month.
    [Theory]
    [InlineData("bluma", "starter", "pro")]
    [InlineData("bloom", "plus", "pro")]
    [InlineData("bluma", "pro", "starter")]
    public void A_change_of_plan_takes_back_a_cancellation(string product, string plan, string other)
    {
        var workspace = Of(product, plan: plan).Cancel().Subscribe(other).On("2025-12-01T00:00:00Z");
        Assert.Equal((other, false, false), (workspace.Subscription.Current.Plan, workspace.Subscription.Canceled, workspace.Subscription.Ended));
    }

    // A downgrade that had been put off to the end of the period came into force although the customer had canceled in between.
    [Fact]
    public void A_cancellation_takes_back_a_change_of_plan()
    {
        var workspace = Of("bloom", plan: "max").Subscribe("plus").Cancel().On("2025-12-01T00:00:00Z");
        Assert.Equal((true, 0), (workspace.Subscription.Ended, workspace.PlanCredits));
    }

    // Who canceled while a downgrade was pending fell to nothing in place of the free plan.
    [Fact]
    public void Whatever_was_pending_who_cancels_falls_to_free()
    {
        var workspace = Of("bluma", plan: "pro").Subscribe("starter").Cancel().Subscribe("enterprise", 3_000).Cancel().On("2025-12-01T00:00:00Z");
        Assert.Equal(("free", 10), (workspace.Subscription.Current.Plan, workspace.PlanCredits));
    }

    // Moving to the paid plan wiped what was left of the free one, or made it last as long as the paid one.
    [Fact]
    public void Free_credits_that_were_kept_end_when_they_would_have()
    {
        var workspace = Of("bluma").On("2025-11-20T00:00:00Z").Subscribe("starter");
        Assert.Equal(110, workspace.Balance);
        Assert.Equal(100, workspace.On("2025-12-01T00:00:00Z").Balance);
        Assert.Equal(100, workspace.On("2025-12-20T00:00:00Z").Balance);
    }

    /// <summary>On the cheapest paid plan, where a free one has more.</summary>
    private static LiveWorkspace WithPromotion(string product)
    {
        var paid = product == "bluma" ? "starter" : "plus";
        var catalog = Catalog.Parse(Request.File(product, file =>
        {
            var plans = file["plans"]!.AsArray();
            var promotion = plans.Single(plan => (string)plan!["id"]! == paid)!.DeepClone();
            (promotion["id"], promotion["name"], promotion["allowance"], promotion["free"]) = ("promo", "Promo", 5_000, true);
            promotion.AsObject().Remove("overage");
            promotion["price"] = JsonNode.Parse("""{"amount_minor": 0, "currency": "USD"}""");
            plans.Add(promotion);
        }));
        return Of(catalog, At("2025-11-01T00:00:00Z"), new OpenWorkspace(Id, product, "Studio", WorkspaceType.Personal, paid));
    }
}
