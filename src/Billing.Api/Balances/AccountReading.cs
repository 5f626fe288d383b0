using Billing.Accounts;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Balances;

/// <summary>Answers from one point read of an account.</summary>
internal static class AccountReading
{
    public static async Task<IResult> ReadAsync<T>(Call call, Func<Account, T> view)
    {
        if (await call.WorkspaceAsync(call.QueryWorkspace()).ConfigureAwait(false) is not Outcome<string>.Accepted { Value: var workspaceId } asked)
        {
            return call.Refuse(Refusal.NotFound("workspace"));
        }

        return await call.Backend.Writer.ReadAsync(workspaceId, call.Cancellation).ConfigureAwait(false) is { } account
            ? JsonReply.Of(view(account))
            : call.Refuse(Refusal.NotFound("workspace"));
    }
}
