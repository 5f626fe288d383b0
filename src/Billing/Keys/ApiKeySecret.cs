using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Keys;

/// <summary>What a key may do: real generations, or free ones of low quality.</summary>
public enum KeyEnvironment
{
    /// <summary>Charges; <c>live</c> in the key.</summary>
    Production,

    /// <summary>Charges nothing and counts nothing; <c>test</c> in the key.</summary>
    Test,
}

/// <summary>
/// The text of an API key: <c>&lt;product&gt;_&lt;live|test&gt;_&lt;160 random bits, 27 base62 digits&gt;&lt;CRC-32 of all before it, 6 base62 digits&gt;</c>.
/// The checksum tells a mistyped, cut or made-up key from a real one without asking storage; it is no secret.
/// </summary>
/// <remarks>A secret: <see cref="ToString"/> is masked so that no log line or exception can hold it. Only <see cref="Hash"/> is stored.</remarks>
public sealed class ApiKeySecret
{
    /// <summary>How many random bytes a key is made of.</summary>
    public const int RandomBytes = 20;

    public const int MinLength = MinProductLength + MiddleLength + RandomDigits + ChecksumDigits;

    public const int MaxLength = MaxProductLength + MiddleLength + RandomDigits + ChecksumDigits;

    private const int MinProductLength = 2;
    private const int MaxProductLength = 16;
    private const int MiddleLength = 6;
    private const int RandomDigits = 27;
    private const int ChecksumDigits = 6;
    private const int KeyIdBytes = 15;
    private const int ShownCharacters = 4;
    private const string Live = "_live_";
    private const string Trial = "_test_";
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> Base62Digits = SearchValues.Create(Base62);
    private static readonly SearchValues<char> ProductCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private readonly string _text;

    private ApiKeySecret(string text, string product, KeyEnvironment environment)
    {
        _text = text;
        Product = product;
        Environment = environment;
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(text));
        Hash = Convert.ToHexStringLower(hash);
        KeyId = Ids.Random("key", hash.AsSpan(0, KeyIdBytes));
    }

    public string Product { get; }

    public KeyEnvironment Environment { get; }

    /// <summary>SHA-256 of the whole key: 64 lower-case hexadecimal digits. What is stored instead of the key.</summary>
    public string Hash { get; }

    /// <summary>The key's public name: <c>key_</c> and the first 120 bits of the hash, 24 characters of lower-case Crockford base32.</summary>
    public string KeyId { get; }

    /// <summary>What may be shown of the key again, such as <c>bluma_live_…a1B2</c>.</summary>
    public string Masked => $"{Product}{MiddleOf(Environment)}…{_text[^ShownCharacters..]}";

    /// <summary>Makes a key of randomness that the caller drew from a cryptographic source.</summary>
    /// <exception cref="ArgumentException">Not <see cref="RandomBytes"/> bytes, or no <see cref="IsProduct"/> name.</exception>
    public static ApiKeySecret New(string product, KeyEnvironment environment, ReadOnlySpan<byte> randomBytes)
    {
        if (!IsProduct(product))
        {
            throw new ArgumentException("A product is named [a-z][a-z0-9]{1,15}.", nameof(product));
        }

        if (randomBytes.Length != RandomBytes)
        {
            throw new ArgumentException($"A key is made of {RandomBytes} random bytes.", nameof(randomBytes));
        }

        var random = new BigInteger(randomBytes, isUnsigned: true, isBigEndian: true);
        var body = product + MiddleOf(environment) + ToBase62(random, RandomDigits);
        return new ApiKeySecret(body + ToBase62(Crc32(body), ChecksumDigits), product, environment);
    }

    /// <summary>Reads what a caller sent. False for anything that <see cref="New"/> cannot have made, without a look at storage.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ApiKeySecret? key)
    {
        key = null;
        if (text is null || text.Length is < MinLength or > MaxLength || !Ascii.IsValid(text))
        {
            return false;
        }

        var body = text.AsSpan(0, text.Length - ChecksumDigits);
        if (!text.AsSpan(body.Length).SequenceEqual(ToBase62(Crc32(body), ChecksumDigits)))
        {
            return false;
        }

        var product = body[..^(MiddleLength + RandomDigits)];
        var middle = body.Slice(product.Length, MiddleLength);
        if (!IsProduct(product) || !(middle is Live or Trial) || body[^RandomDigits..].ContainsAnyExcept(Base62Digits))
        {
            return false;
        }

        key = new ApiKeySecret(text, product.ToString(), middle is Live ? KeyEnvironment.Production : KeyEnvironment.Test);
        return true;
    }

    /// <summary>Whether a product may be so named: a lower-case letter, then 1–15 of those and digits.</summary>
    public static bool IsProduct(ReadOnlySpan<char> name) =>
        name.Length is >= MinProductLength and <= MaxProductLength
        && char.IsAsciiLetterLower(name[0])
        && !name.ContainsAnyExcept(ProductCharacters);

    /// <summary>The whole secret, to be shown once, to whoever made it.</summary>
    public string Reveal() => _text;

    public override string ToString() => Masked;

    private static string MiddleOf(KeyEnvironment environment) => environment switch
    {
        KeyEnvironment.Production => Live,
        KeyEnvironment.Test => Trial,
        _ => throw new ArgumentOutOfRangeException(nameof(environment)),
    };

    private static string ToBase62(BigInteger value, int digits)
    {
        Span<char> text = stackalloc char[digits];
        for (var index = digits - 1; index >= 0; index--)
        {
            value = BigInteger.DivRem(value, Base62.Length, out var digit);
            text[index] = Base62[(int)digit];
        }

        return new string(text);
    }

    /// <summary>CRC-32 as in ISO-HDLC (zip, PNG): finds every change that lies within 32 consecutive bits, so every wrong character.</summary>
    private static uint Crc32(ReadOnlySpan<char> ascii)
    {
        var crc = uint.MaxValue;
        foreach (var character in ascii)
        {
            crc ^= character;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~crc;
    }
}
