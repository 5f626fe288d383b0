using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Generations;

/// <summary><c>POST /generations/check</c>: the decision that admit would take now, changing nothing.</summary>
public static class CheckGeneration
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CheckGeneration", "POST", Routes.Check, Access.Customer, HandleAsync)
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

        var admit = new Admit(Ids.TimePart(call.Now), [wanted], TestMode: call.Caller.TestMode);
        var work = new Work<CheckView>((draft, catalog) => Check(draft.Account, draft.Now, catalog, admit));
        var done = await call.SubmitAsync(workspaceId, work).ConfigureAwait(false);
        return call.Answer(done, view => new Reply(StatusCodes.Status200OK, ApiJson.Write(view)));
    }

    private static CheckView Check(Account account, DateTimeOffset now, Catalog catalog, Admit admit)
    {
        var trial = new Draft(account, now);
        var outcome = AdmitDecision.Decide(trial, catalog, admit);
        var wanted = admit.Items[0];
        var refusal = (outcome as Outcome<Admitted>.Declined)?.Refusal;
        var generation = (outcome as Outcome<Admitted>.Accepted)?.Value.Items[0].Generation;
        return new CheckView(
            refusal is null,
            wanted.Price.Cost,
            account.Balance,
            wanted.Price.Cost > account.Balance ? wanted.Price.Cost - account.Balance : Credits.Zero,
            refusal?.Code,
            generation?.Overage is not null,
            catalog.EntitlementsOf(AdmitDecision.PlanOf(account, catalog), admit.TestMode),
            catalog.MaxAffordable(wanted.Usage, account.Balance));
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
/// <param name="MaxAffordable">The most that the credits left would cover, all else equal.</param>
public sealed record CheckView(
    bool Allowed,
    Credits Cost,
    Credits Credits,
    Credits Shortfall,
    string? Code,
    bool Overage,
    ImmutableSortedDictionary<string, Scalar> Entitlements,
    ImmutableSortedDictionary<string, long> MaxAffordable);
