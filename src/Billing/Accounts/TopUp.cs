using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Billing.Accounts;

/// <summary>Bought credits, by the seller's payment reference: the same reference counts once.</summary>
public sealed record TopUp : Record
{
    /// <summary>Row keys of top-ups begin with this.</summary>
    public const string Prefix = "top:";

    /// <summary><c>top_…</c>, made from the reference.</summary>
    public required string Id { get; init; }

    /// <summary>Credits bought.</summary>
    public required Credits Credits { get; init; }

    /// <summary>The seller's name for the payment.</summary>
    public required string Reference { get; init; }

    /// <summary>The grant it became.</summary>
    public required long GrantId { get; init; }

    /// <summary>When it was bought, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How it was reversed; null when it was not.</summary>
    public Reversal? Reversal { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => KeyOf(Id);

    /// <summary>The row key of a top-up.</summary>
    public static string KeyOf(string id) => Prefix + id;

    /// <summary>The id of the top-up with this payment reference.</summary>
    public static string IdOf(string workspaceId, string reference) =>
        Ids.Of("top", workspaceId, Ids.Text(SHA256.HashData(Encoding.UTF8.GetBytes(reference)).AsSpan(0, 10)));
}

/// <summary>A charge-back of a top-up.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Taken">Unspent credits taken back.</param>
/// <param name="Debt">Spent credits, owed by what is granted next.</param>
/// <param name="At">When, UTC.</param>
public sealed record Reversal(string Reason, Credits Taken, Credits Debt, DateTimeOffset At);
