using Billing.Accounts;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Api.Admin;

/// <summary>What ends with an account that is marked as closed: every step may be taken again.</summary>
internal static class AccountClosing
{
    public static async Task RunAsync(ApiRequest request, Account account)
    {
        var work = new Work<Workspace>((unit, catalog) => WorkspaceDecisions.Close(unit, catalog));
        await request.Backend.Writer.SubmitAsync(account.WorkspaceId, work).ConfigureAwait(false);
        foreach (var key in await request.Backend.Keys.ListAsync(account.AccountId, request.Cancellation).ConfigureAwait(false))
        {
            await request.Backend.Keys.RevokeAsync(key.Id, account.WorkspaceId, request.Cancellation).ConfigureAwait(false);
            request.Backend.KeyCache.Forget(key.Id);
        }

        await request.Backend.Sessions.EndAllAsync(account.AccountId, request.Cancellation).ConfigureAwait(false);
    }
}
