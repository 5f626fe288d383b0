using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing;

/// <summary>An exact amount of credits, kept as integer thousandths. Arithmetic is checked: an overflow is a bug, never a wrong balance.</summary>
[JsonConverter(typeof(CreditsJsonConverter))]
public readonly record struct Credits(long Thousandths) : IComparable<Credits>
{
    private const int PerCredit = 1000;

    /// <summary>No request, grant or price may name more than this many credits.</summary>
    public static readonly Credits Limit = Of(1_000_000_000);

    public static readonly Credits Zero;

    public static Credits Of(long whole) => new(whole * PerCredit);

    /// <summary>Reads an exact decimal; false for more than three places or an amount beyond <see cref="Limit"/>.</summary>
    public static bool TryFrom(decimal value, out Credits credits)
    {
        credits = Zero;
        if (Math.Abs(value) > Limit.Thousandths / PerCredit)
        {
            return false;
        }

        var thousandths = value * PerCredit;
        if (decimal.Truncate(thousandths) != thousandths)
        {
            return false;
        }

        credits = new Credits((long)thousandths);
        return true;
    }

    /// <summary>The amount as a decimal number of credits, without trailing zeros.</summary>
    public decimal ToDecimal() => Thousandths / 1000m;

    /// <summary>The share <paramref name="part"/>/<paramref name="whole"/>, rounded up: what is kept of a charge is never less than what was delivered.</summary>
    public Credits ShareRoundedUp(long part, long whole) =>
        new((long)(((Int128)Thousandths * part + whole - 1) / whole));

    public static Credits Min(Credits left, Credits right) => new(Math.Min(left.Thousandths, right.Thousandths));

    public int CompareTo(Credits other) => Thousandths.CompareTo(other.Thousandths);

    public override string ToString() => ToDecimal().ToString(CultureInfo.InvariantCulture);

#pragma warning disable CS1591 // operators say what they are
    public static Credits operator +(Credits left, Credits right) => new(left.Thousandths + right.Thousandths);

    public static Credits operator -(Credits left, Credits right) => new(left.Thousandths - right.Thousandths);

    public static Credits operator -(Credits value) => new(-value.Thousandths);

    public static bool operator <(Credits left, Credits right) => left.Thousandths < right.Thousandths;

    public static bool operator >(Credits left, Credits right) => left.Thousandths > right.Thousandths;

    public static bool operator <=(Credits left, Credits right) => left.Thousandths <= right.Thousandths;

    public static bool operator >=(Credits left, Credits right) => left.Thousandths >= right.Thousandths;
#pragma warning restore CS1591
}

/// <summary>Credits as a JSON number with at most three places, in requests, answers and stored rows alike.</summary>
public sealed class CreditsJsonConverter : JsonConverter<Credits>
{
    public override Credits Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetDecimal(out var value) && Credits.TryFrom(value, out var credits)
            ? credits
            : throw new JsonException("Credits are a number with at most three decimal places.");

    public override void Write(Utf8JsonWriter writer, Credits value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToDecimal());
}
