using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Billing.Api.Health;
using Billing.Catalogs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Billing.Api.Http;

/// <summary>The one error body: RFC 9457, with what Bloom's and gleam's clients expect beside it.</summary>
public sealed record Problem(string Type, string Title, int Status, string Detail, string Code)
{
    /// <summary>Field → what is wrong with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Errors { get; init; }

    /// <summary>What helps to cure it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProblemData? Data { get; init; }

    /// <summary>Always false.</summary>
    public bool Success { get; }

    /// <summary>gleam's dialect.</summary>
    public required ProblemError Error { get; init; }

    /// <summary>Seconds until the same request can succeed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("retryAfter")]
    public long? RetryAfter { get; init; }

    /// <summary>What was looked at, where the answer is about that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<HealthCheckView>? Checks { get; init; }

    /// <summary>The error answer of a refusal.</summary>
    public static JsonReply Reply(Refusal refusal, HttpContext context, DateTimeOffset now, ImmutableArray<HealthCheckView>? checks = null, Contact? contact = null)
    {
        var status = StatusOf(refusal.Code);
        long? retryAfter = refusal.RetryAt is { } at ? Math.Max(1, (long)Math.Ceiling((at - now).TotalSeconds)) : status switch
        {
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => 1,
            _ => null,
        };
        if (retryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var problem = new Problem("about:blank", ReasonPhrases.GetReasonPhrase(status), status, refusal.Detail, refusal.Code)
        {
            Errors = refusal.Errors,
            Data = ProblemData.Of(refusal, contact),
            Error = new ProblemError(refusal.Detail, status, now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)) { RetryAfter = retryAfter },
            RetryAfter = retryAfter,
            Checks = checks,
        };
        return new JsonReply(status, ApiJson.Write(problem), "application/problem+json; charset=utf-8") { Refusal = refusal.Code };
    }

    /// <summary>The HTTP status of a refusal code.</summary>
    public static int StatusOf(string code) => code switch
    {
        RefusalCodes.InvalidRequest => StatusCodes.Status400BadRequest,
        RefusalCodes.Unauthorized => StatusCodes.Status401Unauthorized,
        RefusalCodes.InsufficientCredits or RefusalCodes.PaymentRequired => StatusCodes.Status402PaymentRequired,
        RefusalCodes.Forbidden or RefusalCodes.TemplateNotInPlan => StatusCodes.Status403Forbidden,
        RefusalCodes.NotFound => StatusCodes.Status404NotFound,
        RefusalCodes.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        RefusalCodes.AlreadySettled or RefusalCodes.Conflict => StatusCodes.Status409Conflict,
        RefusalCodes.FileTooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalCodes.DimensionsTooLarge or RefusalCodes.FormatNotSupported or RefusalCodes.RefundNotEligible or RefusalCodes.IdempotencyKeyReused =>
            StatusCodes.Status422UnprocessableEntity,
        RefusalCodes.TooManyRequests or RefusalCodes.ConcurrencyLimit or RefusalCodes.MonthlyLimit => StatusCodes.Status429TooManyRequests,
        RefusalCodes.StorageUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}

/// <summary>The inner error of gleam's dialect.</summary>
/// <param name="Message">The same as the detail.</param>
/// <param name="Code">The HTTP status.</param>
/// <param name="Timestamp">When, with milliseconds.</param>
public sealed record ProblemError(string Message, int Code, string Timestamp)
{
    /// <summary>Seconds until the same request can succeed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("retryAfter")]
    public long? RetryAfter { get; init; }
}

/// <summary>What a 402 and its kin say beyond the sentence.</summary>
public sealed record ProblemData
{
    /// <summary>Where a person can buy credits, pay or upgrade.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ActionUrl { get; init; }

    /// <summary>The item of the batch that it is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Index { get; init; }

    /// <summary>What it costs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Billing.Credits? Required { get; init; }

    /// <summary>What is left.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Billing.Credits? Available { get; init; }

    /// <summary>What is missing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Billing.Credits? Shortfall { get; init; }

    /// <summary>What is owed and repaid first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Billing.Credits? Debt { get; init; }

    /// <summary>What would be affordable.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, long>? MaxAffordable { get; init; }

    /// <summary>How to reach the seller.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Contact? Contact { get; init; }

    internal static ProblemData? Of(Refusal refusal, Contact? contact) => contact is null && refusal is { ActionUrl: null, Required: null, Index: null } ? null : new ProblemData
    {
        Contact = contact,
        Index = refusal.Index,
        ActionUrl = refusal.ActionUrl,
        Required = refusal.Required,
        Available = refusal.Available,
        Shortfall = refusal.Shortfall,
        Debt = refusal.Debt,
        MaxAffordable = refusal.MaxAffordable,
    };
}
