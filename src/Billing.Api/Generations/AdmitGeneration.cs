using Billing.Api.Http;
using Billing.Generations;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations</c>: may this customer generate this, and what does it cost? Decided and charged in one durable step.</summary>
public static class AdmitGeneration
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("AdmitGeneration", "POST", Routes.Generations, Access.Service, HandleAsync)
    {
        Rate = RateCounting.WithDecision,
    };

    private static async Task<IResult> HandleAsync(Call call)
    {
        var read = await Pricing.ReadAsync(call).ConfigureAwait(false);
        if (read is not Outcome<PricedRequest>.Accepted { Value: var (workspaceId, _, wanted) })
        {
            return call.Refuse(((Outcome<PricedRequest>.Declined)read).Refusal);
        }

        var command = new Admit(call.NewKey(), [wanted], TestMode: call.Caller.TestMode);
        return await Admitting.DecideAsync(call, workspaceId, command, Reply).ConfigureAwait(false);
    }

    private static Reply Reply(Admitted admitted)
    {
        var view = GenerationView.Of(admitted.Items[0].Generation!, admitted.Admission!, admitted.Account.WorkspaceId, admitted.Account.Balance);
        return new Reply(StatusCodes.Status201Created, ApiJson.Write(view));
    }
}
