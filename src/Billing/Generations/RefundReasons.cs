using System.Collections.Frozen;

namespace Billing.Generations;

/// <summary>Why a generation failed or a refund is asked for, and what follows from it. Source: Bluma's refund policy.</summary>
public static class RefundReasons
{
    /// <summary>A generation that failed for one of these is refunded by itself.</summary>
    public static readonly FrozenSet<string> Automatic = ["server_error", "rendering_error", "invalid_input"];

    /// <summary>A generation that failed for one of these is not refunded.</summary>
    public static readonly FrozenSet<string> CustomersOwn = ["user_error", "content_policy"];

    /// <summary>A refund asked for one of these is reviewed by an operator.</summary>
    public static readonly FrozenSet<string> Reviewed = ["quality_issue", "incorrect_charge", "technical_problem"];

    /// <summary>A refund asked for one of these is not eligible.</summary>
    public static readonly FrozenSet<string> NotEligible = ["user_error", "content_policy", "not_as_expected"];
}
