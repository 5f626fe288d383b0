namespace Billing.People;

/// <summary>A customer of one product: who API keys and sessions belong to.</summary>
/// <param name="AccountId"><c>acct_…</c></param>
/// <param name="Product">The product it is a customer of.</param>
/// <param name="Name">For people.</param>
/// <param name="Email">For people.</param>
/// <param name="ExternalId">The seller's own id for it.</param>
/// <param name="WorkspaceId">Its personal workspace.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
public sealed record Person(string AccountId, string Product, string Name, string Email, string? ExternalId, string WorkspaceId, DateTimeOffset CreatedAt);

/// <summary>What a member may do besides spending.</summary>
public enum MemberRole
{
    /// <summary>Owns the workspace; cannot be removed.</summary>
    Owner,

    /// <summary>Spends and reads.</summary>
    Member,
}

/// <summary>A workspace that an account may use.</summary>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Personal or team.</param>
/// <param name="Role">The account's role in it.</param>
public sealed record Membership(string WorkspaceId, string Name, Accounts.WorkspaceType Type, MemberRole Role);

/// <summary>Points from the seller's id to an account, which may not exist yet.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="WorkspaceId">Its personal workspace.</param>
public sealed record ExternalLink(string AccountId, string WorkspaceId);
