namespace Billing.Catalogs;

/// <summary>How customers reach the seller: e-mail or web addresses.</summary>
public sealed record Contact(string? Support, string? Sales);
