using Billing.Events;
using Billing.Subscriptions;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Subscriptions;

public sealed class MissedPeriodTests
{
    [Theory]
    [InlineData("2025-12-31T23:59:59Z", 0, "2025-12-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00Z", 1, "2026-01-01T00:00:00Z")]
    [InlineData("2026-03-15T10:00:00Z", 3, "2026-03-01T00:00:00Z")]
    [InlineData("2030-11-01T00:00:00Z", 59, "2030-11-01T00:00:00Z")]
    public void After_a_downtime_only_the_current_period_is_granted_and_the_ledger_says_so(string now, int missed, string grantedAt)
    {
        var workspace = Of("bluma", plan: "starter").Hear(EventTypes.CreditsRenewed).On(now);
        Assert.Equal(["purchase 100 → 100", "renewal_expiry -100 → 0", "purchase 100 → 100"], workspace.Lines);
        Assert.Equal(At("2025-12-01T00:00:00Z"), workspace.Entries[1].CreatedAt);
        Assert.Equal(At(grantedAt), workspace.LastEntry.CreatedAt);
        Assert.Equal(missed == 0 ? null : missed, workspace.LastEntry.Metadata?["missed_periods"].Number);
        Assert.Equal(At(grantedAt), Assert.Single(workspace.Events).Timestamp);
        Assert.Equal(At(grantedAt).AddMonths(1), workspace.Subscription.PeriodEndsAt);
    }

    [Fact]
    public void What_fell_due_during_the_downtime_is_entered_in_order_of_time()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Complete(workspace.Admit(200, units: 2), 1);
        workspace.CarryOutRefunds().Give(5, "2025-12-20T00:00:00Z").Give(6, "2026-03-10T00:00:00Z");
        workspace.Hear(EventTypes.CreditsRenewed, EventTypes.OverageCharged).On("2026-03-15T10:00:00Z");
        Assert.Equal(
            ["2025-12-01 renewal_expiry -50 → 11", "2025-12-20 renewal_expiry -5 → 6", "2026-03-01 purchase 100 → 106", "2026-03-10 renewal_expiry -6 → 100"],
            workspace.Entries.Skip(6).Select(entry => $"{entry.CreatedAt:yyyy-MM-dd} {entry.Type.Name()} {entry.Amount} → {entry.BalanceAfter}"));
        Assert.Equal([EventTypes.OverageCharged, EventTypes.CreditsRenewed], workspace.Events.Select(told => told.Type));
        Assert.Equal(At("2025-12-01T00:00:00Z"), workspace.Invoices.Single().CreatedAt);
    }

    [Fact]
    public void A_change_of_plan_that_was_missed_is_in_force_after()
    {
        var workspace = Of("bluma", plan: "pro").Subscribe("starter").On("2026-02-02T00:00:00Z");
        Assert.Equal(("starter", 100), (workspace.Subscription.Current.Plan, workspace.Balance));
    }

    [Fact]
    public void A_cancellation_that_was_missed_ends_it_when_it_was_due()
    {
        var workspace = Of("bloom", plan: "plus").Cancel().On("2026-05-02T00:00:00Z");
        Assert.Equal(["grant 10 → 10", "purchase 50 → 60", "renewal_expiry -50 → 10"], workspace.Lines);
        Assert.Equal(At("2025-12-01T00:00:00Z"), workspace.LastEntry.CreatedAt);
        Assert.True(workspace.Subscription.Ended);
    }

    [Fact]
    public void A_fall_to_the_default_plan_that_was_missed_took_place_when_it_was_due()
    {
        var workspace = Of("bluma", plan: "starter").Cancel().On("2026-05-02T00:00:00Z");
        Assert.Equal(
            [
                "2025-11-01 purchase 100 → 100", "2025-12-01 renewal_expiry -100 → 0", "2025-12-01 purchase 10 → 10", "2026-01-01 renewal_expiry -10 → 0",
                "2026-05-01 purchase 10 → 10",
            ],
            workspace.Entries.Select(entry => $"{entry.CreatedAt:yyyy-MM-dd} {entry.Type.Name()} {entry.Amount} → {entry.BalanceAfter}"));
        Assert.Equal(4, workspace.LastEntry.Metadata!["missed_periods"].Number);
        Assert.Equal(At("2026-06-01T00:00:00Z"), workspace.Subscription.PeriodEndsAt);
    }

    [Fact]
    public void One_commit_carries_out_a_bounded_number_and_says_when_more_is_due()
    {
        var workspace = Of("bloom");
        for (var i = 0; i < DueChanges.MaxSteps + 1; i++)
        {
            workspace.Give(1, "2025-11-20T00:00:00Z");
        }

        var unit = new UnitOfWork(workspace.Account, At("2025-11-20T00:00:00Z"));
        Assert.False(DueChanges.To(unit, workspace.Catalog));
        Assert.Equal(DueChanges.MaxSteps, unit.Entries.Count);
        var next = new UnitOfWork(unit.Workspace, unit.Now);
        Assert.True(DueChanges.To(next, workspace.Catalog));
        Assert.Equal(Credits.Of(10), next.Workspace.Balance);
    }

    [Fact]
    public void A_reader_sees_what_is_due_though_nobody_wrote_it_yet()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(40);
        var projected = DueChanges.Project(workspace.Account, workspace.Catalog, At("2026-01-10T00:00:00Z"));
        Assert.Equal(60, workspace.Balance);
        Assert.Equal(60, DueChanges.Project(workspace.Account, workspace.Catalog, At("2025-11-30T23:59:59.999Z")).Balance.ToDecimal());
        Assert.Equal(100, DueChanges.Project(workspace.Account, workspace.Catalog, At("2025-12-01T00:00:00Z")).Balance.ToDecimal());
        workspace.On("2026-01-10T00:00:00Z");
        Assert.Equal((100m, workspace.Account.Head), (projected.Balance.ToDecimal(), projected.Head));
        Assert.Same(workspace.Account, DueChanges.Project(workspace.Account, workspace.Catalog, workspace.Now));
    }

    [Fact]
    public void Time_alone_changes_nothing_where_nothing_is_due()
    {
        Assert.Null(DueChanges.NextDueAt(Of("bloom").Account));
        Assert.Equal(At("2025-12-01T00:00:00Z"), DueChanges.NextDueAt(Of("bluma").Account));
        Assert.Equal(At("2025-11-20T00:00:00Z"), DueChanges.NextDueAt(Of("bluma").Give(1, "2025-11-20T00:00:00Z").Account));
        Assert.Null(DueChanges.NextDueAt(Of("bluma", plan: "starter").Pay(PaymentStatus.Failed).On("2025-12-01T00:00:00Z").Account));
        Assert.Equal(At("2025-12-01T00:00:00Z"), DueChanges.NextDueAt(Of("bluma", plan: "starter").Pay(PaymentStatus.Failed).Subscribe("free").Account));
        Assert.Equal(At("2025-12-01T00:00:00Z"), DueChanges.NextDueAt(Of("bluma").Pay(PaymentStatus.Failed).Account));
        var overage = Of("bluma", "2025-11-20T00:00:00Z", plan: "starter");
        overage.Admit(101);
        Assert.Equal(At("2025-12-01T00:00:00Z"), DueChanges.NextDueAt(overage.Account));
    }
}
