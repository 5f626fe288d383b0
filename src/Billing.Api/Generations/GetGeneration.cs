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

    public static readonly ApiEndpoint Endpoint = new("GetGeneration", "GET", Route, Access.Reader, GenerationWork.ShowAsync);
}

/// <summary>Decisions on the generation that the route names.</summary>
internal static class GenerationWork
{
    /// <summary>Ends or extends it. The service's own key is enough; a customer who is named beside it must be one that may see it, or may have once.</summary>
    public static async Task<IResult> SettleAsync(ApiRequest request, Func<UnitOfWork, Catalog, string, Outcome<Settled>> decide)
    {
        var id = request.Route("id");
        return Ids.TryParse("gen", id, out var workspaceId, out var key) && await MayAsync(request, workspaceId).ConfigureAwait(false)
            ? await DecideAsync(request, workspaceId, key, decide, admission => MaySettle(request, admission), tellsBalance: true).ConfigureAwait(false)
            : request.Refuse(Refusal.NotFound("generation"));
    }

    /// <summary>Whether the caller may settle what is in a row of the workspace.</summary>
    public static bool MaySettle(ApiRequest request, Admission admission) => !request.Caller.IsCustomer || admission.IsSettledFor(request.Caller.TestMode);

    /// <summary>Looks at it.</summary>
    public static async Task<IResult> ShowAsync(ApiRequest request)
    {
        var id = request.Route("id");
        return Ids.TryParse("gen", id, out var workspaceId, out var key) && (await request.WorkspaceAsync(workspaceId).ConfigureAwait(false)).TryGet(out _, out _)
            ? await DecideAsync(request, workspaceId, key, Find, admission => admission.IsShownTo(request.Caller.TestMode), tellsBalance: false).ConfigureAwait(false)
            : request.Refuse(Refusal.NotFound("generation"));
    }

    private static Outcome<Settled> Find(UnitOfWork unit, Catalog catalog, string id) => SettleDecisions.TryFind(unit, id, out var admission, out var generation)
        ? new Settled(generation, admission, unit.Workspace)
        : Refusal.NotFound("generation");

    private static Task<IResult> DecideAsync(
        ApiRequest request, string workspaceId, string key, Func<UnitOfWork, Catalog, string, Outcome<Settled>> decide, Func<Admission, bool> fits, bool tellsBalance)
    {
        var id = request.Route("id");
        var work = new Work<Settled>((unit, catalog) =>
            SettleDecisions.TryFind(unit, id, out var admission, out _) && fits(admission) ? decide(unit, catalog, id) : Refusal.NotFound("generation"))
        {
            Reads = [Admission.RowKeyOf(key)],
        };
        return request.DecideAsync(workspaceId, work, done => Reply(done, tellsBalance));
    }

    /// <summary>Whether the caller may settle anything of a workspace.</summary>
    public static async Task<bool> MayAsync(ApiRequest request, string workspaceId) =>
        (await request.WorkspaceAsync(workspaceId).ConfigureAwait(false)).TryGet(out _, out _)
        || (request.Caller.AccountId is { } accountId && await request.Backend.Accounts.HasLeftAsync(accountId, workspaceId, request.Cancellation).ConfigureAwait(false));

    private static Reply Reply(Settled done, bool tellsBalance) => new(
        StatusCodes.Status200OK,
        ApiJson.Write(GenerationView.Of(done.Generation, done.Admission, done.Workspace.WorkspaceId, tellsBalance ? done.Workspace.Balance : null)));
}
