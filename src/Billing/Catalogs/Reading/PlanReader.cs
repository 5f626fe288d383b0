using System.Collections.Immutable;
using System.Text.Json;
using Billing.RateLimits;
using Billing.Reading;

namespace Billing.Catalogs.Reading;

/// <summary>Reads one plan, or what holds without one. What could not be read is noted and has some harmless value.</summary>
internal static class PlanReader
{
    private const int SecondsPerHour = 3_600;

    public static Plan Read(ObjectReader reader)
    {
        var plan = new Plan(
            reader.Id("id") ?? "",
            reader.Text("name", 60) ?? "",
            ReadAllowance(reader),
            reader.Flag("free"),
            reader.Money("price", min: 0),
            reader.OneOf("billing", ["monthly", "once"], required: false) == "once" ? BillingInterval.Once : BillingInterval.Monthly,
            reader.Money("overage", min: 1),
            reader.Flag("hard_stop"),
            ReadLimits(reader),
            ReadTiers(reader),
            reader.Scalars("entitlements"));
        CheckPrice(reader, plan);
        reader.RejectUnknown();
        return plan;
    }

    /// <summary>What holds without a plan: read as a plan that has nothing but limits, tiers and entitlements.</summary>
    public static Plan ReadBase(ObjectReader reader)
    {
        var (limits, tiers, entitlements) = (ReadLimits(reader), ReadTiers(reader), reader.Scalars("entitlements"));
        reader.RejectUnknown();
        return new Plan("", "", new Allowance(Credits.Zero, null), false, null, BillingInterval.Monthly, null, false, limits, tiers, entitlements);
    }

    private static void CheckPrice(ObjectReader reader, Plan plan)
    {
        if (plan.Free && plan.Price?.AmountMinor != 0)
        {
            reader.Reject("price", "must be 0: the plan is free");
        }

        if (!plan.Free && plan.Price?.AmountMinor == 0)
        {
            reader.Reject("free", "must be true: the price is 0");
        }

        if (plan.Free && plan.OverageUnitPrice is not null)
        {
            reader.Reject("overage", "contradicts free: a free plan has nobody to invoice");
        }

        if (plan.HardStop && plan.OverageUnitPrice is not null)
        {
            reader.Reject("hard_stop", "contradicts overage: what is beyond the allowance is charged");
        }

        if (plan.Free && plan.Billing == BillingInterval.Once)
        {
            reader.Reject("billing", "contradicts free: nothing is paid, not even once");
        }
    }

    private static Allowance ReadAllowance(ObjectReader reader)
    {
        if (reader.Peek("allowance") is not { ValueKind: JsonValueKind.Object })
        {
            var credits = reader.Credits("allowance") ?? Credits.Zero;
            return new Allowance(credits, credits);
        }

        var range = reader.Object("allowance");
        var (min, max) = (range.Credits("min"), range.Credits("max", required: false));
        if (min >= max)
        {
            range.Reject("max", $"must be above min, {min}; for a fixed allowance write the number alone");
        }

        range.RejectUnknown();
        return new Allowance(min ?? Credits.Zero, max);
    }

    private static Limits ReadLimits(ObjectReader reader) => new(
        ReadRate(reader.Object("rate_limit")),
        PlanLimit.All.Select(limit => (limit.Name, Most: reader.Whole(limit.Name, 1, limit.Highest, required: false)))
            .Where(limit => limit.Most is not null)
            .ToImmutableSortedDictionary(limit => limit.Name, limit => limit.Most!.Value, StringComparer.Ordinal));

    public static RateLimit ReadRate(ObjectReader reader)
    {
        var kind = reader.OneOf("kind", ["sliding", "fixed_hour"]);
        var isSliding = kind == "sliding";
        var windows = isSliding ? RateLimitKind.Sliding : RateLimitKind.FixedHour;
        var limit = reader.Whole("limit", 1, RateLimit.MostOf(windows));
        if (kind == "fixed_hour" && reader.Has("window_seconds"))
        {
            reader.Reject("window_seconds", "contradicts kind: a fixed hour has 3600 seconds");
        }

        var seconds = isSliding ? reader.Whole("window_seconds", 1, RateLimit.MaxSlidingSeconds) : SecondsPerHour;
        var counts = reader.OneOf("counts", ["requests", "generations"], required: false) == "generations" ? RateUnit.Generations : RateUnit.Requests;
        reader.RejectUnknown();
        return new RateLimit((int)(limit ?? 1), (int)(seconds ?? 1), windows, counts);
    }

    private static ImmutableSortedSet<string>? ReadTiers(ObjectReader reader) =>
        reader.Has("template_tiers") ? reader.Words("template_tiers", most: 20).ToImmutableSortedSet(StringComparer.Ordinal) : null;
}
