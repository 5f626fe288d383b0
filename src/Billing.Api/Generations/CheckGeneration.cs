using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations/check</c>: the decision that admit would take now, changing nothing.</summary>
public static class CheckGeneration
{
    public const string Route = "api/v1/generations/check";

    public static readonly ApiEndpoint Endpoint = new("CheckGeneration", "POST", Route, Access.Customer, HandleAsync)
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

        var admit = new Admit(Ids.TimePart(request.Now), [wanted], TestMode: request.Caller.TestMode);
        var work = new Work<CheckView>((unit, catalog) => Check(unit, catalog, admit));
        var done = await request.SubmitAsync(workspaceId, work).ConfigureAwait(false);
        return request.Answer(done, view => new Reply(StatusCodes.Status200OK, ApiJson.Write(view)));
    }

    private static Outcome<CheckView> Check(UnitOfWork unit, Catalog catalog, Admit admit)
    {
        var workspace = unit.Workspace;
        var trial = new UnitOfWork(workspace, unit.Now) { RateRoom = unit.RateRoom };
        var outcome = AdmitDecision.Decide(trial, catalog, admit);
        var wanted = admit.Items[0];
        var generation = outcome.TryGet(out var admitted, out var refusal) ? admitted.Items[0].Generation : null;
        if (refusal?.Code == RefusalCodes.Forbidden)
        {
            return refusal;
        }

        return new CheckView(
            refusal is null,
            wanted.Price.Cost,
            workspace.Balance,
            refusal?.Shortfall ?? (wanted.Price.Cost > workspace.Balance ? wanted.Price.Cost - workspace.Balance : Credits.Zero),
            refusal?.Code,
            generation?.Overage is not null,
            catalog.EntitlementsOf(AdmitDecision.PlanOf(workspace, catalog), admit.TestMode),
            wanted.MostFor(workspace.Balance, catalog));
    }
}

/// <summary>The answer of <c>POST /generations/check</c>.</summary>
/// <param name="Allowed">Whether admit would accept it now.</param>
/// <param name="Cost">What it costs.</param>
/// <param name="Credits">What is left.</param>
/// <param name="Shortfall">What is missing, 0 when nothing is.</param>
/// <param name="Code">Why admit would refuse it; null when it would not.</param>
/// <param name="Overage">Whether it would be an overage unit.</param>
/// <param name="Entitlements">What the plan grants it.</param>
/// <param name="MaxAffordable">The most that the credits left would cover, all else equal; left out where that is nothing.</param>
public sealed record CheckView(
    bool Allowed,
    Credits Cost,
    Credits Credits,
    Credits Shortfall,
    string? Code,
    bool Overage,
    ImmutableSortedDictionary<string, Scalar> Entitlements,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableSortedDictionary<string, long>? MaxAffordable);
