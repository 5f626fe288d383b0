using Billing.Accounts;
using Billing.Api.Http;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/accounts/{id}</c></summary>
public static class GetAccount
{
    public const string Route = "api/v1/admin/accounts/{id}";

    public static readonly ApiEndpoint Endpoint = new("GetAccount", "GET", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request) =>
        await AccountCall.FindAsync(request, request.Route("id")).ConfigureAwait(false) is { } account ? JsonReply.Of(AccountView.Of(account)) : request.Refuse(AccountCall.NotFound);
}

/// <summary><c>PATCH /admin/accounts/{id}</c>: another name, e-mail or id of the seller's.</summary>
public static class ChangeAccount
{
    public const string Route = "api/v1/admin/accounts/{id}";

    public static readonly ApiEndpoint Endpoint = new("ChangeAccount", "PATCH", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var (name, email, externalId) = (request.Body.AccountName(required: false), request.Body.Email(required: false), request.Body.ExternalId());
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (!Ids.IsWellFormed("acct", request.Route("id")) || await request.Backend.Accounts.FindAsync(request.Route("id"), request.Cancellation).ConfigureAwait(false) is not { } before)
        {
            return request.Refuse(AccountCall.NotFound);
        }

        // The new id leads here before the account says so, and the former one until it does: a crash in between leaves both, and the same call ends it.
        if (externalId is not null && (await LinkAsync(request, before, externalId).ConfigureAwait(false)).AccountId != before.AccountId)
        {
            return request.Refuse(Refusal.Conflict("Another account of the product has this external_id."));
        }

        await request.Backend.Accounts.ChangeAsync(
            before.AccountId,
            account => account with { Name = name ?? account.Name, Email = email ?? account.Email, ExternalId = externalId ?? account.ExternalId },
            request.Cancellation).ConfigureAwait(false);
        if (externalId is not null && before.ExternalId is { } former && former != externalId)
        {
            await request.Backend.Accounts.UnlinkAsync(before.Product, former, before.AccountId, request.Cancellation).ConfigureAwait(false);
            request.Backend.ExternalIds.Forget(former);
        }

        if (externalId is not null)
        {
            await RenameAsync(request, new EventOwner(before.AccountId, externalId)).ConfigureAwait(false);
        }

        return await AccountCall.ShowAsync(request, before.AccountId).ConfigureAwait(false);
    }

    /// <summary>What happens from now on in the account's workspaces is told of its new id.</summary>
    private static async Task RenameAsync(ApiRequest request, EventOwner owner)
    {
        var memberships = await request.Backend.Accounts.MembershipsAsync(owner.AccountId!, request.Cancellation).ConfigureAwait(false);
        foreach (var owned in memberships.Where(one => one.Role == MemberRole.Owner))
        {
            await request.Backend.Feed.RenameAsync(owned.WorkspaceId, owner).ConfigureAwait(false);
        }
    }

    private static async Task<ExternalLink> LinkAsync(ApiRequest request, Account account, string externalId)
    {
        request.Backend.ExternalIds.Forget(externalId);
        return await request.Backend.Accounts.LinkAsync(account.Product, externalId, new ExternalLink(account.AccountId, account.WorkspaceId), request.Cancellation).ConfigureAwait(false);
    }
}

/// <summary><c>DELETE /admin/accounts/{id}</c>: closes it. Its keys and sessions work no longer, its subscription ends with its period, nothing is admitted; its books stay.</summary>
public static class CloseAccount
{
    public const string Route = "api/v1/admin/accounts/{id}";

    public static readonly ApiEndpoint Endpoint = new("CloseAccount", "DELETE", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var id = request.Route("id");
        if (!Ids.IsWellFormed("acct", id)
            || await request.Backend.Accounts.ChangeAsync(id, account => account with { ClosedAt = account.ClosedAt ?? request.Now }, request.Cancellation).ConfigureAwait(false) is not { } closed)
        {
            return request.Refuse(AccountCall.NotFound);
        }

        // Whatever a crash leaves undone, the same call does.
        await AccountClosing.RunAsync(request, closed).ConfigureAwait(false);
        return await AccountCall.ShowAsync(request, id).ConfigureAwait(false);
    }
}
