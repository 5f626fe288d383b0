using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Api.Balances;
using Billing.Api.Http;
using Billing.Api.Refunds;
using Billing.Refunds;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/workspaces/{id}</c>: a workspace's account.</summary>
public static class GetWorkspaceAccount
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetWorkspaceAccount", "GET", Routes.AdminWorkspace, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call) => await AdminWork.AccountAsync(call).ConfigureAwait(false) is { } account
        ? JsonReply.Of(new WorkspaceAccountView(WorkspaceAccount.Of(account)))
        : call.Refuse(Refusal.NotFound("workspace"));
}

/// <summary><c>GET /admin/workspaces/{id}/ledger</c>: its history, as the customer sees it.</summary>
public static class GetWorkspaceLedger
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetWorkspaceLedger", "GET", Routes.AdminLedger, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(Call call) => Ids.IsWellFormed("ws", call.Route("id"))
        ? GetHistory.AnswerAsync(call, call.Route("id"))
        : Task.FromResult(call.Refuse(Refusal.NotFound("workspace")));
}

/// <summary><c>GET /admin/workspaces/{id}/refunds</c>: those that wait for a review, up to 200.</summary>
public static class ListRefunds
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("ListRefunds", "GET", Routes.AdminRefunds, Access.Operator, HandleAsync);

    private const int Most = 200;

    private static async Task<IResult> HandleAsync(Call call)
    {
        if (await AdminWork.AccountAsync(call).ConfigureAwait(false) is null)
        {
            return call.Refuse(Refusal.NotFound("workspace"));
        }

        var partition = new Partition(Table.Ledger, call.Route("id"));
        var refunds = ImmutableArray.CreateBuilder<RefundView>();
        string? continuation = null;
        do
        {
            var page = await call.Backend.Ledger.ListAsync(
                partition, KeyRange.StartingWith(Refund.Prefix), Most - refunds.Count, "review", continuation, call.Cancellation).ConfigureAwait(false);
            refunds.AddRange(page.Rows.Select(row => RefundView.Of(RowJson.Read<Refund>(row.Data))));
            continuation = page.Continuation;
        }
        while (continuation is not null && refunds.Count < Most);

        return JsonReply.Of(new RefundsView(refunds.ToImmutable()));
    }
}

/// <summary>The answer of <c>GET /admin/workspaces/{id}</c>.</summary>
public sealed record WorkspaceAccountView(WorkspaceAccount Account);

/// <summary>The answer of <c>GET /admin/workspaces/{id}/refunds</c>.</summary>
public sealed record RefundsView(ImmutableArray<RefundView> Refunds);

/// <summary>An account as operators see it.</summary>
public sealed record WorkspaceAccount(
    string WorkspaceId,
    string Product,
    string Name,
    WorkspaceType Type,
    Credits Credits,
    Credits PlanCredits,
    Credits TopUpCredits,
    Credits BonusCredits,
    Credits Debt,
    string? Plan,
    string PlanStatus,
    Credits MonthlyAllowance,
    DateTimeOffset? RenewsAt,
    long OverageUsed,
    int Running,
    int PendingRefunds,
    long PendingEvents,
    long Entries,
    long Version,
    DateTimeOffset CreatedAt)
{
    internal static WorkspaceAccount Of(Account account) => new(
        account.WorkspaceId,
        account.Product,
        account.Name,
        account.Type,
        account.Balance,
        account.Grants.TotalOf(GrantKind.Plan),
        account.Grants.TotalOf(GrantKind.TopUp),
        account.Grants.TotalOf(GrantKind.Bonus),
        account.Debt,
        CreditsView.PlanOf(account),
        CreditsView.StatusOf(account),
        CreditsView.AllowanceOf(account),
        CreditsView.RenewsAtOf(account),
        account.Overage.Units,
        account.Running,
        account.PendingRefunds,
        account.PendingEvents,
        account.Entries,
        account.Version,
        account.CreatedAt);
}
