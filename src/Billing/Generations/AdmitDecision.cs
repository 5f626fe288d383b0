using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.RateLimits;
using Billing.Workspaces;

namespace Billing.Generations;

public static class AdmitDecision
{
    /// <summary>Decides and charges: paused, debt, limits, credits, in this order.</summary>
    public static Outcome<Admitted> Decide(UnitOfWork draft, Catalog catalog, Admit command)
    {
        var refusals = RefusalsFor(draft, catalog, command);
        var index = Array.FindIndex(refusals, refusal => refusal is not null);
        if (command.AllOrNothing && index >= 0)
        {
            TellExhausted(draft, command, refusals);
            return command.Batch && refusals[index]!.Code != Billing.RefusalCodes.PaymentRequired ? refusals[index]!.OfItem(index) : refusals[index]!;
        }

        return Charge(draft, catalog, command, refusals);
    }

    /// <summary>The plan whose limits and entitlements apply; null where none does.</summary>
    public static Plan? PlanOf(Workspace workspace, Catalog catalog) =>
        workspace.Subscription is { Ended: false } subscription && catalog.TryGetPlan(subscription.Current.Plan, out var plan) ? plan : null;

    private static void TellExhausted(UnitOfWork draft, Admit command, IEnumerable<Refusal?> refusals)
    {
        if (!command.TestMode && refusals.Any(refusal => refusal?.Required is not null))
        {
            Alerts.Exhausted(draft);
        }
    }

    private static Refusal?[] RefusalsFor(UnitOfWork draft, Catalog catalog, Admit command)
    {
        var workspace = draft.Workspace;
        var plan = PlanOf(workspace, catalog);
        var refusals = new Refusal?[command.Items.Length];
        var (running, left, overage, room) = (workspace.Running, workspace.Balance, OverageAllowed(plan), draft.RateRoom);
        for (var i = 0; i < refusals.Length; i++)
        {
            var item = command.Items[i];
            refusals[i] = Closed(workspace)
                ?? Paused(workspace, catalog, command)
                ?? Owes(workspace, catalog, command, item)
                ?? item.SoldBy(catalog).CheckLimits(plan, new GenerationCircumstances(running, item.Usage, item.Promised))
                ?? Funds(draft, catalog, command, item, left, overage)
                ?? (room > 0 ? null : RateDecision.TooMany);
            if (refusals[i] is null)
            {
                room--;
                running++;
                left -= Credits.Min(item.Price.Cost, left);
            }
        }

        return refusals;
    }

    private static bool OverageAllowed(Plan? plan) => plan?.OverageUnitPrice is not null;

    private static Refusal? Closed(Workspace workspace) =>
        workspace.ClosedAt is null ? null : new Refusal(Billing.RefusalCodes.Forbidden, "The account was closed; nothing is generated for it any more.");

    private static Refusal? Paused(Workspace workspace, Catalog catalog, Admit command) =>
        workspace.Subscription is { Paused: true } && !command.TestMode
            ? new Refusal(Billing.RefusalCodes.PaymentRequired, "The subscription is paused until its payment succeeds.") { ActionUrl = catalog.PayUrl }
            : null;

    private static Refusal? Owes(Workspace workspace, Catalog catalog, Admit command, AdmitItem item)
    {
        if (workspace.Debt == Credits.Zero || command.TestMode)
        {
            return null;
        }

        var required = RequiredBy(command, item);
        return new Refusal(
            Billing.RefusalCodes.InsufficientCredits,
            $"This {NameOf(command)} costs {Counted.Of(required, "credit")}; a debt of {Counted.Of(workspace.Debt, "credit")} is to be repaid first.")
        {
            Required = required,
            Available = workspace.Balance,
            Debt = workspace.Debt,
            ActionUrl = catalog.BuyUrl,
        };
    }

    /// <summary>True for a batch that is admitted or refused as one.</summary>
    private static bool IsOne(Admit command) => command is { AllOrNothing: true, Items.Length: > 1 };

    private static Credits RequiredBy(Admit command, AdmitItem item) => IsOne(command) ? Sum(command.Items) : item.Price.Cost;

    private static string NameOf(Admit command) => IsOne(command) ? "batch" : "generation";

    private static Refusal? Funds(UnitOfWork draft, Catalog catalog, Admit command, AdmitItem item, Credits left, bool overage)
    {
        if (item.Price.Cost <= left || overage || command.TestMode)
        {
            return null;
        }

        var renews = draft.Workspace.Subscription is { Ended: false, Paused: false } subscription && (!subscription.Canceled || catalog.DefaultPlan is not null);
        DateTimeOffset? renewsAt = renews ? draft.Workspace.Subscription!.PeriodEndsAt : null;
        var allowance = draft.Workspace.MonthlyAllowance;
        var monthly = catalog.ExhaustedCode == Billing.RefusalCodes.MonthlyLimit && renewsAt is not null;
        var required = RequiredBy(command, item);
        var available = IsOne(command) ? draft.Workspace.Balance : left;
        return new Refusal(
            monthly ? Billing.RefusalCodes.MonthlyLimit : Billing.RefusalCodes.InsufficientCredits,
            monthly
                ? $"This month's {allowance} {Counted.Are(allowance)} used up; {available} {Counted.Are(available)} left of the {required} that this needs."
                : $"This {NameOf(command)} costs {Counted.Of(required, "credit")}; {available} {Counted.Are(available)} left.")
        {
            Required = required,
            Available = available,
            MaxAffordable = item.MostFor(left, catalog),
            RetryAt = monthly ? renewsAt : null,
            ActionUrl = catalog.BuyUrl,
        };
    }

    private static Outcome<Admitted> Charge(UnitOfWork draft, Catalog catalog, Admit command, Refusal?[] refusals)
    {
        var before = draft.Workspace.Balance;
        var plan = PlanOf(draft.Workspace, catalog);
        var entitlements = catalog.EntitlementsOf(plan, command.TestMode);
        var items = ImmutableArray.CreateBuilder<AdmittedItem>(refusals.Length);
        for (var i = 0; i < refusals.Length; i++)
        {
            items.Add(refusals[i] is { } refusal
                ? new AdmittedItem(null, refusal)
                : new AdmittedItem(Take(draft, catalog, command, i, plan), null));
        }

        var rows = RowsOf(draft, command, entitlements, items);
        if (rows.IsEmpty)
        {
            TellExhausted(draft, command, refusals);
            return new Admitted(rows, items.MoveToImmutable(), draft.Workspace, entitlements);
        }

        foreach (var row in rows)
        {
            draft.Put(row);
        }

        if (command.TestMode)
        {
            draft.Put(new TestAdmission { LastRow = rows[^1].RowKey[Admission.Prefix.Length..], CreatedAt = draft.Now });
        }

        draft.RateTaken = rows.Sum(row => row.Generations.Length);
        if (!command.TestMode)
        {
            draft.Workspace = draft.Workspace with { RunningSpans = draft.Workspace.RunningSpans.Begin(rows[0].Entry, draft.RateTaken, rows.Min(row => row.NextExpiryAt!.Value)) };
            AdmissionPosting.Post(draft, catalog, command, rows, items);
            Alerts.AfterSpending(draft, catalog, before);
            if (draft.Workspace.Balance == Credits.Zero)
            {
                Alerts.Exhausted(draft);
            }
        }

        // After what is low: whoever hears of both hears of them in that order.
        TellExhausted(draft, command, refusals);

        return new Admitted(rows, items.MoveToImmutable(), draft.Workspace, entitlements);
    }

    /// <summary>The rows of what was admitted. An item's place in the batch says which is its row, so that its id leads there, whatever became of those before it.</summary>
    private static ImmutableArray<Admission> RowsOf(UnitOfWork draft, Admit command, ImmutableSortedDictionary<string, Scalar> entitlements, IEnumerable<AdmittedItem> items) =>
    [
        .. items.Chunk(Admission.MostInRow)
            .Select(some => some.Select(item => item.Generation).OfType<Generation>().ToImmutableArray())
            .Where(generations => !generations.IsEmpty)
            .Select(generations => new Admission
            {
                TestMode = command.TestMode,
                Entry = command.TestMode ? 0 : draft.Workspace.Entries + 1,
                Requester = command.Requester,
                Entitlements = entitlements,
                Generations = generations,
            }),
    ];

    private static Generation Take(UnitOfWork draft, Catalog catalog, Admit command, int index, Plan? plan)
    {
        var item = command.Items[index];
        var generation = new Generation
        {
            Id = command.IdOf(draft.Workspace.WorkspaceId, index),
            Status = GenerationStatus.Running,
            Cost = item.Price.Cost,
            Units = item.Price.Units,
            Breakdown = item.Price.Breakdown,
            Parameters = item.Usage.Values,
            Description = item.Description,
            Metadata = item.Metadata,
            PeriodStartsAt = draft.Workspace.PeriodAt(draft.Now).StartsAt,
            CreatedAt = draft.Now,
            ExpiresAt = draft.Now + catalog.GenerationTimeToLive,
        };
        if (command.TestMode)
        {
            return generation;
        }

        // What is left is taken; what it does not cover is one unit of overage, whatever it would have cost.
        var covered = Credits.Min(item.Price.Cost, draft.Workspace.Balance);
        var (left, draws) = draft.Workspace.Grants.Spend(covered);
        draft.Workspace = draft.Workspace with { Grants = left };
        if (covered == item.Price.Cost)
        {
            return generation with { Draws = draws };
        }

        var unit = new OverageUnit(CalendarMonth.Of(draft.Now), plan!.Id, plan.OverageUnitPrice!.Value);
        draft.Workspace = draft.Workspace with { Overage = draft.Workspace.Overage.Add(unit.Month, unit.Plan, unit.Price, 1) };
        return generation with { Draws = draws, Overage = unit };
    }

    private static Credits Sum(ImmutableArray<AdmitItem> items) =>
        items.Aggregate(Credits.Zero, (sum, item) => sum + item.Price.Cost);
}
