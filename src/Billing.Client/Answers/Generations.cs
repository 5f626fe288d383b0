using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Client;

/// <summary>What admitting came to.</summary>
public abstract record Admission
{
    private Admission()
    {
    }

    /// <summary>Names the request in the backend's logs; null where it was refused before it was sent.</summary>
    public abstract string? RequestId { get; }

    /// <summary>True for a stored answer: it was admitted before, and may have been settled since.</summary>
    public abstract bool Replayed { get; }

    /// <summary>Charged; generate it, then complete or fail it.</summary>
    public sealed record Admitted(Generation Generation) : Admission
    {
        /// <inheritdoc/>
        public override string? RequestId => Generation.RequestId;

        /// <inheritdoc/>
        public override bool Replayed => Generation.Replayed;
    }

    /// <summary>Refused; nothing was charged.</summary>
    public sealed record Refused(Problem Problem) : Admission
    {
        /// <inheritdoc/>
        public override string? RequestId => Problem.RequestId;

        /// <inheritdoc/>
        public override bool Replayed => Problem.Replayed;
    }
}

/// <summary>A generation.</summary>
/// <param name="Id"><c>gen_…</c></param>
/// <param name="Status">One of <see cref="GenerationStatus"/>.</param>
/// <param name="Cost">Its price in credits.</param>
/// <param name="Charged">What was charged.</param>
/// <param name="WorkspaceId">Whose it is.</param>
/// <param name="TestMode">True when nothing was charged because the key is a test key.</param>
/// <param name="Entitlements">What the plan grants it: watermark, quality, priority, …</param>
/// <param name="ExpiresAt">When it is refunded unless it is settled.</param>
/// <param name="Units">How many things were asked for.</param>
/// <param name="SucceededUnits">How many were delivered; null until it is completed.</param>
/// <param name="Refunded">Credits given back so far.</param>
/// <param name="CreatedAt">When it was admitted.</param>
/// <param name="Credits">Credits left in the workspace; only admitting, completing and failing say so.</param>
/// <param name="Refund">What is given back of it, carried out or not; null when nothing is.</param>
/// <param name="Breakdown">How the price came about.</param>
/// <param name="Description">What was said about it; null when nothing was.</param>
/// <param name="Metadata">What was attached to it; null when nothing was.</param>
/// <param name="Reason">Why it failed; null when it did not.</param>
/// <param name="SettledAt">When it was settled; null while it runs.</param>
/// <param name="KeyId">The API key that asked for it; null where none did.</param>
/// <param name="MemberId">The account that asked for it; null where the service named the customer otherwise.</param>
public sealed record Generation(
    string Id,
    string Status,
    decimal Cost,
    Charged Charged,
    string WorkspaceId,
    bool TestMode,
    IReadOnlyDictionary<string, JsonElement> Entitlements,
    DateTimeOffset ExpiresAt,
    long Units,
    long? SucceededUnits,
    decimal Refunded,
    DateTimeOffset CreatedAt,
    decimal? Credits = null,
    GenerationRefund? Refund = null,
    IReadOnlyList<PriceFactor>? Breakdown = null,
    string? Description = null,
    IReadOnlyDictionary<string, string>? Metadata = null,
    string? Reason = null,
    DateTimeOffset? SettledAt = null,
    string? KeyId = null,
    string? MemberId = null) : BillingResult;

/// <summary>How a generation stands.</summary>
public static class GenerationStatus
{
    /// <summary>Admitted and charged, and not settled yet.</summary>
    public const string Running = "running";

    /// <summary>Delivered, in whole or in part.</summary>
    public const string Completed = "completed";

    /// <summary>It failed.</summary>
    public const string Failed = "failed";

    /// <summary>Nobody settled it in time: it is refunded.</summary>
    public const string Expired = "expired";
}

/// <summary>One number that a price is the product of.</summary>
public sealed record PriceFactor(string Factor, decimal Value);

/// <summary>Generations, newest first.</summary>
/// <param name="Generations">A page may be short and still not be the last.</param>
/// <param name="NextCursor">Leads to the next page; null when this is the last.</param>
public sealed record GenerationPage(IReadOnlyList<Generation> Generations, string? NextCursor = null) : BillingResult;

/// <summary>What is given back of a generation.</summary>
/// <param name="Amount">Credits, those under way included.</param>
/// <param name="OverageUnits">1 when its overage unit is given back, else 0.</param>
/// <param name="Status"><c>pending</c> while any of it is under way, then <c>succeeded</c>.</param>
public sealed record GenerationRefund(decimal Amount, int OverageUnits, string Status);

/// <summary>What was charged.</summary>
/// <param name="Credits">Credits taken.</param>
/// <param name="OverageUnits">Overage units taken instead.</param>
/// <param name="Overage">What those cost at month-end.</param>
public sealed record Charged(decimal Credits, int OverageUnits, Money? Overage);

/// <summary>An amount in minor units.</summary>
public sealed record Money(long AmountMinor, string Currency);

/// <summary>What admitting a batch came to.</summary>
public sealed record Batch(string Id, Charged Charged, decimal Credits, string WorkspaceId, bool TestMode, IReadOnlyList<BatchItem> Results) : BillingResult;

/// <summary>What became of one item: a running generation, or the code and detail of its refusal.</summary>
public sealed record BatchItem(
    int Index,
    string Status,
    string? Id = null,
    decimal? Cost = null,
    Charged? Charged = null,
    DateTimeOffset? ExpiresAt = null,
    string? Code = null,
    string? Detail = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors = null,
    ProblemData? Data = null);

/// <summary>What became of one settlement: the generation as it is now, or the code and detail of its refusal.</summary>
/// <param name="Index">Its position, from 0.</param>
/// <param name="Status"><c>settled | refused</c></param>
/// <param name="Generation">Null where it was refused.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>; null where it was settled.</param>
/// <param name="Detail">The same as a sentence.</param>
/// <param name="Errors">Field → what is wrong with it.</param>
public sealed record SettledItem(
    int Index,
    string Status,
    Generation? Generation = null,
    string? Code = null,
    string? Detail = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors = null);

/// <summary>What became of each settlement, in order.</summary>
public sealed record SettledItems(IReadOnlyList<SettledItem> Results) : BillingResult;

/// <summary>A price that is kept until <paramref name="ExpiresAt"/>.</summary>
/// <param name="Cost">Credits.</param>
/// <param name="Units">How many things are made.</param>
/// <param name="Token">Put it into <see cref="GenerationRequest.Quote"/> to pay this price.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="Affordable">Whether the credits left cover it now.</param>
public sealed record Quote(decimal Cost, long Units, [property: JsonPropertyName("quote")] string Token, DateTimeOffset ExpiresAt, bool Affordable) : BillingResult;

/// <summary>What admitting would come to now.</summary>
/// <param name="Allowed">True when it would be admitted.</param>
/// <param name="Cost">What it costs.</param>
/// <param name="Credits">Credits left.</param>
/// <param name="Shortfall">Credits missing; 0 when none are.</param>
/// <param name="Code">Why it would be refused, one of <see cref="ProblemCodes"/>; null when it would not.</param>
/// <param name="Overage">True when it would be an overage unit.</param>
/// <param name="Entitlements">What the plan grants it.</param>
/// <param name="MaxAffordable">The largest value of the product's quantity field that the credits left cover.</param>
public sealed record AdmitCheck(
    bool Allowed,
    decimal Cost,
    decimal Credits,
    decimal Shortfall,
    string? Code,
    bool Overage,
    IReadOnlyDictionary<string, JsonElement> Entitlements,
    IReadOnlyDictionary<string, long>? MaxAffordable = null) : BillingResult;
