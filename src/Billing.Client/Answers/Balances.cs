using System.Text.Json;

namespace Billing.Client;

/// <summary>What can be spent.</summary>
public sealed record CreditBalance(
    string WorkspaceId,
    decimal Credits,
    decimal PlanCredits,
    decimal TopUpCredits,
    decimal BonusCredits,
    string? Plan,
    string PlanStatus,
    decimal MonthlyAllowance,
    DateTimeOffset PeriodStartsAt,
    DateTimeOffset? RenewsAt,
    long OverageUsed,
    Money? OverageAmount,
    decimal Debt,
    int Running,
    IReadOnlyList<GrantLeft> Grants,
    bool TestMode) : BillingResult;

/// <summary>What is left of one grant, in the order in which grants burn down.</summary>
/// <param name="Id">The grant.</param>
/// <param name="Kind"><c>plan</c>, <c>bonus</c> or <c>top_up</c>.</param>
/// <param name="Left">Credits left of it.</param>
/// <param name="ExpiresAt">When what is left of it ends; null for never.</param>
public sealed record GrantLeft(string Id, string Kind, decimal Left, DateTimeOffset? ExpiresAt);

/// <summary>A line of the ledger.</summary>
/// <param name="Id"><c>txn_…</c></param>
/// <param name="Type"><c>deduction | refund | purchase | grant | renewal_expiry | overage | adjustment</c></param>
/// <param name="Amount">Credits: below zero where they were taken.</param>
/// <param name="BalanceAfter">Credits left after it.</param>
/// <param name="Description">For a person.</param>
/// <param name="Metadata">What belongs to it: the generation, the payment, and what the caller attached.</param>
/// <param name="CreatedAt">When, in whole seconds.</param>
/// <param name="KeyId">The API key that asked for it; null where none did.</param>
/// <param name="MemberId">The account that asked for it; null where none did.</param>
public sealed record HistoryEntry(
    string Id,
    string Type,
    decimal Amount,
    decimal BalanceAfter,
    string Description,
    IReadOnlyDictionary<string, JsonElement> Metadata,
    DateTimeOffset CreatedAt,
    string? KeyId = null,
    string? MemberId = null);

/// <summary>Lines of the ledger, newest first.</summary>
/// <param name="Transactions">Those of this page.</param>
/// <param name="Total">How many there are in all that were asked for.</param>
/// <param name="NextCursor">Leads to the next page; null when this is the last.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryEntry> Transactions, long Total, string? NextCursor = null) : BillingResult;

/// <summary>What the API key of a customer is worth.</summary>
/// <param name="Valid">Whether its request may go on.</param>
/// <param name="Code">Why not, one of <see cref="ProblemCodes"/>; null when it may.</param>
/// <param name="WorkspaceId">The workspace that the key was made for.</param>
/// <param name="Environment"><c>production | test</c></param>
/// <param name="Entitlements">What the plan grants.</param>
public sealed record VerifiedKey(
    bool Valid, string? Code, string? WorkspaceId, string? Environment, IReadOnlyDictionary<string, JsonElement> Entitlements) : BillingResult;

/// <summary>Credits or an overage unit given back, or asked back.</summary>
/// <param name="Id"><c>rfd_…</c></param>
/// <param name="GenerationId">Of which generation.</param>
/// <param name="Status"><c>pending_review | pending | succeeded | denied</c></param>
/// <param name="Reason">Why.</param>
/// <param name="Note">What the customer said.</param>
/// <param name="Credits">Credits that it gives back.</param>
/// <param name="OverageUnits">1 when it gives back an overage unit, else 0.</param>
/// <param name="CreatedAt">When it was asked for or decided.</param>
/// <param name="EndedAt">When it was carried out or denied.</param>
public sealed record Refund(
    string Id, string GenerationId, string Status, string Reason, string? Note, decimal Credits, int OverageUnits, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt) : BillingResult;
