using System.Text.Json.Serialization;

namespace Billing.Client;

/// <summary>An answer of the backend. Equality looks at what it says, and at which request it answers.</summary>
public abstract record BillingResult
{
    /// <summary>Names the request in the backend's logs (<c>X-Request-Id</c>); null of what is part of a larger answer.</summary>
    [JsonIgnore]
    public string? RequestId { get; internal set; }

    /// <summary>True for a stored answer: an earlier request had the same Idempotency-Key, maybe a try of this very call whose answer was lost.</summary>
    [JsonIgnore]
    public bool Replayed { get; internal set; }
}

/// <summary>It is done; there is nothing more to say about it.</summary>
public sealed record Done : BillingResult;
