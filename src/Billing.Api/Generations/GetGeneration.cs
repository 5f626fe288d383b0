using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>GET /generations/{id}</c></summary>
public static class GetGeneration
{
    public const string Route = "api/v1/generations/{id}";

    public static readonly ApiEndpoint Endpoint = new("GetGeneration", "GET", Route, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request) =>
        await GenerationWork.DecideAsync(request, (unit, _, id) =>
            SettleDecisions.TryFind(unit, id, out var admission, out var generation)
                ? new Settled(generation, admission, unit.Workspace)
                : Refusal.NotFound("generation")).ConfigureAwait(false);
}

/// <summary>Decisions on the generation that the route names.</summary>
internal static class GenerationWork
{
    public static async Task<IResult> DecideAsync(ApiRequest request, Func<UnitOfWork, Catalog, string, Outcome<Settled>> decide, bool tellsBalance = false)
    {
        var id = request.Route("id");
        if (!Ids.TryParse("gen", id, out var workspaceId, out var key)
            || !(await request.WorkspaceAsync(workspaceId).ConfigureAwait(false)).TryGet(out _, out _))
        {
            return request.Refuse(Refusal.NotFound("generation"));
        }

        var (running, settled) = SettleDecisions.RowKeysOf(key);
        var work = new Work<Settled>((unit, catalog) => decide(unit, catalog, id)) { Reads = [running, settled] };
        return await request.DecideAsync(workspaceId, work, done => Reply(done, tellsBalance)).ConfigureAwait(false);
    }

    private static Reply Reply(Settled done, bool tellsBalance) => new(
        StatusCodes.Status200OK,
        ApiJson.Write(GenerationView.Of(done.Generation, done.Admission, done.Workspace.WorkspaceId, tellsBalance ? done.Workspace.Balance : null)));
}
