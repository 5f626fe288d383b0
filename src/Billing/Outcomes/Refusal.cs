using System.Collections.Immutable;

namespace Billing;

/// <summary>Why a request was refused. A refusal is a value: nothing was charged and nothing was written.</summary>
public sealed record Refusal(string Code, string Detail)
{
    /// <summary>Field name → what is wrong with it (for <see cref="RefusalCodes.InvalidRequest"/>).</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Errors { get; init; }

    public Credits? Required { get; init; }

    public Credits? Available { get; init; }

    /// <summary>What is owed, and repaid before anything can be spent.</summary>
    public Credits? Debt { get; init; }

    /// <summary>What has to come before the same request can succeed.</summary>
    public Credits? Shortfall => Required - Available + (Debt ?? Credits.Zero);

    /// <summary>The largest value of the product's quantity field that the credits left would cover.</summary>
    public ImmutableSortedDictionary<string, long>? MaxAffordable { get; init; }

    /// <summary>The earliest instant at which the same request can succeed, when time alone cures it.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Which item of a batch it is about; null when it is about all of a request.</summary>
    public int? Index { get; init; }

    /// <summary>Where a person can buy credits or settle a payment.</summary>
    public string? ActionUrl { get; init; }

    /// <summary>A refusal because of one field.</summary>
    public static Refusal Invalid(string field, string message) => new(RefusalCodes.InvalidRequest, $"{field}: {message}")
    {
        Errors = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add(field, [message]),
    };

    /// <summary>The refusal of a batch because of one of its items.</summary>
    public Refusal OfItem(int index) => this with { Index = index, Detail = $"items[{index}]: {Detail}" };

    /// <summary>The thing does not exist, or the caller may not know that it does.</summary>
    public static Refusal NotFound(string what) => new(RefusalCodes.NotFound, $"There is no such {what}.");

    public static Refusal KeyReused() => new(RefusalCodes.IdempotencyKeyReused, "The Idempotency-Key was used for another request. A repeat sends the same bytes; another request takes a new key.");

    public static Refusal Conflict(string detail) => new(RefusalCodes.Conflict, detail);
}

/// <summary>Every refusal code that a client can see. Documented in the OpenAPI file.</summary>
public static class RefusalCodes
{
#pragma warning disable CS1591 // the names are the codes
    public const string InvalidRequest = "INVALID_REQUEST";
    public const string Unauthorized = "UNAUTHORIZED";
    public const string InsufficientCredits = "INSUFFICIENT_CREDITS";
    public const string PaymentRequired = "PAYMENT_REQUIRED";
    public const string Forbidden = "FORBIDDEN";
    public const string TemplateNotInPlan = "TEMPLATE_NOT_IN_PLAN";
    public const string NotFound = "NOT_FOUND";
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
    public const string AlreadySettled = "ALREADY_SETTLED";
    public const string Conflict = "CONFLICT";
    public const string FileTooLarge = "FILE_TOO_LARGE";
    public const string DimensionsTooLarge = "DIMENSIONS_TOO_LARGE";
    public const string FormatNotSupported = "FORMAT_NOT_SUPPORTED";
    public const string RefundNotEligible = "REFUND_NOT_ELIGIBLE";
    public const string IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED";
    public const string TooManyRequests = "TOO_MANY_REQUESTS";
    public const string ConcurrencyLimit = "CONCURRENCY_LIMIT";
    public const string MonthlyLimit = "MONTHLY_LIMIT";
    public const string StorageUnavailable = "STORAGE_UNAVAILABLE";
    public const string Internal = "INTERNAL";
#pragma warning restore CS1591
}
