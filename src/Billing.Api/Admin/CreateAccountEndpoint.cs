using Billing.Accounts;
using Billing.Api.Http;
using Billing.Subscriptions;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/accounts</c>: a customer of one product, with its personal workspace.</summary>
public static class CreateAccountEndpoint
{
    public const string Route = "api/v1/admin/accounts";

    public static readonly ApiEndpoint Endpoint = new("CreateAccount", "POST", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var product = request.Body.OneOf("product", [.. request.Backend.Catalogs.All.Select(catalog => catalog.Product)]) ?? "";
        var name = request.Body.Text("name", 200) ?? "";
        var email = request.Body.Text("email", 320) ?? "";
        var externalId = request.Body.Text("external_id", 200, required: false);
        var plan = request.Body.Text("plan", 50, required: false);
        var credits = request.Body.Credits("credits", required: false);
        if (credits is not null && plan is null)
        {
            request.Body.Reject("credits", "needs a plan whose monthly credits are chosen");
        }

        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var own = AccountIds.New(request);
        var link = own;
        var command = new OpenWorkspace(link.WorkspaceId, product, name, WorkspaceType.Personal, plan, credits);
        if (!WorkspaceDecisions.Create(command, request.Backend.Catalogs[product], request.Now).TryGet(out _, out var refusal) && !await IsThereAsync(request, product, externalId).ConfigureAwait(false))
        {
            return request.Refuse(refusal);
        }

        // The link comes first: a crash after it leaves ids that the next try goes on with.
        if (externalId is not null)
        {
            link = await request.Backend.Accounts.LinkAsync(product, externalId, link, request.Cancellation).ConfigureAwait(false);
        }

        // Of several at once one is stored; what another asks for is given only where it is the same.
        var asked = new Account(link.AccountId, product, name, email, externalId, link.WorkspaceId, request.Now) { OpenedOn = OpenedOn(plan, credits) };
        var account = await request.Backend.Accounts.AddAsync(asked, request.Cancellation).ConfigureAwait(false);
        if (!account.IsAskedForBy(asked))
        {
            return request.Refuse(request.Operation() is not null && link == own
                ? Refusal.KeyReused()
                : Refusal.Conflict($"There is an account with this external_id and other content already: {account.AccountId}."));
        }

        var opened = await request.Backend.Opener.OpenAsync(command with { WorkspaceId = account.WorkspaceId, Owner = account.AccountId }, request.Cancellation).ConfigureAwait(false);
        if (!opened.TryGet(out _, out var closed))
        {
            return request.Refuse(closed);
        }

        return await AccountIds.AnswerAsync(request, account.WorkspaceId, new CreatedAccountView(account.AccountId, account.WorkspaceId)).ConfigureAwait(false);
    }

    /// <summary>True when the seller's id has its account: what is sold by now is no matter to whoever asks for it again.</summary>
    private static async Task<bool> IsThereAsync(ApiRequest request, string product, string? externalId) =>
        externalId is not null
        && await request.Backend.Accounts.FindLinkAsync(product, externalId, request.Cancellation).ConfigureAwait(false) is { } link
        && await request.Backend.Accounts.FindAsync(link.AccountId, request.Cancellation).ConfigureAwait(false) is not null;

    private static string OpenedOn(string? plan, Credits? credits) => $"{plan} {credits}".Trim();
}

/// <summary>The answer of <c>POST /admin/accounts</c>.</summary>
public sealed record CreatedAccountView(string AccountId, string WorkspaceId);
