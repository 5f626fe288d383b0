using Billing.Accounts;
using Billing.Api.Http;
using Billing.People;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/accounts</c>: a customer of one product, with its personal workspace.</summary>
public static class CreateAccountEndpoint
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CreateAccount", "POST", Routes.AdminAccounts, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var product = call.Body.Choice("product", [.. call.Backend.Catalogs.All.Select(catalog => catalog.Product)]);
        var name = call.Body.RequiredText("name", 200);
        var email = call.Body.RequiredText("email", 320);
        var externalId = call.Body.Text("external_id", 200);
        var plan = call.Body.Text("plan", 50);
        var credits = call.Body.Credits("credits");
        if (credits is not null && plan is null)
        {
            call.Body.Reject("credits", "needs a plan whose monthly credits are chosen");
        }

        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var own = AccountIds.New(call);
        var link = own;
        var command = new CreateAccount(link.WorkspaceId, product, name, WorkspaceType.Personal, plan, credits);
        if (AccountDecisions.Create(command, call.Backend.Catalogs[product], call.Now) is Outcome<Draft>.Declined { Refusal: var refusal })
        {
            return call.Refuse(refusal);
        }

        // The link comes first: a crash after it leaves ids that the next try goes on with.
        if (externalId is not null)
        {
            link = await call.Backend.People.LinkAsync(product, externalId, link, call.Cancellation).ConfigureAwait(false);
        }

        var known = await call.Backend.People.FindAsync(link.AccountId, call.Cancellation).ConfigureAwait(false);
        var person = new Person(link.AccountId, product, name, email, externalId, link.WorkspaceId, known?.CreatedAt ?? call.Now);
        if (known is not null && (known != person || call.Operation() is null))
        {
            return call.Refuse(call.Operation() is not null && link == own
                ? Refusal.KeyReused()
                : Refusal.Conflict($"There is an account with this external_id already: {known.AccountId}."));
        }

        await call.Backend.Opener.OpenAsync(command with { WorkspaceId = link.WorkspaceId }, call.Cancellation).ConfigureAwait(false);
        await call.Backend.People.AddAsync(person, call.Cancellation).ConfigureAwait(false);
        return await AccountIds.AnswerAsync(call, link.WorkspaceId, new CreatedAccountView(link.AccountId, link.WorkspaceId)).ConfigureAwait(false);
    }
}

/// <summary>The answer of <c>POST /admin/accounts</c>.</summary>
public sealed record CreatedAccountView(string AccountId, string WorkspaceId);
