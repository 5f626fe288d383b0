using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Workspaces;

namespace Billing.TopUps;

/// <summary>Bought credits, by the seller's payment reference: the same reference counts once.</summary>
public sealed record TopUp : Record
{
    public const string Prefix = "top:";

    /// <summary><c>top_…</c>, made from the reference.</summary>
    public required string Id { get; init; }

    public required Credits Credits { get; init; }

    /// <summary>The payment's.</summary>
    public required string Reference { get; init; }

    /// <summary>What was paid; null where nobody said.</summary>
    public Money? Paid { get; init; }

    /// <summary>Who told of it, one of <see cref="PaymentSources"/>.</summary>
    public string Source { get; init; } = PaymentSources.Operator;

    public required long GrantId { get; init; }

    /// <summary>When it was bought, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How it was reversed, in whole or in parts, oldest first.</summary>
    public ImmutableArray<Reversal> Reversals { get; init; } = [];

    /// <summary>What no reversal has taken, or a won dispute brought back.</summary>
    public Credits Left => Reversals.Aggregate(Credits, (left, one) => one.ReinstatedAt is null ? left - one.Credits : left);

    /// <summary>Its grant, with so much in it.</summary>
    public Grant Grant(Credits left) => new(GrantId, GrantKind.TopUp, left, ExpiresAt: null, Basis.Of(Paid, Credits));

    public override string RowKey => KeyOf(Id);

    public static string KeyOf(string id) => Prefix + id;

    public static string IdOf(string workspaceId, string reference) => Ids.Of("top", workspaceId, Ids.Digest(reference));
}

/// <summary>A refund or charge-back of a top-up, or of a part of it.</summary>
/// <param name="Reason">What a person wrote; null once it was erased.</param>
/// <param name="Debt">Credits that were spent: owed, and repaid from whatever is free.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reference">The seller's name for it, by which it counts once; null for the one that needs none.</param>
/// <param name="ReinstatedAt">When the dispute was won and it was undone; null while it stands.</param>
public sealed record Reversal(string? Reason, Credits Taken, Credits Debt, DateTimeOffset At, string? Reference = null, DateTimeOffset? ReinstatedAt = null)
{
    [JsonIgnore]
    public Credits Credits => Taken + Debt;
}
