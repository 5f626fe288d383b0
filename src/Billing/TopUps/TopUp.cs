using System.Security.Cryptography;
using System.Text;

namespace Billing.TopUps;

/// <summary>Bought credits, by the seller's payment reference: the same reference counts once.</summary>
public sealed record TopUp : Record
{
    public const string Prefix = "top:";

    /// <summary><c>top_…</c>, made from the reference.</summary>
    public required string Id { get; init; }

    public required Credits Credits { get; init; }

    public required string Reference { get; init; }

    public required long GrantId { get; init; }

    /// <summary>When it was bought, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How it was reversed; null when it was not.</summary>
    public Reversal? Reversal { get; init; }

    public override string RowKey => KeyOf(Id);

    public static string KeyOf(string id) => Prefix + id;

    public static string IdOf(string workspaceId, string reference) =>
        Ids.Of("top", workspaceId, Ids.Text(SHA256.HashData(Encoding.UTF8.GetBytes(reference)).AsSpan(0, 10)));
}

/// <summary>A charge-back of a top-up.</summary>
/// <param name="Debt">Spent credits, owed by what is granted next.</param>
/// <param name="At">When, UTC.</param>
public sealed record Reversal(string Reason, Credits Taken, Credits Debt, DateTimeOffset At);
