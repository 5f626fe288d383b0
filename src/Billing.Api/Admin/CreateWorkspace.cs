using System.Text.Json;
using Billing.Accounts;
using Billing.Api.Http;
using Billing.Subscriptions;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/workspaces</c>: a team workspace, owned by an account.</summary>
public static class CreateWorkspace
{
    public const string Route = "api/v1/admin/workspaces";

    public static readonly ApiEndpoint Endpoint = new("CreateWorkspace", "POST", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var accountId = request.Body.Text("account_id", 100) ?? "";
        var name = request.Body.Text("name", 200) ?? "";
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (await Members.FindAsync(request, accountId).ConfigureAwait(false) is not { } owner)
        {
            return request.Refuse(Refusal.NotFound("account"));
        }

        // The answer comes first: it refuses the key of another request before anything is made, and what is made is the same for every repeat.
        var workspaceId = AccountIds.New(request, accountId).WorkspaceId;
        if (!await request.Backend.Accounts.HasRoomAsync(accountId, workspaceId, request.Cancellation).ConfigureAwait(false))
        {
            return request.Refuse(Members.Full());
        }

        var view = new CreatedWorkspaceView(workspaceId, workspaceId, name, WorkspaceType.Team, accountId);
        var answer = await AccountIds.AnswerAsync(request, owner.WorkspaceId, view).ConfigureAwait(false);
        if (answer is JsonReply { Status: StatusCodes.Status201Created } told)
        {
            // A repeat is told of the workspace that was made first: by now it would get another shard, perhaps.
            workspaceId = JsonSerializer.Deserialize<CreatedWorkspaceView>(told.Body, ApiJson.Options)!.WorkspaceId;
            var opened = await request.Backend.Opener.OpenAsync(new OpenWorkspace(workspaceId, owner.Product, name, WorkspaceType.Team, Owner: accountId), request.Cancellation).ConfigureAwait(false);
            if (!opened.TryGet(out _, out var refusal))
            {
                return request.Refuse(refusal);
            }

            var owned = new Membership(workspaceId, name, WorkspaceType.Team, MemberRole.Owner);
            return await request.Backend.Accounts.JoinAsync(accountId, owned, request.Cancellation).ConfigureAwait(false) ? answer : request.Refuse(Members.Full());
        }

        return answer;
    }
}

/// <summary>The answer of <c>POST /admin/workspaces</c>. The id stands as in <c>GET /workspaces</c> and as in <c>POST /admin/accounts</c>.</summary>
public sealed record CreatedWorkspaceView(string Id, string WorkspaceId, string Name, WorkspaceType Type, string OwnerAccountId);
