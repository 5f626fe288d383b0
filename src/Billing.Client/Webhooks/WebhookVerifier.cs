using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Billing.Client;

/// <summary>Tells a delivery of the backend from anybody else's, and a fresh one from one that was recorded (Standard Webhooks 1.0). Thread-safe.</summary>
/// <remarks>
/// It takes the exact bytes of the body: JSON that was read and written again has another signature. Deliveries come at least once, in no promised order:
/// drop what has an <see cref="BillingEvent.Id"/> that you have taken before.
/// </remarks>
public sealed class WebhookVerifier
{
    /// <summary>How old a delivery may be, and how far ahead, unless it is said otherwise.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromSeconds(300);

    private const string SecretPrefix = "whsec_";
    private const string SignaturePrefix = "v1,";
    private const int FewestSecretBytes = 24;
    private const int MostSignatures = 32;
    private readonly List<byte[]> _keys;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _tolerance;

    /// <summary>A verifier.</summary>
    /// <param name="secrets"><c>whsec_…</c>: while one is rotated, the old and the new.</param>
    /// <param name="clock">What the age is measured by; null for the system's.</param>
    /// <param name="tolerance">How old a delivery may be, and how far ahead; null for 300 seconds.</param>
    /// <exception cref="ArgumentException">There is no secret, or one is none.</exception>
    public WebhookVerifier(IEnumerable<string> secrets, TimeProvider? clock = null, TimeSpan? tolerance = null)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _keys = [.. secrets.Select(KeyOf)];
        _clock = clock ?? TimeProvider.System;
        _tolerance = tolerance ?? DefaultTolerance;
        if (_keys.Count == 0)
        {
            throw new ArgumentException("There must be a secret.", nameof(secrets));
        }
    }

    /// <summary>The same with one secret.</summary>
    /// <param name="secret"><c>whsec_…</c></param>
    /// <param name="clock">What the age is measured by; null for the system's.</param>
    public WebhookVerifier(string secret, TimeProvider? clock = null)
        : this([secret], clock)
    {
    }

    /// <summary>Looks at a delivery.</summary>
    /// <param name="body">The exact bytes of its body.</param>
    /// <param name="header">Gives the value of a header by its name, in any case; null where it has none.</param>
    public WebhookVerdict Verify(ReadOnlyMemory<byte> body, Func<string, string?> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return Verify(body, header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    }

    /// <summary>The same, with the headers' values.</summary>
    public WebhookVerdict Verify(ReadOnlyMemory<byte> body, string? id, string? timestamp, string? signature)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signature))
        {
            return new WebhookVerdict.Rejected(WebhookFault.HeaderMissing);
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return new WebhookVerdict.Rejected(WebhookFault.TimestampMalformed);
        }

        // The signature comes first: what is not the backend's is told nothing about its time.
        if (!IsSigned(body.Span, id, timestamp, signature))
        {
            return new WebhookVerdict.Rejected(WebhookFault.SignatureWrong);
        }

        return Math.Abs(_clock.GetUtcNow().ToUnixTimeSeconds() - (decimal)seconds) > (decimal)_tolerance.TotalSeconds
            ? new WebhookVerdict.Rejected(WebhookFault.NotOfNow)
            : Read(body.Span, id);
    }

    private static WebhookVerdict Read(ReadOnlySpan<byte> body, string id)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ClientJson.Default.WireEvent) is { } wire
                ? new WebhookVerdict.Accepted(wire.ToEvent(id))
                : new WebhookVerdict.Rejected(WebhookFault.BodyMalformed);
        }
        catch (JsonException)
        {
            return new WebhookVerdict.Rejected(WebhookFault.BodyMalformed);
        }
    }

    /// <summary>Compares every signature with every key, so that the time it takes tells nothing about where they part.</summary>
    private bool IsSigned(ReadOnlySpan<byte> body, string id, string timestamp, string header)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var signatures = header.Split(' ', MostSignatures + 1, StringSplitOptions.RemoveEmptyEntries);
        var found = false;
        foreach (var key in _keys)
        {
            var expected = Encoding.UTF8.GetBytes(SignaturePrefix + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
            foreach (var signature in signatures.Take(MostSignatures))
            {
                found |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature));
            }
        }

        return found;
    }

    private static byte[] KeyOf(string secret)
    {
        var bytes = new byte[secret?.Length ?? 0];
        return secret is not null
            && secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out var length)
            && length >= FewestSecretBytes
            ? bytes[..length]
            : throw new ArgumentException($"A secret is {SecretPrefix} and the base64 of {FewestSecretBytes} bytes or more.", nameof(secret));
    }
}

/// <summary>What a delivery turned out to be.</summary>
public abstract record WebhookVerdict
{
    private WebhookVerdict()
    {
    }

    /// <summary>It is the backend's. Answer 2xx, also where it tells of nothing that you need.</summary>
    /// <param name="Event">What it tells; <c>switch</c> on its record.</param>
    public sealed record Accepted(BillingEvent Event) : WebhookVerdict;

    /// <summary>It is not, or cannot be read. Answer 4xx.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record Rejected(WebhookFault Fault) : WebhookVerdict;
}

/// <summary>Why a delivery was rejected.</summary>
public enum WebhookFault
{
    /// <summary>One of <c>webhook-id</c>, <c>webhook-timestamp</c> and <c>webhook-signature</c> is not there.</summary>
    HeaderMissing,

    /// <summary>The timestamp is no number of seconds.</summary>
    TimestampMalformed,

    /// <summary>None of the signatures is of any of the secrets.</summary>
    SignatureWrong,

    /// <summary>It is signed, and older or farther ahead than is tolerated.</summary>
    NotOfNow,

    /// <summary>It is signed, and no event.</summary>
    BodyMalformed,
}
