namespace Billing;

/// <summary>Where news of a payment comes from. Stored as text: a release reads sources that only the next one knows.</summary>
public static class PaymentSources
{
    /// <summary>The seller, by an operator's call.</summary>
    public const string Operator = "operator";
}
