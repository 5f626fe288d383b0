using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Workspaces;

namespace Billing.Subscriptions;

/// <summary>Takes over a customer from another system, as it stands there.</summary>
/// <param name="Plan">Null for the product's default.</param>
/// <param name="StartedAt">Its billing anniversary, which stays; null for now.</param>
/// <param name="Credits">The monthly credits where they are chosen; where the plan has but one figure, what is left of this period's.</param>
/// <param name="PlanCreditsLeft">What is left of this period's plan credits; null for all of them.</param>
/// <param name="Grants">Credits besides those of the plan.</param>
public sealed record ImportWorkspace(
    string WorkspaceId, string Product, string Name, string? Owner, string? Plan, DateTimeOffset? StartedAt, Credits? Credits, Credits? PlanCreditsLeft, ImmutableArray<ImportedGrant> Grants);

/// <param name="ExpiresAt">Null for never.</param>
/// <param name="Paid">What was paid for it: bought credits; null for a gift.</param>
public sealed record ImportedGrant(Credits Credits, DateTimeOffset? ExpiresAt, Money? Paid);

public static class ImportDecisions
{
    public const int MostGrants = 50;

    /// <summary>The workspace with just those credits that the customer had. Nobody is told, for nothing happened.</summary>
    public static Outcome<UnitOfWork> Open(ImportWorkspace command, Catalog catalog, DateTimeOffset now)
    {
        var unit = new UnitOfWork(
            new Workspace
            {
                WorkspaceId = command.WorkspaceId,
                Product = command.Product,
                Name = command.Name,
                Type = WorkspaceType.Personal,
                Owner = command.Owner,
                CreatedAt = now,
            },
            now)
        {
            IsSilent = true,
        };
        return (StartPlan(unit, catalog, command) ?? Give(unit, command)) is { } refusal ? refusal : unit;
    }

    private static Refusal? StartPlan(UnitOfWork unit, Catalog catalog, ImportWorkspace command)
    {
        var id = command.Plan ?? catalog.DefaultPlan?.Id;
        if (id is null)
        {
            return command.StartedAt is not null ? Refusal.Invalid("started_at", "can only be said of a plan")
                : command.Credits is not null ? Refusal.Invalid("credits", "can only be said of a plan; credits without one are a grant")
                : command.PlanCreditsLeft is not null ? Refusal.Invalid("plan_credits_left", "can only be said of a plan")
                : null;
        }

        // Where there is nothing to choose, credits can only be what is left.
        var isFixed = catalog.TryGetSold(id, out var plan) && plan.Allowance.Fixed is not null;
        if (isFixed && command is { Credits: not null, PlanCreditsLeft: not null })
        {
            return Refusal.Invalid("credits", "this plan has one figure a month; leave credits out, and say in plan_credits_left what is left of it");
        }

        var subscribed = SubscriptionDecisions.Subscribe(unit, catalog, new Subscribe(id, isFixed ? null : command.Credits, command.StartedAt));
        return subscribed.TryGet(out var subscription, out var refusal)
            ? LeaveOnly(unit, subscription.Allowance, command.PlanCreditsLeft ?? (isFixed ? command.Credits : null), command.PlanCreditsLeft is null ? "credits" : "plan_credits_left")
            : refusal;
    }

    private static Refusal? LeaveOnly(UnitOfWork unit, Credits allowance, Credits? left, string field)
    {
        if (left is not { } rest || rest == allowance)
        {
            return null;
        }

        if (rest > allowance)
        {
            return Refusal.Invalid(field, $"must be at most the plan's {Counted.Of(allowance, "credit")} a month; what is beyond them is a grant");
        }

        var (grants, draws) = unit.Workspace.Grants.Spend(allowance - rest);
        unit.Workspace = unit.Workspace with { Grants = grants };
        unit.Post(new LedgerLine(EntryType.Adjustment, rest - allowance, "Spent before the import") { Draws = draws });
        return null;
    }

    private static Refusal? Give(UnitOfWork unit, ImportWorkspace command)
    {
        foreach (var (index, grant) in command.Grants.Index())
        {
            if (grant.ExpiresAt <= unit.Now)
            {
                return Refusal.Invalid($"grants[{index}].expires_at", "must be in the future");
            }

            var (kind, type) = grant.Paid is null ? (GrantKind.Bonus, EntryType.Grant) : (GrantKind.TopUp, EntryType.Purchase);
            unit.Credit(kind, grant.ExpiresAt, new LedgerLine(type, grant.Credits, "Imported credits"), grant.Paid);
        }

        return null;
    }
}
