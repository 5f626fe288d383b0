using Billing.Api.Http;
using Billing.Generations;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>GET /generations/{id}</c></summary>
public static class GetGeneration
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetGeneration", "GET", Routes.Generation, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call) =>
        await GenerationWork.DecideAsync(call, (draft, id) =>
            SettleDecisions.TryFind(draft, id, out var admission, out var generation)
                ? new Settled(generation, admission, draft.Account)
                : Refusal.NotFound("generation")).ConfigureAwait(false);
}

/// <summary>Decisions on the generation that the route names.</summary>
internal static class GenerationWork
{
    public static async Task<IResult> DecideAsync(Call call, Func<Accounts.Draft, string, Outcome<Settled>> decide, bool tellsBalance = false)
    {
        var id = call.Route("id");
        if (!Ids.TryParse("gen", id, out var workspaceId, out var key)
            || await call.WorkspaceAsync(workspaceId).ConfigureAwait(false) is not Outcome<string>.Accepted)
        {
            return call.Refuse(Refusal.NotFound("generation"));
        }

        var (running, settled) = SettleDecisions.RowKeysOf(key);
        var work = new Work<Settled>((draft, _) => decide(draft, id)) { Reads = [running, settled] };
        return await call.DecideAsync(workspaceId, work, done => Reply(done, tellsBalance)).ConfigureAwait(false);
    }

    private static Reply Reply(Settled done, bool tellsBalance) => new(
        StatusCodes.Status200OK,
        ApiJson.Write(GenerationView.Of(done.Generation, done.Admission, done.Account.WorkspaceId, tellsBalance ? done.Account.Balance : null)));
}
