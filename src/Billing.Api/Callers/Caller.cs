using Billing.Api.Http;
using Billing.Keys;

namespace Billing.Api.Callers;

/// <summary>Who calls.</summary>
/// <param name="Kind">By which credential: exactly one flag.</param>
public sealed record Caller(Access Kind)
{
    /// <summary>Nobody in particular.</summary>
    public static readonly Caller Anyone = new(Access.Anyone);

    /// <summary>The customer's account; null for operators, and for the service when it names no customer.</summary>
    public string? AccountId { get; init; }

    /// <summary>The account's personal workspace.</summary>
    public string? HomeWorkspaceId { get; init; }

    /// <summary>The account's product.</summary>
    public string? Product { get; init; }

    /// <summary>The API key, sent by the customer or passed on by the service.</summary>
    public ApiKey? Key { get; init; }

    /// <summary>True for test keys.</summary>
    public bool TestMode { get; init; }

    /// <summary>True when the service passes on a key that works no longer: of all that it asks for, it gets only what was answered before.</summary>
    public bool IsFormer { get; init; }

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
    public bool IsCustomer => AccountId is not null;
}
