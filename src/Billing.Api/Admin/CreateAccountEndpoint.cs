using Billing.Accounts;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/accounts</c>: a customer of one product, with its personal workspace.</summary>
public static class CreateAccountEndpoint
{
    public const string Route = "api/v1/admin/accounts";

    public static readonly ApiEndpoint Endpoint = new("CreateAccount", "POST", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var body = request.Body;
        var asked = new NewAccount(
            body.OneOf("product", [.. request.Backend.Catalogs.All.Select(catalog => catalog.Product)]) ?? "",
            body.AccountName() ?? "",
            body.Email() ?? "",
            body.ExternalId(),
            body.Plan(),
            body.Credits("credits", required: false));
        if (asked is { Credits: not null, Plan: null })
        {
            body.Reject("credits", "needs a plan whose monthly credits are chosen");
        }

        if (body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var own = AccountIds.New(request);
        if (!(await asked.AddAsync(request, own).ConfigureAwait(false)).TryGet(out var account, out var refusal))
        {
            return request.Refuse(refusal);
        }

        // Of several at once one is stored; what another asks for is given only where it is the same.
        if (!account.IsAskedForBy(asked.AsAsked(new ExternalLink(account.AccountId, account.WorkspaceId), request.Now)))
        {
            return request.Refuse(request.Operation() is not null && account.AccountId == own.AccountId
                ? Refusal.KeyReused()
                : Refusal.Conflict($"There is an account with this external_id and other content already: {account.AccountId}."));
        }

        // Accounts of former releases do not say what they were opened on.
        return (await NewAccount.OpenAsync(request, account with { OpenedOn = asked.OpenedOn }).ConfigureAwait(false)).TryGet(out _, out var closed)
            ? await AccountIds.AnswerAsync(request, account.WorkspaceId, new CreatedAccountView(account.AccountId, account.WorkspaceId)).ConfigureAwait(false)
            : request.Refuse(closed);
    }
}

/// <summary>The answer of <c>POST /admin/accounts</c>.</summary>
public sealed record CreatedAccountView(string AccountId, string WorkspaceId);
