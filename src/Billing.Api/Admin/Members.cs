using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Engine.Directories;
using Billing.Engine.Webhooks;
using Billing.Webhooks;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/workspaces/{id}/members</c>: lets an account use a team workspace.</summary>
public static class AddMember
{
    public const string Route = "api/v1/admin/workspaces/{id}/members";

    public static readonly ApiEndpoint Endpoint = new("AddMember", "POST", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var accountId = request.Body.Text("account_id", 100) ?? "";
        request.Body.OneOf("role", ["member"], required: false);
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var account = await Members.FindAsync(request, accountId).ConfigureAwait(false);
        var workspace = await AdminWork.AccountAsync(request).ConfigureAwait(false);
        if (account is null || workspace is null)
        {
            return request.Refuse(Refusal.NotFound(account is null ? "account" : "workspace"));
        }

        if (workspace.Type == WorkspaceType.Personal || workspace.Product != account.Product)
        {
            return request.Refuse(Refusal.Conflict(workspace.Product != account.Product
                ? $"The account is a customer of {account.Product}, the workspace belongs to {workspace.Product}."
                : "A personal workspace has no other members."));
        }

        var known = await request.Backend.Accounts.MembershipAsync(accountId, workspace.WorkspaceId, request.Cancellation).ConfigureAwait(false);
        var membership = known ?? new Membership(workspace.WorkspaceId, workspace.Name, workspace.Type, MemberRole.Member);
        if (!await request.Backend.Accounts.JoinAsync(accountId, membership, request.Cancellation).ConfigureAwait(false))
        {
            return request.Refuse(Members.Full());
        }

        return JsonReply.Of(new MemberView(workspace.WorkspaceId, accountId, membership.Role), StatusCodes.Status201Created);
    }
}

/// <summary><c>DELETE /admin/workspaces/{id}/members</c>: lets it use the workspace no longer, here at once and everywhere within 30 seconds.</summary>
public static class RemoveMember
{
    public const string Route = "api/v1/admin/workspaces/{id}/members";

    public static readonly ApiEndpoint Endpoint = new("RemoveMember", "DELETE", Route, Access.Operator, HandleAsync) { Query = ["account_id"] };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var accountId = request.Query("account_id") ?? request.Body.Text("account_id", 100) ?? "";
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var workspaceId = request.Route("id");
        var known = Ids.IsWellFormed("acct", accountId) && Ids.IsWellFormed("ws", workspaceId)
            ? await request.Backend.Accounts.MembershipAsync(accountId, workspaceId, request.Cancellation).ConfigureAwait(false)
            : null;
        if (known is null)
        {
            return request.Refuse(Refusal.NotFound("member"));
        }

        if (known.Role == MemberRole.Owner)
        {
            return request.Refuse(Refusal.Conflict("The owner cannot be removed."));
        }

        // Before it leaves, so that a crash in between can be made good by sending this again; and after, for what was made meanwhile.
        await Members.CloseDoorsAsync(request, accountId, workspaceId).ConfigureAwait(false);
        await request.Backend.Accounts.LeaveAsync(accountId, workspaceId, request.Cancellation).ConfigureAwait(false);
        request.Backend.Memberships.Forget(accountId, workspaceId);
        await Members.CloseDoorsAsync(request, accountId, workspaceId).ConfigureAwait(false);
        return Results.NoContent();
    }
}

/// <summary>A member of a workspace.</summary>
public sealed record MemberView(string WorkspaceId, string AccountId, MemberRole Role);

internal static class Members
{
    private const int RevokedAtOnce = 20;

    public static Refusal Full() => Refusal.Conflict($"The account is in {AccountDirectory.MostMemberships:#,0} workspaces; it can join no more.");

    /// <summary>
    /// True, with its doors closed again, of a caller that has left since its membership was looked up: that is remembered for a while, and what is made by it
    /// would last. Asked once it is made.
    /// </summary>
    public static async Task<bool> HasLeftAsync(ApiRequest request, string workspaceId)
    {
        if (request.Caller.AccountId is not { } accountId
            || await request.Backend.Accounts.MembershipAsync(accountId, workspaceId, request.Cancellation).ConfigureAwait(false) is not null)
        {
            return false;
        }

        request.Backend.Memberships.Forget(accountId, workspaceId);
        await CloseDoorsAsync(request, accountId, workspaceId).ConfigureAwait(false);
        return true;
    }

    /// <summary>Disables the webhook endpoints that a member made in a workspace, and revokes its keys for it: they do not work again when it comes back.</summary>
    public static async Task CloseDoorsAsync(ApiRequest request, string accountId, string workspaceId)
    {
        await RevokeKeysAsync(request, accountId, workspaceId).ConfigureAwait(false);
        var hooks = await EndpointRows.ListAsync(request.Backend.Store, workspaceId, default).ConfigureAwait(false);
        ImmutableArray<string> own = [.. hooks.Where(hook => hook.Owner == accountId).Select(hook => hook.Id)];
        if (!own.IsEmpty)
        {
            var work = new Work<ImmutableArray<string>>((unit, _) => EndpointDecisions.Leave(unit, accountId, own)) { Reads = [.. own.Select(WebhookEndpoint.KeyOf)] };
            await request.Backend.Writer.SubmitAsync(workspaceId, work).ConfigureAwait(false);
        }
    }

    private static async Task RevokeKeysAsync(ApiRequest request, string accountId, string workspaceId)
    {
        if (await request.Backend.Accounts.FindAsync(accountId, default).ConfigureAwait(false) is not { } account)
        {
            return;
        }

        var keys = await request.Backend.Keys.ListAsync(accountId, default).ConfigureAwait(false);
        foreach (var some in keys.Where(key => key.HomeWorkspaceId == workspaceId && key.WorksAt(request.Now)).Select(key => key.Id).Chunk(RevokedAtOnce))
        {
            await Task.WhenAll(some.Select(id => request.Backend.Keys.RevokeAsync(id, account.WorkspaceId, default))).ConfigureAwait(false);
            Array.ForEach(some, request.Backend.KeyCache.Forget);
        }
    }

    public static async Task<Account?> FindAsync(ApiRequest request, string accountId) => Ids.IsWellFormed("acct", accountId)
        ? await request.Backend.Accounts.FindAsync(accountId, request.Cancellation).ConfigureAwait(false)
        : null;
}
