using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Workspaces;

/// <summary>
/// The hash that chains a ledger. It is taken over the entry's fields and not over its row, so that rows can change their form and the chain stays valid.
/// What people wrote is covered by a commitment alone, so that it can be erased.
/// </summary>
internal static class LedgerHash
{
    private const int Bytes = 16;

    public static string Of(LedgerEntry entry)
    {
        var text = new FieldText();
        text.Add(entry.Sequence);
        text.Add(entry.Type.Name());
        text.Add(entry.Amount.Thousandths);
        text.Add(entry.BalanceAfter.Thousandths);
        text.Add(entry.Text);
        text.Add(entry.Written?.Commitment());
        text.Add(entry.CreatedAt.ToUnixTimeMilliseconds());
        text.Add(entry.PriceVersion);
        text.Add(entry.AdmissionKey);
        text.Add(entry.Requester?.KeyId);
        text.Add(entry.Requester?.MemberId);
        text.Add(entry.Previous);
        AddMetadata(text, entry.Metadata);
        AddDraws(text, entry.Draws);
        return Convert.ToBase64String(SHA256.HashData(text.ToBytes()).AsSpan(0, Bytes)).TrimEnd('=');
    }

    private static void AddMetadata(FieldText text, ImmutableSortedDictionary<string, Scalar>? metadata)
    {
        text.Add(metadata?.Count);
        foreach (var (name, value) in metadata ?? ImmutableSortedDictionary<string, Scalar>.Empty)
        {
            text.Add(name);
            text.Add(value.Text is null ? "" : "text");
            text.Add(value.ToString());
        }
    }

    private static void AddDraws(FieldText text, ImmutableArray<Draw>? draws)
    {
        text.Add(draws?.Length);
        foreach (var draw in draws ?? [])
        {
            text.Add(draw.GrantId);
            text.Add((int)draw.Kind);
            text.Add(draw.ExpiresAt?.ToUnixTimeMilliseconds());
            text.Add(draw.Amount.Thousandths);
            text.Add(draw.Basis?.ToString());
        }
    }
}

/// <summary>Fields as one text, each with its length before it: no two lists of fields make the same.</summary>
internal sealed class FieldText
{
    private readonly StringBuilder _text = new(512);

    public void Add(long? number) => Add(number?.ToString(CultureInfo.InvariantCulture));

    public void Add(string? field)
    {
        if (field is null)
        {
            _text.Append('-');
            return;
        }

        _text.Append(CultureInfo.InvariantCulture, $"{field.Length}:{field}");
    }

    public override string ToString() => _text.ToString();

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());
}
