using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>A catalog cannot be used. The program does not start with it.</summary>
public sealed class CatalogException : Exception
{
    /// <summary>With every mistake, each named by its place: <c>plans[2].overage.amount_minor: must be …</c>.</summary>
    public CatalogException(ImmutableArray<string> errors)
        : base(string.Join("\n", errors)) => Errors = errors;

    public ImmutableArray<string> Errors { get; }
}
