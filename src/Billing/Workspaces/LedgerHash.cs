using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Workspaces;

/// <summary>
/// The hash that chains a ledger. It is taken over the entry's fields and not over its row, so that rows can change their form and the chain stays valid.
/// Every field stands with its length before it: no two entries have the same text.
/// </summary>
internal static class LedgerHash
{
    private const int Bytes = 16;

    public static string Of(LedgerEntry entry)
    {
        var text = new StringBuilder(512);
        Add(text, Text(entry.Sequence));
        Add(text, entry.Id);
        Add(text, entry.Type.Name());
        Add(text, Text(entry.Amount.Thousandths));
        Add(text, Text(entry.BalanceAfter.Thousandths));
        Add(text, entry.Description);
        Add(text, Text(entry.CreatedAt.ToUnixTimeMilliseconds()));
        Add(text, entry.PriceVersion);
        Add(text, entry.Previous);
        AddMetadata(text, entry.Metadata);
        AddDraws(text, entry.Draws);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, Bytes));
    }

    private static void AddMetadata(StringBuilder text, ImmutableSortedDictionary<string, Scalar>? metadata)
    {
        Add(text, metadata is null ? null : Text(metadata.Count));
        foreach (var (name, value) in metadata ?? ImmutableSortedDictionary<string, Scalar>.Empty)
        {
            Add(text, name);
            Add(text, value.Text is null ? "" : "text");
            Add(text, value.ToString());
        }
    }

    private static void AddDraws(StringBuilder text, ImmutableArray<Draw>? draws)
    {
        Add(text, draws is null ? null : Text(draws.Value.Length));
        foreach (var draw in draws ?? [])
        {
            Add(text, Text(draw.GrantId));
            Add(text, Text((int)draw.Kind));
            Add(text, draw.ExpiresAt is { } at ? Text(at.ToUnixTimeMilliseconds()) : null);
            Add(text, Text(draw.Amount.Thousandths));
        }
    }

    private static void Add(StringBuilder text, string? field) => _ = field is null
        ? text.Append('-')
        : text.Append(CultureInfo.InvariantCulture, $"{field.Length}:{field}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
