using System.Collections.Immutable;
using Billing.RateLimits;

namespace Billing.Catalogs.Reading;

/// <summary>Reads one plan, or what holds without one. What could not be read is noted and has some harmless value.</summary>
internal static class PlanReader
{
    private const int MaxConcurrency = 10_000;
    private const int SecondsPerHour = 3_600;
    private static readonly RateLimit Unread = new(1, 1, RateLimitKind.Sliding);

    public static Plan Read(ObjectReader reader)
    {
        var plan = new Plan(
            reader.Id("id") ?? "",
            reader.Text("name", 60) ?? "",
            ReadAllowance(reader),
            reader.Flag("free"),
            reader.Money("price", min: 0),
            reader.OneOf("billing", required: false, "monthly", "once") == "once" ? BillingInterval.Once : BillingInterval.Monthly,
            reader.Money("overage", min: 1),
            ReadLimits(reader),
            ReadTiers(reader),
            reader.Scalars("entitlements", required: true));
        CheckPrice(reader, plan);
        reader.RefuseUnknown();
        return plan;
    }

    public static Plan ReadBase(ObjectReader? reader)
    {
        var plan = new Plan(
            "",
            "",
            new Allowance(Credits.Zero, null),
            false,
            null,
            BillingInterval.Monthly,
            null,
            reader is null ? new Limits(Unread, null) : ReadLimits(reader),
            reader is null ? null : ReadTiers(reader),
            reader?.Scalars("entitlements", required: true) ?? ImmutableSortedDictionary<string, Scalar>.Empty);
        reader?.RefuseUnknown();
        return plan;
    }

    private static void CheckPrice(ObjectReader reader, Plan plan)
    {
        if (plan.Free && plan.Price?.AmountMinor != 0)
        {
            reader.Error("price", "must be 0: the plan is free");
        }

        if (!plan.Free && plan.Price?.AmountMinor == 0)
        {
            reader.Error("free", "must be true: the price is 0");
        }

        if (plan.Free && plan.OverageUnitPrice is not null)
        {
            reader.Error("overage", "contradicts free: a free plan has nobody to invoice");
        }

        if (plan.Free && plan.Billing == BillingInterval.Once)
        {
            reader.Error("billing", "contradicts free: nothing is paid, not even once");
        }
    }

    private static Allowance ReadAllowance(ObjectReader reader)
    {
        if (reader.Element("allowance") is not { ValueKind: System.Text.Json.JsonValueKind.Object })
        {
            var credits = reader.Credits("allowance") ?? Credits.Zero;
            return new Allowance(credits, credits);
        }

        var range = reader.Object("allowance")!;
        var (min, max) = (range.Credits("min"), range.Credits("max", required: false));
        if (min >= max)
        {
            range.Error("max", $"must be above min, {min}; for a fixed allowance write the number alone");
        }

        range.RefuseUnknown();
        return new Allowance(min ?? Credits.Zero, max);
    }

    private static Limits ReadLimits(ObjectReader reader) =>
        new(ReadRate(reader.Object("rate_limit")), (int?)reader.Integer("concurrency", 1, MaxConcurrency, required: false));

    private static RateLimit ReadRate(ObjectReader? reader)
    {
        if (reader is null)
        {
            return Unread;
        }

        var kind = reader.OneOf("kind", required: true, "sliding", "fixed_hour");
        var isSliding = kind == "sliding";
        var windows = isSliding ? RateLimitKind.Sliding : RateLimitKind.FixedHour;
        var limit = reader.Integer("limit", 1, RateLimit.MostOf(windows));
        if (kind == "fixed_hour" && reader.Has("window_seconds"))
        {
            reader.Error("window_seconds", "contradicts kind: a fixed hour has 3600 seconds");
        }

        var seconds = isSliding ? reader.Integer("window_seconds", 1, RateLimit.MaxSlidingSeconds) : SecondsPerHour;
        reader.RefuseUnknown();
        return new RateLimit((int)(limit ?? 1), (int)(seconds ?? 1), windows);
    }

    private static ImmutableSortedSet<string>? ReadTiers(ObjectReader reader) =>
        reader.Has("template_tiers") ? reader.Words("template_tiers", max: 20).ToImmutableSortedSet(StringComparer.Ordinal) : null;
}
