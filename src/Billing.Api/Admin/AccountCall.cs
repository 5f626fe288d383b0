using Billing.Accounts;
using Billing.Api.Http;
using Billing.Engine.Ports;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary>The account that the route names.</summary>
internal static class AccountCall
{
    /// <summary>An account with its workspace's plan as it is now; null when there is none.</summary>
    public static async Task<ListedAccount?> FindAsync(ApiRequest request, string accountId) =>
        Ids.IsWellFormed("acct", accountId)
        && await request.Backend.Accounts.FindAsync(accountId, request.Cancellation).ConfigureAwait(false) is { } account
        && await request.Backend.Writer.ReadAsync(account.WorkspaceId, request.Cancellation).ConfigureAwait(false) is { } workspace
            ? ListedAccount.Of(account, workspace)
            : null;

    /// <summary>The answer that shows the route's account as it is now, and in the lists as well.</summary>
    public static async Task<IResult> ShowAsync(ApiRequest request, string accountId)
    {
        await request.Backend.AccountIndex.RefreshAsync(accountId, request.Cancellation).ConfigureAwait(false);
        return await FindAsync(request, accountId).ConfigureAwait(false) is { } account ? JsonReply.Of(AccountView.Of(account)) : request.Refuse(NotFound);
    }

    /// <summary>Shows in the lists what became of a workspace. Should that fail, the seller's feed sees to it: what was decided is stored.</summary>
    public static async Task ListAnewAsync(ApiRequest request, string workspaceId)
    {
        try
        {
            if (await request.Backend.Writer.ReadAsync(workspaceId, request.Cancellation).ConfigureAwait(false) is { Type: WorkspaceType.Personal, Owner: { } owner })
            {
                await request.Backend.AccountIndex.RefreshAsync(owner, request.Cancellation).ConfigureAwait(false);
            }
        }
        catch (StorageUnavailableException)
        {
        }
    }

    public static Refusal NotFound => Refusal.NotFound("account");
}
