using System.Diagnostics.CodeAnalysis;

namespace Billing.Catalogs;

/// <summary>Either validated parameters or the refusal of them.</summary>
public sealed record UsageResult
{
    private UsageResult(Usage? usage, Refusal? refusal) => (Usage, Refusal) = (usage, refusal);

    /// <summary>The parameters; null when refused.</summary>
    public Usage? Usage { get; }

    /// <summary>INVALID_REQUEST with what is wrong with each field; null when all is well.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True with the parameters, false with the refusal.</summary>
    public bool TryGet([NotNullWhen(true)] out Usage? usage, [NotNullWhen(false)] out Refusal? refusal)
    {
        (usage, refusal) = (Usage, Refusal);
        return usage is not null;
    }

    internal static UsageResult Of(Usage usage) => new(usage, null);

    internal static UsageResult Of(Refusal refusal) => new(null, refusal);
}
