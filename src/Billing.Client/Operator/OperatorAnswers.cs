using System.Text.Json.Serialization;

namespace Billing.Client;

/// <summary>The ids of an account that was opened.</summary>
public sealed record CreatedAccount(string AccountId, string WorkspaceId) : BillingResult;

/// <summary>A team workspace that was opened.</summary>
public sealed record CreatedWorkspace(string WorkspaceId, string Name, string OwnerAccountId) : BillingResult;

/// <summary>An account as operators see it.</summary>
/// <param name="AccountId"><c>acct_…</c></param>
/// <param name="WorkspaceId">Its personal workspace.</param>
/// <param name="ExternalId">The seller's own id of it.</param>
/// <param name="Name">For people.</param>
/// <param name="Email">Where it is written to.</param>
/// <param name="Product">Which product it is a customer of.</param>
/// <param name="Plan">Null without one.</param>
/// <param name="PlanStatus"><c>none | active | paused | canceled</c></param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ClosedAt">When it was closed; null while it is open.</param>
public sealed record Account(
    string AccountId,
    string WorkspaceId,
    string? ExternalId,
    string Name,
    string? Email,
    string Product,
    DateTimeOffset CreatedAt,
    string? Plan = null,
    string? PlanStatus = null,
    DateTimeOffset? ClosedAt = null) : BillingResult;

/// <summary>Accounts.</summary>
/// <param name="Accounts">A page may be short and still not be the last.</param>
/// <param name="NextCursor">Leads to the next page; null when this is the last.</param>
public sealed record AccountPage(IReadOnlyList<Account> Accounts, string? NextCursor = null) : BillingResult;

internal sealed record WorkspaceAnswer(WorkspaceState Account) : BillingResult;

/// <summary>A workspace as operators see it.</summary>
public sealed record WorkspaceState(
    string WorkspaceId,
    string Product,
    string Name,
    string Type,
    string? OwnerAccountId,
    decimal Credits,
    decimal PlanCredits,
    decimal TopUpCredits,
    decimal BonusCredits,
    decimal Debt,
    string? Plan,
    string PlanStatus,
    decimal MonthlyAllowance,
    DateTimeOffset? RenewsAt,
    long OverageUsed,
    int Running,
    int PendingRefunds,
    long Entries,
    DateTimeOffset CreatedAt) : BillingResult;

/// <summary>A subscription.</summary>
public sealed record Subscription(
    string Plan,
    string PlanStatus,
    decimal MonthlyAllowance,
    string? NextPlan,
    decimal? NextMonthlyAllowance,
    DateTimeOffset StartedAt,
    DateTimeOffset PeriodStartsAt,
    DateTimeOffset PeriodEndsAt,
    bool CancelAtPeriodEnd) : BillingResult;

/// <summary>What news of a payment came to.</summary>
/// <param name="Applied">False where it changed nothing.</param>
/// <param name="PlanStatus">How the subscription stands.</param>
public sealed record ReportedPayment(bool Applied, string PlanStatus) : BillingResult;

/// <summary>Bought credits.</summary>
/// <param name="Id"><c>top_…</c></param>
/// <param name="Credits">How many were bought.</param>
/// <param name="Reference">The seller's name for the payment.</param>
/// <param name="Paid">What was paid; null where that was not said.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Left">What no reversal has taken.</param>
/// <param name="Reversals">Oldest first.</param>
public sealed record TopUp(
    string Id, decimal Credits, string Reference, Money? Paid, DateTimeOffset CreatedAt, decimal Left, IReadOnlyList<TopUpReversal> Reversals) : BillingResult;

/// <summary>A refund or charge-back of a top-up, or of a part of it.</summary>
/// <param name="Taken">Credits that were left of it.</param>
/// <param name="Debt">Credits that were spent: owed, and repaid from whatever is free.</param>
/// <param name="At">When.</param>
/// <param name="Reason">For the ledger.</param>
/// <param name="Reference">The seller's name for it.</param>
/// <param name="ReinstatedAt">When the dispute was won and it was undone; null while it stands.</param>
public sealed record TopUpReversal(decimal Taken, decimal Debt, DateTimeOffset At, string? Reason = null, string? Reference = null, DateTimeOffset? ReinstatedAt = null);

/// <summary>A correction of the balance.</summary>
public sealed record Adjustment(string TransactionId, decimal Credits, string Reason, decimal BalanceAfter, DateTimeOffset CreatedAt) : BillingResult;

/// <summary>Bonus credits that were given.</summary>
public sealed record GivenGrant(string TransactionId, decimal Credits, DateTimeOffset? ExpiresAt, string Reason, decimal BalanceAfter, DateTimeOffset CreatedAt) : BillingResult;

/// <summary>Refunds.</summary>
public sealed record RefundList(IReadOnlyList<Refund> Refunds) : BillingResult;

/// <summary>That somebody is signed in.</summary>
/// <param name="Token">A secret: what signs requests of the dashboard.</param>
/// <param name="AccountId">Who.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record Session(string Token, string AccountId, DateTimeOffset ExpiresAt) : BillingResult
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"Session of {AccountId} until {ExpiresAt:u}";
}

/// <summary>An API key, without its secret.</summary>
public sealed record ApiKey(
    string Id, string Name, string Environment, string Masked, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string WorkspaceId, int? RateLimit)
    : BillingResult;

/// <summary>Invoices, newest first.</summary>
public sealed record InvoiceList(IReadOnlyList<Invoice> Invoices) : BillingResult;

/// <summary>The overage of one calendar month.</summary>
/// <param name="Month"><c>yyyy-MM</c></param>
/// <param name="Lines">By plan and price.</param>
/// <param name="Units">Overage units in all.</param>
/// <param name="Credit">What former months gave back.</param>
/// <param name="Total">What is to be paid.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Invoice(string Month, IReadOnlyList<InvoiceLine> Lines, long Units, Money Credit, Money Total, DateTimeOffset CreatedAt);

/// <summary>Overage units of one plan at one price.</summary>
public sealed record InvoiceLine(string Plan, long Units, Money UnitPrice, Money Amount);

/// <summary>A ledger, replayed and compared with its account.</summary>
public sealed record Audit(string WorkspaceId, bool Ok, long Entries, decimal LedgerBalance, decimal Balance, int? Running, IReadOnlyList<string> Differences) : BillingResult;

/// <summary>Events of all workspaces.</summary>
/// <param name="Events">They may be none.</param>
/// <param name="Next">Where to go on, now or later.</param>
public sealed record EventPage(IReadOnlyList<BillingEvent> Events, string Next) : BillingResult;

/// <summary>An endpoint that hears of all workspaces.</summary>
/// <param name="Id">The endpoint.</param>
/// <param name="Url">Where deliveries go.</param>
/// <param name="Events">Of <see cref="BillingEventTypes"/>.</param>
/// <param name="Secret">What <see cref="WebhookVerifier"/> takes; only in the answer that made it.</param>
public sealed record SellerWebhook(string Id, string Url, IReadOnlyList<string> Events, string? Secret = null) : BillingResult
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{Id} {Url}";
}

/// <summary>The endpoints that hear of all workspaces.</summary>
public sealed record SellerWebhookList(IReadOnlyList<SellerWebhook> Webhooks) : BillingResult;

/// <summary>What became of an import.</summary>
/// <param name="DryRun">True where nothing was changed.</param>
/// <param name="Totals">In all.</param>
/// <param name="Results">One for each row, in order.</param>
/// <param name="Audit">What the replay of the ledgers found; null of a dry run.</param>
public sealed record ImportReport(bool DryRun, ImportTotals Totals, IReadOnlyList<ImportResult> Results, ImportAudit? Audit = null) : BillingResult;

/// <summary>An import in numbers.</summary>
public sealed record ImportTotals(int Rows, int Created, int Unchanged, int Refused, decimal Credits);

/// <summary>What became of one row.</summary>
/// <param name="Index">Its position, from 0.</param>
/// <param name="ExternalId">The seller's own id.</param>
/// <param name="Status"><c>created | unchanged | refused</c></param>
/// <param name="AccountId">Null where it was refused, or only tried.</param>
/// <param name="WorkspaceId">The same.</param>
/// <param name="Credits">What it has now, or would have.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>; null where it was not refused.</param>
/// <param name="Detail">The same as a sentence.</param>
/// <param name="Errors">Field → what is wrong with it.</param>
public sealed record ImportResult(
    int Index,
    string? ExternalId,
    string Status,
    string? AccountId = null,
    string? WorkspaceId = null,
    decimal? Credits = null,
    string? Code = null,
    string? Detail = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors = null);

/// <summary>What the replay of the ledgers found.</summary>
/// <param name="Workspaces">How many were replayed.</param>
/// <param name="Failed">Those whose books do not agree.</param>
public sealed record ImportAudit(int Workspaces, IReadOnlyList<string> Failed);

/// <summary>What one run of a job found.</summary>
/// <param name="Job">Which.</param>
/// <param name="Due">What was due.</param>
/// <param name="Sent">Messages that were sent for it.</param>
/// <param name="FailedShards">Shards that did not answer.</param>
public sealed record JobRun(string Job, int Due, [property: JsonPropertyName("rung")] int Sent, IReadOnlyList<int> FailedShards) : BillingResult;
