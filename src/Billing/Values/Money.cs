namespace Billing;

/// <summary>An amount in the minor units of its currency (cents for USD).</summary>
/// <param name="AmountMinor">Minor units.</param>
/// <param name="Currency">ISO 4217 code, upper case.</param>
public readonly record struct Money(long AmountMinor, string Currency)
{
    public const int CurrencyLength = 3;

    public Money Times(long count) => new(AmountMinor * count, Currency);
}
