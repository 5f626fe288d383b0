using Billing.Catalogs;

namespace Billing.Accounts;

/// <summary>Creates a workspace's account.</summary>
public sealed record CreateAccount(string WorkspaceId, string Product, string Name, WorkspaceType Type, string? Plan = null, Credits? Credits = null);

/// <summary>Grants bonus credits.</summary>
public sealed record GiveCredits(Credits Credits, DateTimeOffset? ExpiresAt, string Reason);

/// <summary>Decisions on accounts and what is given to them.</summary>
public static class AccountDecisions
{
    /// <summary>A new account with its sign-up credits (personal workspaces) and its plan: the one asked for, or the product's default (personal only).</summary>
    public static Outcome<Draft> Create(CreateAccount command, Catalog catalog, DateTimeOffset now)
    {
        var draft = new Draft(
            new Account
            {
                WorkspaceId = command.WorkspaceId,
                Product = command.Product,
                Name = command.Name,
                Type = command.Type,
                CreatedAt = now,
            },
            now);
        var personal = command.Type == WorkspaceType.Personal;
        if (personal && catalog.SignUpGrant is { } credits)
        {
            draft.Credit(GrantKind.Bonus, expiresAt: null, new LedgerLine(EntryType.Grant, credits, "Sign-up credits"));
        }

        var plan = command.Plan ?? (personal ? catalog.DefaultPlan?.Id : null);
        if (plan is null && command.Credits is not null)
        {
            return Refusal.Invalid("credits", "can only be chosen with a plan");
        }

        if (plan is not null && SubscriptionDecisions.Subscribe(draft, catalog, new Subscribe(plan, command.Credits, null)) is Outcome<Subscription>.Declined { Refusal: var refusal })
        {
            return refusal;
        }

        return draft;
    }

    /// <summary>Bonus credits, given by an operator.</summary>
    public static Outcome<LedgerEntry> Give(Draft draft, GiveCredits command)
    {
        if (command.Credits <= Credits.Zero || command.Credits > Credits.Limit)
        {
            return Refusal.Invalid("credits", $"must be more than 0, at most {Credits.Limit}");
        }

        if (command.ExpiresAt <= draft.Now)
        {
            return Refusal.Invalid("expires_at", "must be in the future");
        }

        return draft.RoomForGrant() is { } full
            ? full
            : draft.Credit(GrantKind.Bonus, command.ExpiresAt, new LedgerLine(EntryType.Grant, command.Credits, command.Reason));
    }
}
