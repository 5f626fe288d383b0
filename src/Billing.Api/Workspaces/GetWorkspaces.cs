using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Api.Callers;
using Billing.Api.Http;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Workspaces;

/// <summary><c>GET /workspaces</c>: every workspace that the caller may use, the personal one first.</summary>
public static class GetWorkspaces
{
    public const string Route = "api/v1/workspaces";

    public static readonly ApiEndpoint Endpoint = new("GetWorkspaces", "GET", Route, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var memberships = request.Caller.AccountId is { } accountId
            ? await request.Backend.Accounts.MembershipsAsync(accountId, request.Cancellation).ConfigureAwait(false)
            : await NamedAsync(request).ConfigureAwait(false);
        return JsonReply.Of(new WorkspacesView([.. memberships
            .Select(membership => WorkspaceView.Of(membership, request.Caller))
            .OrderByDescending(workspace => workspace.Default)]));
    }

    /// <summary>The workspace that the service names, as its owner sees it.</summary>
    private static async Task<ImmutableArray<Membership>> NamedAsync(ApiRequest request) =>
        await request.Backend.Writer.ReadAsync(request.Caller.HomeWorkspaceId!, request.Cancellation).ConfigureAwait(false) is { } workspace
            ? [new Membership(workspace.WorkspaceId, workspace.Name, workspace.Type, MemberRole.Owner)]
            : [];
}

/// <summary>The answer of <c>GET /workspaces</c>.</summary>
public sealed record WorkspacesView(ImmutableArray<WorkspaceView> Workspaces);

/// <summary>A workspace as its members see it.</summary>
public sealed record WorkspaceView(string Id, string Name, WorkspaceType Type, MemberRole Role, bool Default, string Product)
{
    internal static WorkspaceView Of(Membership membership, Caller caller) =>
        new(membership.WorkspaceId, membership.Name, membership.Type, membership.Role, membership.WorkspaceId == caller.HomeWorkspaceId, caller.Product!);
}
