using System.Collections.Immutable;
using Billing.RateLimits;

namespace Billing.Catalogs;

/// <summary>What holds back a customer besides credits.</summary>
/// <param name="Rate">Requests of a key.</param>
/// <param name="Most">Of each <see cref="PlanLimit"/> that is set, its figure.</param>
public sealed record Limits(RateLimit Rate, ImmutableSortedDictionary<string, long> Most)
{
    /// <summary>What the first limit says that a generation would exceed; null when none.</summary>
    internal Refusal? Check(GenerationCircumstances generation) => PlanLimit.All
        .Select(limit => Most.TryGetValue(limit.Name, out var most) && limit.Measure(generation) > most
            ? new Refusal(limit.RefusalCode, limit.Detail(generation, most))
            : null)
        .FirstOrDefault(refusal => refusal is not null);
}
