using System.Globalization;

namespace Billing;

/// <summary>
/// What credits cost: so many minor units for so many thousandths of a credit, in lowest terms. Exact, so that whoever works out what a part of them cost rounds once,
/// at the end.
/// </summary>
public readonly record struct Basis(long Minor, long Thousandths, string Currency)
{
    /// <summary>Of credits that were paid for; null where nothing was paid, or nobody knows what.</summary>
    public static Basis? Of(Money? paid, Credits credits)
    {
        if (paid is not { AmountMinor: > 0 } money || credits <= Credits.Zero)
        {
            return null;
        }

        var common = CommonDivisor(money.AmountMinor, credits.Thousandths);
        return new Basis(money.AmountMinor / common, credits.Thousandths / common, money.Currency);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out Basis basis)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var end = text.Length - Money.CurrencyLength;
        basis = default;
        if (slash < 0 || end <= slash || !TryNumber(text.AsSpan(0, slash), out var minor) || !TryNumber(text.AsSpan(slash + 1, end - slash - 1), out var thousandths))
        {
            return false;
        }

        basis = new Basis(minor, thousandths, text[end..]);
        return true;
    }

    /// <summary>In few characters, for every draw of a paid grant carries it: <c>29/1000USD</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Minor}/{Thousandths}{Currency}");

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static long CommonDivisor(long one, long other)
    {
        while (other > 0)
        {
            (one, other) = (other, one % other);
        }

        return one;
    }
}
