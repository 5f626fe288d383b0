using Billing.Api.Http;
using Billing.People;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/workspaces/{id}/members</c>: lets an account use a team workspace.</summary>
public static class AddMember
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("AddMember", "POST", Routes.AdminMembers, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var accountId = call.Body.RequiredText("account_id", 100);
        var role = call.Body.Choice("role", ["member"], otherwise: "member");
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var person = await Members.FindAsync(call, accountId).ConfigureAwait(false);
        var account = await AdminWork.AccountAsync(call).ConfigureAwait(false);
        if (person is null || account is null)
        {
            return call.Refuse(Refusal.NotFound(person is null ? "account" : "workspace"));
        }

        if (account.Type == Accounts.WorkspaceType.Personal || account.Product != person.Product)
        {
            return call.Refuse(Refusal.Conflict(account.Product != person.Product
                ? $"The account is a customer of {person.Product}, the workspace belongs to {account.Product}."
                : "A personal workspace has no other members."));
        }

        var known = await call.Backend.People.MembershipAsync(accountId, account.WorkspaceId, call.Cancellation).ConfigureAwait(false);
        var membership = known ?? new Membership(account.WorkspaceId, account.Name, account.Type, MemberRole.Member);
        await call.Backend.People.JoinAsync(accountId, membership, call.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new MemberView(account.WorkspaceId, accountId, membership.Role), StatusCodes.Status201Created);
    }
}

/// <summary><c>DELETE /admin/workspaces/{id}/members</c>: lets it use the workspace no longer, here at once and everywhere within 30 seconds.</summary>
public static class RemoveMember
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("RemoveMember", "DELETE", Routes.AdminMembers, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var accountId = call.Query("account_id") ?? call.Body.RequiredText("account_id", 100);
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var workspaceId = call.Route("id");
        var known = Ids.IsWellFormed("acct", accountId) && Ids.IsWellFormed("ws", workspaceId)
            ? await call.Backend.People.MembershipAsync(accountId, workspaceId, call.Cancellation).ConfigureAwait(false)
            : null;
        if (known is null)
        {
            return call.Refuse(Refusal.NotFound("member"));
        }

        if (known.Role == MemberRole.Owner)
        {
            return call.Refuse(Refusal.Conflict("The owner cannot be removed."));
        }

        await call.Backend.People.LeaveAsync(accountId, workspaceId, call.Cancellation).ConfigureAwait(false);
        call.Backend.Memberships.Forget(accountId, workspaceId);
        return Results.NoContent();
    }
}

/// <summary>A member of a workspace.</summary>
public sealed record MemberView(string WorkspaceId, string AccountId, MemberRole Role);

internal static class Members
{
    public static async Task<Person?> FindAsync(Call call, string accountId) => Ids.IsWellFormed("acct", accountId)
        ? await call.Backend.People.FindAsync(accountId, call.Cancellation).ConfigureAwait(false)
        : null;
}
