using Billing.Api.Http;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Balances;

/// <summary>Answers from one point read of an account.</summary>
internal static class WorkspaceReading
{
    public static async Task<IResult> ReadAsync<T>(ApiRequest request, Func<Workspace, T> view)
    {
        if (!(await request.QueriedWorkspaceAsync().ConfigureAwait(false)).TryGet(out var workspaceId, out var refusal))
        {
            return request.Refuse(refusal);
        }

        return await request.Backend.Writer.ReadAsync(workspaceId, request.Cancellation).ConfigureAwait(false) is { } workspace
            ? JsonReply.Of(view(workspace))
            : request.Refuse(Refusal.NotFound("workspace"));
    }
}
