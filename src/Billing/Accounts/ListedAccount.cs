using System.Collections.Immutable;
using Billing.Workspaces;

namespace Billing.Accounts;

/// <summary>An account as lists tell of it: with its personal workspace's plan. It stands in a list of its product for each choice of plan and status that it fits.</summary>
/// <param name="Plan">Null without one.</param>
/// <param name="PlanStatus"><see cref="Workspace.PlanStatus"/>.</param>
public sealed record ListedAccount(
    string AccountId,
    string WorkspaceId,
    string Product,
    string Name,
    string Email,
    string? ExternalId,
    string? Plan,
    string PlanStatus,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ClosedAt)
{
    private const int IdStart = 5;

    /// <summary>The account with its workspace as it is stored.</summary>
    public static ListedAccount Of(Account account, Workspace workspace) => new(
        account.AccountId, account.WorkspaceId, account.Product, account.Name, account.Email, account.ExternalId,
        workspace.Plan, workspace.PlanStatus, account.CreatedAt, account.ClosedAt);

    /// <summary>Its place in every list: the newest first.</summary>
    public string Place => PlaceOf(AccountId, CreatedAt);

    /// <summary>The keys of its rows. The first never changes.</summary>
    public ImmutableArray<string> Keys =>
    [
        ListOf(null, null) + Place,
        ListOf(null, PlanStatus) + Place,
        .. Plan is null ? Array.Empty<string>() : [ListOf(Plan, null) + Place, ListOf(Plan, PlanStatus) + Place],
    ];

    /// <summary>What the row keys of a list begin with.</summary>
    /// <param name="plan">Null for all.</param>
    /// <param name="status">Null for all.</param>
    public static string ListOf(string? plan, string? status) => (plan, status) switch
    {
        (null, null) => "all:",
        (null, _) => $"status:{status}:",
        (_, null) => $"plan:{plan}:",
        _ => $"plan-status:{plan}:{status}:",
    };

    /// <summary>The key of its row in the list of all.</summary>
    public static string KeyOf(Account account) => ListOf(null, null) + PlaceOf(account.AccountId, account.CreatedAt);

    private static string PlaceOf(string accountId, DateTimeOffset createdAt) =>
        string.Concat(Ids.NewestFirst(createdAt), accountId.AsSpan(IdStart));
}
