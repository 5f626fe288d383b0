using Billing.Api.Http;
using Billing.Keys;

namespace Billing.Api.Callers;

/// <summary>Who calls.</summary>
/// <param name="Kind">By which credential: exactly one flag.</param>
public sealed record Caller(Access Kind)
{
    /// <summary>Nobody in particular.</summary>
    public static readonly Caller Anyone = new(Access.Anyone);

    /// <summary>The customer's account; null for operators, and for the service unless it passes on a key.</summary>
    public string? AccountId { get; init; }

    /// <summary>The customer's workspace, where its requests go by default; null where no customer is named.</summary>
    public string? HomeWorkspaceId { get; init; }

    /// <summary>The account's product.</summary>
    public string? Product { get; init; }

    /// <summary>The API key, sent by the customer or passed on by the service.</summary>
    public ApiKey? Key { get; init; }

    /// <summary>True for test keys, for sessions that were made with one, and where the service says so.</summary>
    public bool TestMode { get; init; }

    /// <summary>The session; null without one.</summary>
    public string? SessionId { get; init; }

    /// <summary>True when the service passes on a key that works no longer: of all that it asks for, it gets only what was answered before.</summary>
    public bool IsFormer { get; init; }

    /// <summary>True when the service names a workspace: it is the customer, and the only one that is there for the request.</summary>
    public bool IsWorkspace { get; init; }

    /// <summary>The seller's own id by which the service names the customer; null where it does not.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The accounts that have it, while the body may still tell which is meant, or open one; null otherwise.</summary>
    internal AccountCandidates? Candidates { get; init; }

    /// <summary>True while the account is still to be opened.</summary>
    public bool IsNewcomer { get; init; }

    /// <summary>True where the service names the customer without a key of it: the plan's rate limit holds for its workspace then.</summary>
    public bool IsNamed => IsWorkspace || (ExternalId is not null && IsCustomer);

    /// <summary>The products that the caller may reach.</summary>
    public Reach Reach { get; init; } = Reach.Everything;

    /// <summary>The caller that a key makes.</summary>
    public static Caller Of(Access kind, ApiKey key) => new(kind)
    {
        AccountId = key.AccountId,
        HomeWorkspaceId = key.HomeWorkspaceId,
        Product = key.Product,
        Key = key,
        TestMode = key.Environment == KeyEnvironment.Test,
    };

    /// <summary>True for a customer, itself or through the service.</summary>
    public bool IsCustomer => HomeWorkspaceId is not null;
}
