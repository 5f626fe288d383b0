using Billing.RateLimits;

namespace Billing.Catalogs;

/// <summary>What holds back a key besides its credits.</summary>
/// <param name="Rate">Requests per window and key.</param>
/// <param name="Concurrency">Most generations of a workspace that run at once; null for no limit.</param>
public sealed record Limits(RateLimit Rate, int? Concurrency);
