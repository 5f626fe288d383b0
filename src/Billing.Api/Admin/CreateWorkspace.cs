using Billing.Accounts;
using Billing.Api.Http;
using Billing.People;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/workspaces</c>: a team workspace, owned by an account.</summary>
public static class CreateWorkspace
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CreateWorkspace", "POST", Routes.AdminWorkspaces, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var accountId = call.Body.RequiredText("account_id", 100);
        var name = call.Body.RequiredText("name", 200);
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        if (await Members.FindAsync(call, accountId).ConfigureAwait(false) is not { } owner)
        {
            return call.Refuse(Refusal.NotFound("account"));
        }

        // The answer comes first: it refuses the key of another request before anything is made, and what is made is the same for every repeat.
        var workspaceId = AccountIds.New(call, accountId).WorkspaceId;
        var view = new CreatedWorkspaceView(workspaceId, workspaceId, name, WorkspaceType.Team, accountId);
        var answer = await AccountIds.AnswerAsync(call, owner.WorkspaceId, view).ConfigureAwait(false);
        if (answer is JsonReply { Status: StatusCodes.Status201Created })
        {
            await call.Backend.Opener.OpenAsync(new CreateAccount(workspaceId, owner.Product, name, WorkspaceType.Team), call.Cancellation).ConfigureAwait(false);
            await call.Backend.People.JoinAsync(accountId, new Membership(workspaceId, name, WorkspaceType.Team, MemberRole.Owner), call.Cancellation).ConfigureAwait(false);
        }

        return answer;
    }
}

/// <summary>The answer of <c>POST /admin/workspaces</c>. The id stands as in <c>GET /workspaces</c> and as in <c>POST /admin/accounts</c>.</summary>
public sealed record CreatedWorkspaceView(string Id, string WorkspaceId, string Name, WorkspaceType Type, string OwnerAccountId);
