using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Billing.Catalogs;

namespace Billing.Api.Quotes;

/// <summary>A price that was promised.</summary>
/// <param name="WorkspaceId">To whom.</param>
/// <param name="Values">For which parameters.</param>
/// <param name="Units">For how many things.</param>
/// <param name="Cost">How much.</param>
/// <param name="Breakdown">How it came about.</param>
/// <param name="PriceVersion">By which prices.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record Quote(
    string WorkspaceId,
    ImmutableSortedDictionary<string, Scalar> Values,
    long Units,
    Billing.Credits Cost,
    ImmutableArray<PriceFactor> Breakdown,
    string PriceVersion,
    DateTimeOffset ExpiresAt)
{
    /// <summary>Whether it was within the limits of its fields.</summary>
    public bool WithinLimits { get; init; }

    /// <summary>How long a price is promised for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>The quoted parameters.</summary>
    public Usage Usage() => new(Values, Units);

    /// <summary>The quoted price.</summary>
    public Price Price() => new(Cost, Breakdown, Units, PriceVersion);
}

/// <summary>Quotes as signed, stateless tokens: <c>qt_&lt;payload&gt;.&lt;HMAC-SHA256&gt;</c>.</summary>
public sealed class QuoteTokens(ImmutableArray<string> signingKeys)
{
    private const string Prefix = "qt_";
    private readonly ImmutableArray<byte[]> _keys =
        [.. signingKeys.Select(key => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key), 32, info: Encoding.UTF8.GetBytes("quotes")))];

    /// <summary>The token of a quote.</summary>
    public string Sign(Quote quote)
    {
        var payload = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Http.ApiJson.Write(quote)));
        return $"{Prefix}{payload}.{Base64Url.EncodeToString(MacOf(_keys[0], payload))}";
    }

    /// <summary>The quote in a token; null when it was not signed here.</summary>
    public Quote? Find(string token)
    {
        var parts = token.StartsWith(Prefix, StringComparison.Ordinal) ? token[Prefix.Length..].Split('.') : [];
        if (parts.Length != 2 || !Base64Url.IsValid(parts[1]) || !IsSigned(parts[0], Base64Url.DecodeFromChars(parts[1])))
        {
            return null;
        }

        return JsonSerializer.Deserialize<Quote>(Base64Url.DecodeFromChars(parts[0]), Http.ApiJson.Options);
    }

    private bool IsSigned(string payload, ReadOnlySpan<byte> mac)
    {
        var signed = false;
        foreach (var key in _keys)
        {
            signed |= CryptographicOperations.FixedTimeEquals(MacOf(key, payload), mac);
        }

        return signed;
    }

    private static byte[] MacOf(byte[] key, string payload) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(payload));
}
