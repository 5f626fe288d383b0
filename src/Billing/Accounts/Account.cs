using Billing.Workspaces;

namespace Billing.Accounts;

/// <summary>A customer of one product: who API keys and sessions belong to.</summary>
/// <param name="AccountId"><c>acct_…</c></param>
/// <param name="Product">The product it is a customer of.</param>
/// <param name="ExternalId">The seller's own id for it.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
public sealed record Account(string AccountId, string Product, string Name, string Email, string? ExternalId, string WorkspaceId, DateTimeOffset CreatedAt)
{
    /// <summary>The plan and the credits that were asked for, empty for the default; null where that was not kept.</summary>
    public string? OpenedOn { get; init; }

    /// <summary>When it was closed, UTC: its keys are off, its books stay. Null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>True when a request for it asks for what is stored.</summary>
    public bool IsAskedForBy(Account asked) => this == asked with { WorkspaceId = WorkspaceId, CreatedAt = CreatedAt, OpenedOn = OpenedOn is null ? null : asked.OpenedOn };
}

public enum MemberRole
{
    Owner,

    Member,
}

public sealed record Membership(string WorkspaceId, string Name, WorkspaceType Type, MemberRole Role);

/// <summary>Points from the seller's id to an account, which may not exist yet.</summary>
public sealed record ExternalLink(string AccountId, string WorkspaceId);
