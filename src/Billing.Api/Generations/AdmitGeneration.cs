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
        OpensAccounts = true,
        Replay = Reply,
    };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var read = await Pricing.ReadAsync(request).ConfigureAwait(false);
        if (!read.TryGet(out var priced, out var mistake))
        {
            return request.Refuse(mistake);
        }

        var (workspaceId, _, wanted) = priced;

        // A repeat meets the row of the first: its key is made from the Idempotency-Key.
        var command = new Admit(request.Operation()?.AdmissionKey ?? request.NewKey(), [wanted], TestMode: request.Caller.TestMode);
        return await Admitting.DecideAsync(request, workspaceId, command, admitted => Reply(admitted.Admission!, admitted.Workspace.Balance)).ConfigureAwait(false);
    }

    private static Reply Reply(Admission admission) => Reply(admission, admission.Answered!.Left);

    private static Reply Reply(Admission admission, Credits left) =>
        new(StatusCodes.Status201Created, ApiJson.Write(GenerationView.Of(admission.AsAnswered(), admission, admission.WorkspaceId, left)));
}
