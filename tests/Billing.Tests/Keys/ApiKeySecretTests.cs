using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Billing.Keys;

namespace Billing.Tests.Keys;

public sealed class ApiKeySecretTests
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Theory]
    [InlineData("bluma", KeyEnvironment.Production, "bluma_live_")]
    [InlineData("bloom", KeyEnvironment.Test, "bloom_test_")]
    [InlineData("ab", KeyEnvironment.Production, "ab_live_")]
    [InlineData("a234567890123456", KeyEnvironment.Test, "a234567890123456_test_")]
    public void A_key_is_read_back_as_it_was_made(string product, KeyEnvironment environment, string start)
    {
        var random = new Random(1);
        for (var round = 0; round < 1000; round++)
        {
            var made = ApiKeySecret.New(product, environment, Bytes(random));
            Assert.StartsWith(start, made.Reveal(), StringComparison.Ordinal);
            Assert.Matches("^[a-z0-9]+_(live|test)_[0-9A-Za-z]{33}$", made.Reveal());
            Assert.InRange(made.Reveal().Length, ApiKeySecret.MinLength, ApiKeySecret.MaxLength);
            Assert.True(ApiKeySecret.TryParse(made.Reveal(), out var read));
            Assert.Equal((product, environment, made.Reveal()), (read.Product, read.Environment, read.Reveal()));
            Assert.Equal((made.Hash, made.KeyId), (read.Hash, read.KeyId));
        }
    }

    [Fact]
    public void Twenty_seven_digits_hold_all_the_randomness()
    {
        Assert.True(BigInteger.Pow(62, 27) >= BigInteger.Pow(256, ApiKeySecret.RandomBytes));
        var highest = ApiKeySecret.New("bluma", KeyEnvironment.Production, Enumerable.Repeat((byte)255, ApiKeySecret.RandomBytes).ToArray()).Reveal();
        var value = BigInteger.Zero;
        foreach (var digit in highest["bluma_live_".Length..^6])
        {
            value = value * 62 + Digits.IndexOf(digit, StringComparison.Ordinal);
        }

        Assert.Equal(BigInteger.Pow(256, ApiKeySecret.RandomBytes) - 1, value);
        var lowest = ApiKeySecret.New("bluma", KeyEnvironment.Production, new byte[ApiKeySecret.RandomBytes]).Reveal();
        Assert.StartsWith("bluma_live_" + new string('0', 27), lowest, StringComparison.Ordinal);
        var one = ApiKeySecret.New("bluma", KeyEnvironment.Production, [.. new byte[ApiKeySecret.RandomBytes - 1], 1]).Reveal();
        Assert.StartsWith("bluma_live_" + new string('0', 26) + "1", one, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_single_character_changed_is_refused()
    {
        var random = new Random(2);
        for (var round = 0; round < 5; round++)
        {
            var key = ApiKeySecret.New("gleam", (KeyEnvironment)(round % 2), Bytes(random)).Reveal();
            for (var index = 0; index < key.Length; index++)
            {
                for (var character = '\0'; character < 256; character++)
                {
                    var changed = key[..index] + character + key[(index + 1)..];
                    Assert.Equal(changed == key, ApiKeySecret.TryParse(changed, out _));
                }
            }
        }
    }

    [Fact]
    public void Swapped_lost_doubled_and_added_characters_are_refused()
    {
        var random = new Random(3);
        for (var round = 0; round < 50; round++)
        {
            var key = ApiKeySecret.New("bluma", KeyEnvironment.Production, Bytes(random)).Reveal();
            for (var index = 1; index < key.Length; index++)
            {
                Refused(key[..index] + key[(index + 1)..]);
                Refused(key[..index] + key[index] + key[index..]);
                if (key[index] != key[index - 1])
                {
                    Refused(key[..(index - 1)] + key[index] + key[index - 1] + key[(index + 1)..]);
                }
            }

            Refused(" " + key);
            Refused(key + "\n");
            Refused(key.ToUpperInvariant());
            Refused(key.Replace("live", "test", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bluma_live_")]
    [InlineData("sk_live_4eC39HqLyjWDarjtT1zdp7dc")]
    [InlineData("bluma_live_000000000000000000000000000000000")]
    [InlineData("bluma_live_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("ｂluma_live_00000000000000000000000000000000")]
    public void What_is_no_key_is_refused(string? text) => Refused(text);

    [Fact]
    public void Neither_a_megabyte_nor_a_right_checksum_on_a_wrong_form_is_taken()
    {
        Refused(new string('a', 1 << 20));
        var tail = new string('0', 27);
        Assert.True(ApiKeySecret.TryParse(WithChecksum($"bluma_live_{tail}"), out _));
        foreach (var body in new[]
        {
            $"bluma_prod_{tail}", $"Bluma_live_{tail}", $"1luma_live_{tail}", $"b_uma_live_{tail}", $"b_live_{tail}",
            $"a2345678901234567_live_{tail}", $"bluma-live-{tail}", $"bluma_live_{tail[1..]}_", $"bluma_live_{tail}0",
            $"bluma_live_{tail[1..]}+", $"bluma_live_{tail[1..]} ",
        })
        {
            Refused(WithChecksum(body));
        }
    }

    [Fact]
    public void The_checksum_is_the_well_known_crc()
    {
        // CRC-32/ISO-HDLC of "123456789" is cbf43926.
        Assert.Equal("123456789" + Base62(0xCBF43926), WithChecksum("123456789"));
        var key = ApiKeySecret.New("bluma", KeyEnvironment.Production, Bytes(new Random(4))).Reveal();
        Assert.Equal(WithChecksum(key[..^6]), key);
    }

    [Fact]
    public void Hash_is_sha256_and_the_key_id_comes_from_it()
    {
        var key = ApiKeySecret.New("bluma", KeyEnvironment.Production, Bytes(new Random(5)));
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(key.Reveal()));
        Assert.Equal(Convert.ToHexStringLower(hash), key.Hash);
        Assert.Matches("^key_[0-9a-hjkmnp-tv-z]{24}$", key.KeyId);
        Assert.Equal(Ids.Random("key", hash.AsSpan(0, 15)), key.KeyId);
    }

    [Fact]
    public void A_key_shows_no_more_than_its_kind_and_last_four_characters_unless_revealed()
    {
        var key = ApiKeySecret.New("bluma", KeyEnvironment.Production, Bytes(new Random(6)));
        Assert.Equal($"bluma_live_…{key.Reveal()[^4..]}", key.Masked);
        Assert.Equal(key.Masked, key.ToString());
        Assert.Equal(key.Masked, $"{key}");
        Assert.DoesNotContain(key.GetType().GetProperties(), property => property.GetValue(key) as string == key.Reveal());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("Bluma")]
    [InlineData("1luma")]
    [InlineData("blu_ma")]
    [InlineData("blümа")]
    [InlineData("a2345678901234567")]
    public void A_product_with_another_name_has_no_keys(string product)
    {
        Assert.False(ApiKeySecret.IsProduct(product));
        Assert.Throws<ArgumentException>(() => ApiKeySecret.New(product, KeyEnvironment.Test, new byte[ApiKeySecret.RandomBytes]));
    }

    [Fact]
    public void Too_little_randomness_makes_no_key() =>
        Assert.Throws<ArgumentException>(() => ApiKeySecret.New("bluma", KeyEnvironment.Test, new byte[ApiKeySecret.RandomBytes - 1]));

    private static void Refused(string? text)
    {
        Assert.False(ApiKeySecret.TryParse(text, out var key));
        Assert.Null(key);
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[ApiKeySecret.RandomBytes];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Polynomial division bit by bit, most significant first: another way to the same checksum.</summary>
    private static string WithChecksum(string body)
    {
        var remainder = 0xFFFFFFFFUL;
        foreach (var bit in Encoding.ASCII.GetBytes(body).SelectMany(one => Enumerable.Range(0, 8).Select(at => (ulong)(one >> at) & 1)))
        {
            var top = (remainder >> 31) ^ bit;
            remainder = ((remainder << 1) & 0xFFFFFFFF) ^ (top * 0x04C11DB7);
        }

        var reflected = Enumerable.Range(0, 32).Aggregate(0UL, (sum, at) => sum | (((remainder >> at) & 1) << (31 - at)));
        return body + Base62((uint)(reflected ^ 0xFFFFFFFF));
    }

    private static string Base62(uint value)
    {
        var text = "";
        for (var digit = 0; digit < 6; digit++)
        {
            text = Digits[(int)(value % 62)] + text;
            value /= 62;
        }

        return text;
    }
}
