using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Generations;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations</c>: may this customer generate this, and what does it cost? Decided and charged in one durable step.</summary>
public static class AdmitGeneration
{
    public const string Route = "api/v1/generations";

    public static readonly ApiEndpoint Endpoint = new("AdmitGeneration", "POST", Route, Access.Service, HandleAsync)
    {
        Rate = RateCounting.WithDecision,
    };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var read = await Pricing.ReadAsync(request).ConfigureAwait(false);
        if (!read.TryGet(out var priced, out var mistake))
        {
            return request.Refuse(mistake);
        }

        var (workspaceId, _, wanted) = priced;

        var command = new Admit(request.NewKey(), [wanted], TestMode: request.Caller.TestMode);
        return await Admitting.DecideAsync(request, workspaceId, command, Reply).ConfigureAwait(false);
    }

    private static Reply Reply(Admitted admitted)
    {
        var view = GenerationView.Of(admitted.Items[0].Generation!, admitted.Admission!, admitted.Workspace.WorkspaceId, admitted.Workspace.Balance);
        return new Reply(StatusCodes.Status201Created, ApiJson.Write(view));
    }
}
