using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Webhooks;

/// <summary>Symmetric signatures of webhook deliveries: a receiver that knows the secret can tell our delivery from anybody else's, and a fresh one from a repeat.</summary>
/// <remarks>
/// Source: Standard Webhooks 1.0. A secret is <c>whsec_</c> and the base64 of 24–64 random bytes; a signature is <c>v1,</c> and the base64 of
/// HMAC-SHA256 over <c>&lt;webhook-id&gt;.&lt;webhook-timestamp&gt;.&lt;body&gt;</c>; while a secret is rotated, a delivery carries one signature for each that is valid.
/// </remarks>
public static class WebhookSignature
{
    /// <summary>Header with the event's id: the same at every attempt, so that a receiver can drop repeats.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Header with the time of this attempt in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    public const string SignatureHeader = "webhook-signature";

    /// <summary>Fewest random bytes of a secret.</summary>
    public const int MinSecretBytes = 24;

    /// <summary>Most random bytes of a secret.</summary>
    public const int MaxSecretBytes = 64;

    private const string SecretPrefix = "whsec_";
    private const string SignaturePrefix = "v1,";

    /// <summary>Makes a secret of randomness that the caller drew from a cryptographic source.</summary>
    /// <exception cref="ArgumentException">Fewer than <see cref="MinSecretBytes"/> or more than <see cref="MaxSecretBytes"/> bytes.</exception>
    public static string NewSecret(ReadOnlySpan<byte> randomBytes)
    {
        if (randomBytes.Length is < MinSecretBytes or > MaxSecretBytes)
        {
            throw new ArgumentException($"A secret is made of {MinSecretBytes} to {MaxSecretBytes} random bytes.", nameof(randomBytes));
        }

        return SecretPrefix + Convert.ToBase64String(randomBytes);
    }

    public static bool IsSecret([NotNullWhen(true)] string? text) => TryKey(text, out _);

    /// <summary>The three headers of a delivery.</summary>
    /// <param name="id">The event's id; without a full stop, which separates what is signed.</param>
    /// <param name="sentAt">When this attempt is sent; whole seconds count.</param>
    /// <param name="body">The exact bytes of the request body.</param>
    /// <param name="secrets">Every secret that a receiver may still use, newest first.</param>
    /// <exception cref="ArgumentException">A secret or the id is malformed, or there is no secret.</exception>
    public static ImmutableArray<(string Name, string Value)> Headers(
        string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body, params ReadOnlySpan<string> secrets) =>
    [
        (IdHeader, id),
        (TimestampHeader, Timestamp(sentAt)),
        (SignatureHeader, Sign(id, sentAt, body, secrets)),
    ];

    public static string Sign(string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body, params ReadOnlySpan<string> secrets)
    {
        if (secrets.IsEmpty)
        {
            throw new ArgumentException("There is no secret to sign with.", nameof(secrets));
        }

        if (id.Length == 0 || id.Contains('.'))
        {
            throw new ArgumentException("An id is not empty and holds no full stop.", nameof(id));
        }

        var header = new StringBuilder();
        foreach (var secret in secrets)
        {
            if (!TryKey(secret, out var key))
            {
                throw new ArgumentException("A secret is whsec_ and the base64 of 24 to 64 bytes.", nameof(secrets));
            }

            header.Append(header.Length == 0 ? "" : " ").Append(SignaturePrefix)
                .Append(Convert.ToBase64String(Hash(key, id, Timestamp(sentAt), body)));
        }

        return header.ToString();
    }

    /// <summary>What a receiver does: whether one of the signatures was made with its secret. Takes the same time for every wrong one.</summary>
    /// <param name="timestamp">The value of <see cref="TimestampHeader"/>; whether it is recent is for the receiver to judge.</param>
    /// <param name="signatures">The value of <see cref="SignatureHeader"/>; versions other than v1 are passed over.</param>
    /// <param name="body">The exact bytes that arrived.</param>
    public static bool Verify(string secret, string id, string timestamp, string signatures, ReadOnlySpan<byte> body)
    {
        if (!TryKey(secret, out var key))
        {
            return false;
        }

        var expected = Encoding.ASCII.GetBytes(SignaturePrefix + Convert.ToBase64String(Hash(key, id, timestamp, body)));
        var found = false;
        foreach (var signature in signatures.Split(' '))
        {
            found |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature));
        }

        return found;
    }

    private static byte[] Hash(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]);

    private static string Timestamp(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static bool TryKey([NotNullWhen(true)] string? secret, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (secret is null || !secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[MaxSecretBytes];
        if (!Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out var length) || length < MinSecretBytes)
        {
            return false;
        }

        key = bytes[..length].ToArray();
        return true;
    }
}
