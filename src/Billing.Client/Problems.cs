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
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors,
    ProblemData? Data,
    [property: JsonPropertyName("retryAfter")] long? RetryAfter);

/// <summary>What a 402 says beyond the sentence.</summary>
public sealed record ProblemData(string? ActionUrl, decimal? Required, decimal? Available, decimal? Shortfall, IReadOnlyDictionary<string, long>? MaxAffordable);

/// <summary>The codes that a program decides on.</summary>
public static class ProblemCodes
{
#pragma warning disable CS1591 // the names are the codes
    public const string InvalidRequest = "INVALID_REQUEST";
    public const string Unauthorized = "UNAUTHORIZED";
    public const string InsufficientCredits = "INSUFFICIENT_CREDITS";
    public const string PaymentRequired = "PAYMENT_REQUIRED";
    public const string TemplateNotInPlan = "TEMPLATE_NOT_IN_PLAN";
    public const string NotFound = "NOT_FOUND";
    public const string AlreadySettled = "ALREADY_SETTLED";
    public const string TooManyRequests = "TOO_MANY_REQUESTS";
    public const string ConcurrencyLimit = "CONCURRENCY_LIMIT";
    public const string MonthlyLimit = "MONTHLY_LIMIT";
#pragma warning restore CS1591
}

/// <summary>The backend could not be reached, or answered what this client does not know.</summary>
public class BillingException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The backend refused, where a refusal is not an expected outcome.</summary>
public sealed class BillingRefusedException(Problem problem) : BillingException($"{problem.Code}: {problem.Detail}")
{
    /// <summary>Why.</summary>
    public Problem Problem => problem;
}
