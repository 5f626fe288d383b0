using System.Text.Json.Serialization;

namespace Billing.Client;

/// <summary>Why the backend refused.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="Detail">One sentence for a person.</param>
/// <param name="Errors">Field → what is wrong with it.</param>
/// <param name="Data">What helps to cure it.</param>
/// <param name="RetryAfter">Seconds until the same request can succeed.</param>
public sealed record Problem(
    int Status,
    string Code,
    string Detail,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors = null,
    ProblemData? Data = null,
    [property: JsonPropertyName("retryAfter")] long? RetryAfter = null) : BillingResult;

/// <summary>What a 402 says beyond the sentence.</summary>
/// <param name="ActionUrl">Where a person can buy credits, settle a payment or change the plan.</param>
/// <param name="Required">Credits that it costs.</param>
/// <param name="Available">Credits that are left.</param>
/// <param name="Shortfall">Credits that are missing, debt included.</param>
/// <param name="MaxAffordable">The largest value of the product's quantity field that the credits left cover.</param>
/// <param name="Index">Of a batch that was refused as a whole: the position of the item that it is about.</param>
/// <param name="Debt">Credits that are owed, and repaid before anything can be spent.</param>
public sealed record ProblemData(
    string? ActionUrl = null,
    decimal? Required = null,
    decimal? Available = null,
    decimal? Shortfall = null,
    IReadOnlyDictionary<string, long>? MaxAffordable = null,
    int? Index = null,
    decimal? Debt = null);

/// <summary>The codes that a program decides on; docs/errors.md says when each comes and what helps.</summary>
public static class ProblemCodes
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
    public const string UriTooLong = "URI_TOO_LONG";
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";
    public const string HeadersTooLarge = "HEADERS_TOO_LARGE";
    public const string FileTooLarge = "FILE_TOO_LARGE";
    public const string DimensionsTooLarge = "DIMENSIONS_TOO_LARGE";
    public const string FormatNotSupported = "FORMAT_NOT_SUPPORTED";
    public const string RefundNotEligible = "REFUND_NOT_ELIGIBLE";
    public const string IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED";
    public const string TooManyRequests = "TOO_MANY_REQUESTS";
    public const string ConcurrencyLimit = "CONCURRENCY_LIMIT";
    public const string MonthlyLimit = "MONTHLY_LIMIT";
    public const string StorageUnavailable = "STORAGE_UNAVAILABLE";
#pragma warning restore CS1591
}

/// <summary>The backend could not be reached, or answered what this client does not know.</summary>
/// <param name="message">What happened.</param>
/// <param name="status">HTTP status of the last answer; null when there was none.</param>
/// <param name="inner">What the connection said.</param>
public class BillingException(string message, int? status = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>HTTP status of the last answer; null when there was none.</summary>
    public int? Status => status;

    /// <summary>Names the request of the last answer in the backend's logs; null when there was none.</summary>
    public string? RequestId { get; init; }

    /// <summary>True when the last answer was a stored one.</summary>
    public bool Replayed { get; init; }
}

/// <summary>The backend refused, where a refusal is not an expected outcome.</summary>
public sealed class BillingRefusedException : BillingException
{
    /// <summary>A refusal.</summary>
    /// <param name="problem">Why.</param>
    public BillingRefusedException(Problem problem)
        : base($"{problem.Code}: {problem.Detail}", problem.Status)
    {
        Problem = problem;
        RequestId = problem.RequestId;
        Replayed = problem.Replayed;
    }

    /// <summary>Why.</summary>
    public Problem Problem { get; }
}
