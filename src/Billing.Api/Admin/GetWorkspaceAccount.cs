using System.Collections.Immutable;
using Billing.Api.Balances;
using Billing.Api.Http;
using Billing.Api.Refunds;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/workspaces/{id}</c>: a workspace's account.</summary>
public static class GetWorkspaceAccount
{
    public const string Route = "api/v1/admin/workspaces/{id}";

    public static readonly ApiEndpoint Endpoint = new("GetWorkspaceAccount", "GET", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request) => await AdminWork.AccountAsync(request).ConfigureAwait(false) is { } workspace
        ? JsonReply.Of(new WorkspaceAccountView(WorkspaceAccount.Of(workspace, request.Now)))
        : request.Refuse(Refusal.NotFound("workspace"));
}

/// <summary><c>GET /admin/workspaces/{id}/ledger</c>: its history, as the customer sees it.</summary>
public static class GetWorkspaceLedger
{
    public const string Route = "api/v1/admin/workspaces/{id}/ledger";

    public static readonly ApiEndpoint Endpoint = new("GetWorkspaceLedger", "GET", Route, Access.Operator, HandleAsync) { Query = ["limit", "cursor", "type", "from", "to"] };

    private static Task<IResult> HandleAsync(ApiRequest request) => Ids.IsWellFormed("ws", request.Route("id"))
        ? GetHistory.AnswerAsync(request, request.Route("id"))
        : Task.FromResult(request.Refuse(Refusal.NotFound("workspace")));
}

/// <summary><c>GET /admin/workspaces/{id}/refunds</c>: those that wait for a review, up to 200.</summary>
public static class ListRefunds
{
    public const string Route = "api/v1/admin/workspaces/{id}/refunds";

    public static readonly ApiEndpoint Endpoint = new("ListRefunds", "GET", Route, Access.Operator, HandleAsync);

    private const int Most = 200;

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (await AdminWork.AccountAsync(request).ConfigureAwait(false) is null)
        {
            return request.Refuse(Refusal.NotFound("workspace"));
        }

        var partition = new Partition(Table.Ledger, request.Route("id"));
        var rows = request.Backend.Store.RowsAsync(partition, KeyRange.StartingWith(Refund.Prefix), request.Cancellation, Most, "review");
        var refunds = await rows.Take(Most).Select(row => RefundView.Of(RowJson.Read<Refund>(row.Data))).ToArrayAsync(request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new RefundsView([.. refunds]));
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
    string? OwnerAccountId,
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
    long Entries,
    long Version,
    DateTimeOffset CreatedAt)
{
    internal static WorkspaceAccount Of(Workspace workspace, DateTimeOffset now) => new(
        workspace.WorkspaceId,
        workspace.Product,
        workspace.Name,
        workspace.Type,
        workspace.Owner,
        workspace.Balance,
        workspace.Grants.TotalOf(GrantKind.Plan),
        workspace.Grants.TotalOf(GrantKind.TopUp),
        workspace.Grants.TotalOf(GrantKind.Bonus),
        workspace.Debt,
        workspace.Plan,
        workspace.PlanStatus,
        workspace.MonthlyAllowance,
        CreditsView.RenewsAtOf(workspace, now),
        workspace.Overage.Units,
        workspace.Running,
        workspace.PendingRefunds,
        workspace.Entries,
        workspace.Version,
        workspace.CreatedAt);
}
