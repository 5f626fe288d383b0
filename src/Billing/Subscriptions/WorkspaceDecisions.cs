using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Events;
using Billing.Workspaces;

namespace Billing.Subscriptions;

/// <param name="Owner">The account whose it is.</param>
public sealed record OpenWorkspace(string WorkspaceId, string Product, string Name, WorkspaceType Type, string? Plan = null, Credits? Credits = null, string? Owner = null);

/// <param name="Credits">Added, or taken when negative.</param>
public sealed record AdjustCredits(Credits Credits, string Reason);

public sealed record GiveCredits(Credits Credits, DateTimeOffset? ExpiresAt, string Reason);

public static class WorkspaceDecisions
{
    /// <summary>A new workspace with its sign-up credits (personal ones only) and its plan: the one asked for, or the product's default.</summary>
    public static Outcome<UnitOfWork> Create(OpenWorkspace command, Catalog catalog, DateTimeOffset now)
    {
        var unit = new UnitOfWork(
            new Workspace
            {
                WorkspaceId = command.WorkspaceId,
                Product = command.Product,
                Name = command.Name,
                Type = command.Type,
                Owner = command.Owner,
                CreatedAt = now,
            },
            now);
        if (command is { Type: WorkspaceType.Personal, Owner: { } account })
        {
            unit.Tell(EventTypes.AccountCreated, now, ImmutableSortedDictionary<string, Scalar>.Empty.Add("account_id", Scalar.Of(account)).Add("product", Scalar.Of(command.Product)));
        }

        if (command.Type == WorkspaceType.Personal && catalog.SignUpGrant is { } credits)
        {
            unit.Credit(GrantKind.Bonus, expiresAt: null, new LedgerLine(EntryType.Grant, credits, "Sign-up credits"));
        }

        var plan = command.Plan ?? catalog.DefaultPlan?.Id;
        if (plan is null && command.Credits is not null)
        {
            return Refusal.Invalid("credits", "can only be chosen with a plan");
        }

        if (plan is not null && !SubscriptionDecisions.Subscribe(unit, catalog, new Subscribe(plan, command.Credits, null)).TryGet(out _, out var refusal))
        {
            return refusal;
        }

        return unit;
    }

    /// <summary>Closes it: nothing is admitted any more, and the subscription ends with its period. What was bought stays in the books.</summary>
    public static Outcome<Workspace> Close(UnitOfWork unit, Catalog catalog)
    {
        if (unit.Workspace.ClosedAt is not null)
        {
            return new Outcome<Workspace>.AlreadyApplied(unit.Workspace);
        }

        unit.Workspace = unit.Workspace with { ClosedAt = unit.Now };
        if (unit.Workspace.Subscription is { Ended: false, Canceled: false })
        {
            SubscriptionDecisions.Cancel(unit, catalog);
        }

        return unit.Workspace;
    }

    /// <summary>Corrects the balance: credits that never end, or credits taken in burn-down order, at most what is left.</summary>
    public static Outcome<LedgerEntry> Adjust(UnitOfWork unit, Catalog catalog, AdjustCredits command)
    {
        var (taken, before) = (-command.Credits, unit.Workspace.Balance);
        if (taken > before)
        {
            return Refusal.Conflict($"Only {Counted.Of(before, "credit")} {Counted.Are(before)} left to take.");
        }

        if (taken > Credits.Zero)
        {
            var (left, draws) = unit.Workspace.Grants.Spend(taken);
            unit.Workspace = unit.Workspace with { Grants = left };
            var entry = unit.Post(LineOf(EntryType.Adjustment, command.Credits, command.Reason) with { Draws = draws });
            Alerts.AfterSpending(unit, catalog, before);
            return entry;
        }

        if (taken == Credits.Zero)
        {
            return Refusal.Invalid("credits", "must not be 0");
        }

        return unit.RoomForGrant() is { } full ? full : unit.Credit(GrantKind.Bonus, expiresAt: null, LineOf(EntryType.Adjustment, command.Credits, command.Reason));
    }

    public static Outcome<LedgerEntry> Give(UnitOfWork unit, GiveCredits command)
    {
        if (command.Credits <= Credits.Zero || command.Credits > Credits.Limit)
        {
            return Refusal.Invalid("credits", $"must be more than 0, at most {Credits.Limit}");
        }

        if (command.ExpiresAt <= unit.Now)
        {
            return Refusal.Invalid("expires_at", "must be in the future");
        }

        return unit.RoomForGrant() is { } full
            ? full
            : unit.Credit(GrantKind.Bonus, command.ExpiresAt, LineOf(EntryType.Grant, command.Credits, command.Reason));
    }

    /// <summary>A line that reads as the operator's reason.</summary>
    private static LedgerLine LineOf(EntryType type, Credits credits, string reason) =>
        new(type, credits, type == EntryType.Grant ? "Granted credits" : "Adjustment") { Written = WrittenText.Of(reason) };
}
