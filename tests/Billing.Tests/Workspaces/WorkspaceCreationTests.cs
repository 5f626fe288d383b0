using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Tests.Workspaces;

public sealed class WorkspaceCreationTests
{
    [Fact]
    public void A_bloom_account_starts_with_ten_credits_that_never_expire_and_no_plan()
    {
        var workspace = LiveWorkspace.Of("bloom");
        Assert.Equal(["grant 10 → 10"], workspace.Lines);
        Assert.Equal("Sign-up credits", workspace.LastEntry.Description);
        Assert.Null(workspace.Account.Subscription);
        Assert.Equal(10, workspace.BonusCredits);
        Assert.Equal(10, workspace.On("2035-01-01T00:00:00Z").Balance);
        workspace.Admit(10);
        Assert.Equal(0, workspace.Balance);
    }

    [Theory]
    [InlineData("bluma", 10)]
    [InlineData("gleam", 100)]
    public void A_bluma_or_gleam_account_starts_on_the_free_plan(string product, decimal credits)
    {
        var workspace = LiveWorkspace.Of(product);
        Assert.Equal([$"grant {credits} → {credits}"], workspace.Lines);
        Assert.Equal("Plan started: Free plan", workspace.LastEntry.Description);
        Assert.Equal("free", workspace.Subscription.Current.Plan);
        Assert.Equal(credits, workspace.PlanCredits);
        Assert.Equal(LiveWorkspace.At("2025-12-01T00:00:00Z"), workspace.Subscription.PeriodEndsAt);
    }

    [Theory]
    [InlineData("bluma", 10)]
    [InlineData("gleam", 100)]
    public void A_team_workspace_of_bluma_or_gleam_starts_on_the_free_plan_too(string product, decimal credits)
    {
        var workspace = LiveWorkspace.TeamOf(product);
        Assert.Equal([$"grant {credits} → {credits}"], workspace.Lines);
        Assert.Equal("free", workspace.Subscription.Current.Plan);
    }

    [Fact]
    public void A_team_workspace_has_no_sign_up_credits_and_of_bloom_no_plan()
    {
        var workspace = LiveWorkspace.TeamOf("bloom");
        Assert.Empty(workspace.Entries);
        Assert.Null(workspace.Account.Subscription);
        Assert.Equal(0, workspace.Balance);
        LiveWorkspace.Declined(RefusalCodes.InsufficientCredits, workspace.TryAdmit(1));
    }

    [Fact]
    public void A_bloom_account_with_a_plan_has_its_allowance_and_the_sign_up_credits()
    {
        var workspace = LiveWorkspace.Of("bloom", plan: "plus");
        Assert.Equal(["grant 10 → 10", "purchase 50 → 60"], workspace.Lines);
        Assert.Equal((50, 10), (workspace.PlanCredits, workspace.BonusCredits));
    }

    [Theory]
    [InlineData("bloom", "plus", null, 50)]
    [InlineData("bloom", "pro", null, 100)]
    [InlineData("bloom", "max", null, 200)]
    [InlineData("bloom", "scale", 300.0, 300)]
    [InlineData("bloom", "scale", 2000.0, 2000)]
    [InlineData("bluma", "free", null, 10)]
    [InlineData("bluma", "starter", null, 100)]
    [InlineData("bluma", "pro", null, 500)]
    [InlineData("bluma", "enterprise", 3000.0, 3000)]
    [InlineData("bluma", "enterprise", 12000.0, 12000)]
    [InlineData("gleam", "free", null, 100)]
    [InlineData("gleam", "pro", null, 1000)]
    [InlineData("gleam", "lifetime", null, 2000)]
    public void Every_plan_grants_its_monthly_allowance(string product, string plan, double? credits, decimal allowance)
    {
        var workspace = LiveWorkspace.Of(product, plan: plan, credits: (decimal?)credits);
        Assert.Equal(allowance, workspace.PlanCredits);
        Assert.Equal(allowance, workspace.Subscription.Allowance.ToDecimal());
    }

    [Theory]
    [InlineData("bloom", "gold", null, "plan")]
    [InlineData("bloom", "free", null, "plan")]
    [InlineData("bloom", "plus", 51.0, "credits")]
    [InlineData("bloom", "scale", null, "credits")]
    [InlineData("bloom", "scale", 299.999, "credits")]
    [InlineData("bloom", "scale", 2001.0, "credits")]
    [InlineData("bluma", "enterprise", 2999.0, "credits")]
    [InlineData("bluma", "enterprise", -5.0, "credits")]
    [InlineData("bluma", null, 50.0, "credits")]
    [InlineData("bloom", null, 50.0, "credits")]
    public void A_plan_or_allowance_that_is_not_sold_makes_no_account(string product, string? plan, double? credits, string field)
    {
        var create = new OpenWorkspace(LiveWorkspace.Id, product, "Studio", WorkspaceType.Personal, plan, LiveWorkspace.Amount((decimal?)credits));
        var refusal = LiveWorkspace.Declined(
            RefusalCodes.InvalidRequest,
            WorkspaceDecisions.Create(create, Billing.Catalogs.CatalogSet.Shipped[product], LiveWorkspace.At("2025-11-01T00:00:00Z")));
        Assert.Contains(field, refusal.Errors!.Keys);
    }
}
