using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Catalogs;

/// <summary>The credits a plan grants each period: one figure, or a range in which the subscriber chooses.</summary>
/// <param name="Max">Most credits a month, at least <paramref name="Min"/>; null when only <see cref="Credits.Limit"/> bounds it.</param>
public sealed record Allowance(Credits Min, Credits? Max)
{
    /// <summary>The one figure of a plan without choice; null for a range.</summary>
    [JsonIgnore]
    public Credits? Fixed => Max == Min ? Min : null;

    /// <summary>Decides the allowance from what the subscriber chose (null for nothing).</summary>
    /// <returns>False with an INVALID_REQUEST refusal on <c>credits</c>: a choice is missing, out of range, or there is none to make.</returns>
    public bool TryChoose(Credits? chosen, out Credits allowance, [NotNullWhen(false)] out Refusal? refusal)
    {
        allowance = chosen ?? Min;
        refusal = (Fixed, chosen) switch
        {
            ({ } only, { } credits) when credits != only => Refusal.Invalid("credits", $"this plan has {Counted.Of(only, "credit")} a month; leave credits out"),
            ({ }, _) => null,
            (null, null) => Refusal.Invalid("credits", $"choose the monthly credits: {Range}"),
            (null, { } credits) when credits < Min || credits > (Max ?? Credits.Limit) => Refusal.Invalid("credits", $"must be {Range}"),
            _ => null,
        };
        return refusal is null;
    }

    private string Range => Max is { } max ? $"from {Min} to {max}" : $"at least {Min}, at most {Credits.Limit}";
}
