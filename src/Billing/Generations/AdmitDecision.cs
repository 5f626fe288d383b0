using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Webhooks;

namespace Billing.Generations;

/// <summary>The decision that everything else is built around.</summary>
public static class AdmitDecision
{
    /// <summary>Decides and charges: paused, concurrency, plan limits, credits, in this order.</summary>
    public static Outcome<Admitted> Decide(Draft draft, Catalog catalog, Admit command)
    {
        var refusals = Refusals(draft, catalog, command);
        if (command.AllOrNothing && refusals.FirstOrDefault(refusal => refusal is not null) is { } first)
        {
            return Refused(draft, command.TestMode, first);
        }

        return Charge(draft, catalog, command, refusals);
    }

    /// <summary>The plan whose limits and entitlements apply; null where none does.</summary>
    public static Plan? PlanOf(Account account, Catalog catalog) =>
        account.Subscription is { Ended: false } subscription && catalog.TryGetPlan(subscription.Current.Plan, out var plan) ? plan : null;

    private static Refusal Refused(Draft draft, bool testMode, Refusal refusal)
    {
        if (refusal.Required is not null && !testMode)
        {
            Alerts.Exhausted(draft);
        }

        return refusal;
    }

    private static Refusal?[] Refusals(Draft draft, Catalog catalog, Admit command)
    {
        var account = draft.Account;
        var plan = PlanOf(account, catalog);
        var refusals = new Refusal?[command.Items.Length];
        var (running, left, overage) = (account.Running, account.Balance, OverageAllowed(plan));
        for (var i = 0; i < refusals.Length; i++)
        {
            var item = command.Items[i];
            refusals[i] = Paused(account, catalog, command)
                ?? Concurrency(running, plan, catalog)
                ?? catalog.CheckLimits(plan, item.Usage)
                ?? Funds(draft, catalog, command, item, left, overage);
            if (refusals[i] is null)
            {
                running++;
                left -= item.Price.Cost <= left && !command.TestMode ? item.Price.Cost : Credits.Zero;
            }
        }

        return refusals;
    }

    private static bool OverageAllowed(Plan? plan) => plan?.OverageUnitPrice is not null;

    private static Refusal? Paused(Account account, Catalog catalog, Admit command) =>
        account.Subscription is { Paused: true } && !command.TestMode
            ? new Refusal(Billing.Refusals.PaymentRequired, "The subscription is paused until its payment succeeds.") { ActionUrl = catalog.ActionUrl }
            : null;

    private static Refusal? Concurrency(int running, Plan? plan, Catalog catalog)
    {
        var limit = catalog.LimitsOf(plan).Concurrency;
        return running < (limit ?? int.MaxValue)
            ? null
            : new Refusal(Billing.Refusals.ConcurrencyLimit, $"{running} generations are running; the plan allows {limit} at once.");
    }

    private static Refusal? Funds(Draft draft, Catalog catalog, Admit command, Wanted item, Credits left, bool overage)
    {
        if (item.Price.Cost <= left || overage || command.TestMode)
        {
            return null;
        }

        var renewsAt = draft.Account.Subscription is { Canceled: false, Paused: false } subscription ? subscription.PeriodEndsAt : (DateTimeOffset?)null;
        var monthly = catalog.ExhaustedCode == Billing.Refusals.MonthlyLimit && renewsAt is not null;
        var required = command is { AllOrNothing: true, Items.Length: > 1 } ? Sum(command.Items) : item.Price.Cost;
        var available = command is { AllOrNothing: true, Items.Length: > 1 } ? draft.Account.Balance : left;
        return new Refusal(
            monthly ? Billing.Refusals.MonthlyLimit : Billing.Refusals.InsufficientCredits,
            monthly
                ? $"This month's {draft.Account.Subscription!.Allowance} are used up; {available} are left of the {required} that this needs."
                : $"This {(command.Items.Length > 1 ? "batch" : "generation")} costs {required} credits; {available} are left.")
        {
            Required = required,
            Available = available,
            MaxAffordable = catalog.MaxAffordable(item.Usage, left),
            RetryAt = monthly ? renewsAt : null,
            ActionUrl = catalog.ActionUrl,
        };
    }

    private static Outcome<Admitted> Charge(Draft draft, Catalog catalog, Admit command, Refusal?[] refusals)
    {
        var before = draft.Account.Balance;
        var plan = PlanOf(draft.Account, catalog);
        var entitlements = catalog.EntitlementsOf(plan, command.TestMode);
        var items = ImmutableArray.CreateBuilder<AdmittedItem>(refusals.Length);
        for (var i = 0; i < refusals.Length; i++)
        {
            items.Add(refusals[i] is { } refusal
                ? new AdmittedItem(null, Refused(draft, command.TestMode, refusal))
                : new AdmittedItem(Take(draft, catalog, command, i, plan), null));
        }

        var generations = items.Where(item => item.Generation is not null).Select(item => item.Generation!).ToImmutableArray();
        if (generations.IsEmpty)
        {
            return new Admitted(null, items.ToImmutable(), draft.Account, entitlements);
        }

        var admission = new Admission { Key = command.Key, TestMode = command.TestMode, Entitlements = entitlements, Generations = generations };
        draft.Put(admission);
        if (!command.TestMode)
        {
            AdmissionLedger.Post(draft, catalog, command, generations);
            Alerts.AfterSpending(draft, catalog, before);
            if (generations.Any(generation => generation.Overage is not null))
            {
                Alerts.Exhausted(draft);
            }
        }

        Hold(draft, command, admission);
        return new Admitted(admission, items.ToImmutable(), draft.Account, entitlements);
    }

    private static Generation Take(Draft draft, Catalog catalog, Admit command, int index, Plan? plan)
    {
        var item = command.Items[index];
        var generation = new Generation
        {
            Id = command.IdOf(draft.Account.WorkspaceId, index),
            Status = GenerationStatus.Running,
            Cost = item.Price.Cost,
            Units = item.Price.Units,
            Breakdown = item.Price.Breakdown,
            Parameters = item.Usage.ToMetadata(),
            Description = item.Description,
            Metadata = item.Metadata,
            PeriodStartsAt = draft.Account.PeriodAt(draft.Now).StartsAt,
            CreatedAt = draft.Now,
            ExpiresAt = draft.Now + catalog.GenerationTimeToLive,
        };
        if (command.TestMode)
        {
            return generation;
        }

        if (item.Price.Cost <= draft.Account.Balance)
        {
            var (left, draws) = draft.Account.Grants.Spend(item.Price.Cost);
            draft.Account = draft.Account with { Grants = left };
            return generation with { Draws = draws };
        }

        var unit = new OverageUnit(CalendarMonth.Of(draft.Now), plan!.Id, plan.OverageUnitPrice!.Value);
        draft.Account = draft.Account with { Overage = draft.Account.Overage.Add(unit.Month, unit.Plan, unit.Price, 1) };
        return generation with { Overage = unit };
    }

    private static void Hold(Draft draft, Admit command, Admission admission)
    {
        var expiresAt = admission.NextExpiryAt!.Value;
        draft.Account = draft.Account with
        {
            Running = draft.Account.Running + (command.TestMode ? 0 : admission.Generations.Length),
            NextExpiryAt = draft.Account.NextExpiryAt < expiresAt ? draft.Account.NextExpiryAt : expiresAt,
        };
    }

    private static Credits Sum(ImmutableArray<Wanted> items) =>
        items.Aggregate(Credits.Zero, (sum, item) => sum + item.Price.Cost);
}
