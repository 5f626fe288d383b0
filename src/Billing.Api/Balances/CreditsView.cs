using Billing.Accounts;

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
    DateTimeOffset? RenewsAt,
    long OverageUsed,
    bool TestMode)
{
    /// <summary>An account as a customer sees it.</summary>
    public static CreditsView Of(Account account, bool testMode) => new(
        account.WorkspaceId,
        account.Balance,
        account.Grants.TotalOf(GrantKind.Plan),
        account.Grants.TotalOf(GrantKind.TopUp),
        account.Grants.TotalOf(GrantKind.Bonus),
        PlanOf(account),
        StatusOf(account),
        AllowanceOf(account),
        RenewsAtOf(account),
        account.Overage.Units,
        testMode);

    /// <summary>The plan; null without one.</summary>
    public static string? PlanOf(Account account) => account.Subscription is { Ended: false } subscription ? subscription.Current.Plan : null;

    /// <summary>Credits a month; 0 without a plan.</summary>
    public static Credits AllowanceOf(Account account) => account.Subscription is { Ended: false } subscription ? subscription.Allowance : Credits.Zero;

    /// <summary>The next billing anniversary; null when nothing renews then.</summary>
    public static DateTimeOffset? RenewsAtOf(Account account) =>
        account.Subscription is { Ended: false, Canceled: false } subscription ? subscription.PeriodEndsAt : null;

    /// <summary><c>none | active | paused | canceled</c>; canceled from the cancellation on, while the last period still runs.</summary>
    public static string StatusOf(Account account) => account.Subscription switch
    {
        null => "none",
        { Ended: true } => "canceled",
        { Paused: true } => "paused",
        { Canceled: true } => "canceled",
        _ => "active",
    };
}

/// <summary>The answer of <c>GET /credits/balance</c>, as Bluma's clients know it.</summary>
public sealed record BalanceView(Credits Credits, string? Tier, Credits MonthlyAllowance, long OverageUsed, DateTimeOffset? ResetDate, UsageView Usage)
{
    /// <summary>An account as Bluma's clients see it.</summary>
    public static BalanceView Of(Account account, DateTimeOffset now)
    {
        var usage = account.UsageAt(now);
        var average = usage.Generations == 0 ? 0 : Math.Round(usage.Spent.ToDecimal() / usage.Generations, 1, MidpointRounding.AwayFromZero);
        return new BalanceView(
            account.Balance,
            CreditsView.PlanOf(account),
            CreditsView.AllowanceOf(account),
            account.Overage.Units,
            CreditsView.RenewsAtOf(account),
            new UsageView(usage.Spent, average));
    }
}

/// <summary>Spending in the current period.</summary>
/// <param name="TotalSpent">Credits, refunds taken off.</param>
/// <param name="AveragePerVideo">That divided by the generations counted, one decimal.</param>
public sealed record UsageView(Credits TotalSpent, decimal AveragePerVideo);
