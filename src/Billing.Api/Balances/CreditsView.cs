using System.Collections.Immutable;
using Billing.Workspaces;

namespace Billing.Api.Balances;

/// <summary>The answer of <c>GET /credits</c>.</summary>
public sealed record CreditsView(
    string WorkspaceId,
    Credits Credits,
    Credits PlanCredits,
    Credits TopUpCredits,
    Credits BonusCredits,
    string? Plan,
    string PlanStatus,
    Credits MonthlyAllowance,
    DateTimeOffset PeriodStartsAt,
    DateTimeOffset? RenewsAt,
    long OverageUsed,
    Money? OverageAmount,
    Credits Debt,
    int Running,
    ImmutableArray<GrantLeftView> Grants,
    bool TestMode)
{
    /// <summary>A workspace as a customer sees it.</summary>
    public static CreditsView Of(Workspace workspace, bool testMode, DateTimeOffset now) => new(
        workspace.WorkspaceId,
        workspace.Balance,
        workspace.Grants.TotalOf(GrantKind.Plan),
        workspace.Grants.TotalOf(GrantKind.TopUp),
        workspace.Grants.TotalOf(GrantKind.Bonus),
        workspace.Plan,
        workspace.PlanStatus,
        workspace.MonthlyAllowance,
        workspace.PeriodAt(now).StartsAt,
        RenewsAtOf(workspace, now),
        workspace.Overage.Units,
        workspace.Overage.Amount,
        workspace.Debt,
        workspace.Running,
        [.. workspace.Grants.All.Select(grant => new GrantLeftView(Ids.Of("grant", workspace.WorkspaceId, grant.Id), grant.Kind, grant.Left, grant.ExpiresAt))],
        testMode);

    /// <summary>The next billing anniversary still to come; null when nothing renews then: canceled, or paused and overdue.</summary>
    public static DateTimeOffset? RenewsAtOf(Workspace workspace, DateTimeOffset now) =>
        workspace.Subscription is { Ended: false, Canceled: false } subscription && subscription.PeriodEndsAt > now ? subscription.PeriodEndsAt : null;
}

/// <summary>Credits of one grant, in the order in which they burn down.</summary>
public sealed record GrantLeftView(string Id, GrantKind Kind, Credits Left, DateTimeOffset? ExpiresAt);

/// <summary>The answer of <c>GET /credits/balance</c>, as Bluma's clients know it: always a tier, never a fraction of a second.</summary>
public sealed record BalanceView(Credits Credits, string Tier, Credits MonthlyAllowance, long OverageUsed, DateTimeOffset? ResetDate, UsageView Usage)
{
    /// <summary>An account as Bluma's clients see it.</summary>
    public static BalanceView Of(Workspace workspace, DateTimeOffset now)
    {
        var usage = workspace.UsageAt(now);
        var average = usage.Generations == 0 ? 0 : Math.Round(usage.Spent.ToDecimal() / usage.Generations, 1, MidpointRounding.AwayFromZero);
        return new BalanceView(
            workspace.Balance,
            workspace.Plan ?? "none",
            workspace.MonthlyAllowance,
            workspace.Overage.Units,
            CreditsView.RenewsAtOf(workspace, now) is { } renewsAt ? Instants.WholeSecond(renewsAt) : null,
            new UsageView(usage.Spent, average));
    }
}

/// <summary>Spending in the current period.</summary>
/// <param name="TotalSpent">Credits, refunds taken off.</param>
/// <param name="AveragePerVideo">That divided by the generations counted, one decimal.</param>
public sealed record UsageView(Credits TotalSpent, decimal AveragePerVideo);
