using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Subscriptions;

public sealed class AnniversaryTests
{
    [Theory]
    [InlineData("2025-01-31T09:00:00Z", "2025-02-28T09:00:00Z", "2025-03-31T09:00:00Z", "2025-04-30T09:00:00Z", "2025-05-31T09:00:00Z")]
    [InlineData("2024-01-31T09:00:00Z", "2024-02-29T09:00:00Z", "2024-03-31T09:00:00Z", "2024-04-30T09:00:00Z", "2024-05-31T09:00:00Z")]
    [InlineData("2024-01-30T00:00:00Z", "2024-02-29T00:00:00Z", "2024-03-30T00:00:00Z", "2024-04-30T00:00:00Z", "2024-05-30T00:00:00Z")]
    [InlineData("2024-02-29T12:00:00Z", "2024-03-29T12:00:00Z", "2024-04-29T12:00:00Z", "2024-05-29T12:00:00Z", "2024-06-29T12:00:00Z")]
    [InlineData("2024-11-30T23:59:59Z", "2024-12-30T23:59:59Z", "2025-01-30T23:59:59Z", "2025-02-28T23:59:59Z", "2025-03-30T23:59:59Z")]
    [InlineData("2025-12-31T23:59:59.999Z", "2026-01-31T23:59:59Z", "2026-02-28T23:59:59Z", "2026-03-31T23:59:59Z", "2026-04-30T23:59:59Z")]
    [InlineData("2025-11-01T00:00:00Z", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    public void A_subscription_renews_on_its_day_or_the_last_of_a_short_month_and_returns_to_its_day_after(string start, params string[] anniversaries)
    {
        var workspace = Of("bluma", start, plan: "starter");
        foreach (var anniversary in anniversaries)
        {
            var entries = workspace.Entries.Count;
            workspace.On(At(anniversary).AddMilliseconds(-1));
            Assert.Equal((entries, At(anniversary)), (workspace.Entries.Count, workspace.Subscription.PeriodEndsAt));
            workspace.On(anniversary);
            Assert.Equal(["renewal_expiry -100 → 0", "purchase 100 → 100"], workspace.Lines.TakeLast(2));
            Assert.All(workspace.Entries.TakeLast(2), entry => Assert.Equal(At(anniversary), entry.CreatedAt));
        }
    }

    [Fact]
    public void The_29th_of_february_comes_back_every_leap_year()
    {
        var workspace = Of("bloom", "2024-02-29T12:00:00Z", plan: "plus");
        var days = new Dictionary<DateTimeOffset, int>();
        for (var month = 1; month <= 48; month++)
        {
            workspace.On(workspace.Subscription.PeriodEndsAt);
            days[workspace.Now] = workspace.Now.Day;
        }

        Assert.Equal(48, days.Count);
        Assert.Equal(28, days[At("2025-02-28T12:00:00Z")]);
        Assert.Equal(29, days[At("2028-02-29T12:00:00Z")]);
        Assert.Equal(3, days.Values.Count(day => day == 28));
        Assert.Equal(45, days.Values.Count(day => day == 29));
    }

    [Fact]
    public void A_start_in_the_past_on_the_31st_finds_its_period_in_a_short_month()
    {
        var workspace = Of("bluma", "2025-02-28T08:59:59Z").Subscribe("starter", startedAt: "2025-01-31T09:00:00Z");
        Assert.Equal(At("2025-02-28T09:00:00Z"), workspace.Subscription.PeriodEndsAt);
        Assert.Equal(At("2025-03-31T09:00:00Z"), workspace.On("2025-02-28T09:00:00Z").Subscription.PeriodEndsAt);
    }

    [Fact]
    public void An_anniversary_is_a_whole_second_whatever_start_was_named()
    {
        var workspace = Of("bluma", "2025-11-05T10:00:00.123Z").Subscribe("starter", startedAt: "2025-10-20T12:00:00.999Z");
        Assert.Equal((At("2025-10-20T12:00:00Z"), At("2025-11-20T12:00:00Z")), (workspace.Subscription.AnchorAt, workspace.Subscription.PeriodEndsAt));
        Accepted(workspace.TrySubscribe("pro", startedAt: "2025-10-20T12:00:00.999Z"));
    }

    [Fact]
    public void A_plan_paid_once_renews_every_month_all_the_same()
    {
        var workspace = Of("gleam", plan: "lifetime");
        workspace.Complete(workspace.Admit(1500));
        Assert.Equal(2000, workspace.On("2025-12-01T00:00:00Z").Balance);
    }

    [Fact]
    public void A_renewal_expires_what_is_left_and_grants_the_allowance()
    {
        var workspace = Of("bluma", plan: "starter").Give(7);
        workspace.Buy(20, "pay_1");
        workspace.Admit(12);
        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal(["renewal_expiry -88 → 27", "purchase 100 → 127"], workspace.Lines.TakeLast(2));
        Assert.Equal(["Unused plan credits expired", "Monthly renewal: Starter plan"], workspace.Entries.TakeLast(2).Select(entry => entry.Description));
        Assert.Equal((100, 7, 20), (workspace.PlanCredits, workspace.BonusCredits, workspace.TopUpCredits));
    }

    [Fact]
    public void A_spent_allowance_leaves_nothing_to_expire()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(100);
        Assert.Equal(["purchase 100 → 100", "deduction -100 → 0", "purchase 100 → 100"], workspace.On("2025-12-01T00:00:00Z").Lines);
    }

    [Fact]
    public void A_renewal_comes_once_however_often_it_is_looked_for()
    {
        var workspace = Of("bluma", plan: "starter").On("2025-12-01T00:00:00Z");
        var version = workspace.Account.Version;
        workspace.CatchUp().CatchUp().On("2025-12-31T23:59:59Z");
        Assert.Equal((3, version), (workspace.Entries.Count, workspace.Account.Version));
    }

    [Fact]
    public void Who_spends_after_the_anniversary_spends_the_new_allowance()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Now = At("2025-12-01T00:00:00Z");
        workspace.Admit(1);
        Assert.Equal(["purchase 100 → 100", "renewal_expiry -100 → 0", "purchase 100 → 100", "deduction -1 → 99"], workspace.Lines);
        Assert.Equal(EntryType.Deduction, workspace.LastEntry.Type);
    }
}
