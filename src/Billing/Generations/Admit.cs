using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Workspaces;

namespace Billing.Generations;

/// <summary>One generation that a customer wants.</summary>
/// <param name="Price">Its price, from the catalog or from a quote.</param>
/// <param name="Description">What the caller says about it.</param>
/// <param name="Metadata">What the caller attaches to it.</param>
public sealed record AdmitItem(Usage Usage, Price Price, string? Description = null, ImmutableSortedDictionary<string, string>? Metadata = null)
{
    /// <summary>The workspace's own template that it uses; null for none.</summary>
    public Template? Own { get; init; }

    /// <summary>True when it was quoted and within the limits of its fields then: they are not looked at again.</summary>
    public bool Promised { get; init; }

    /// <summary>What it is sold by: the product's catalog, with the workspace's own template.</summary>
    public Catalog SoldBy(Catalog catalog) => Own is null ? catalog : catalog.With(Own);

    /// <summary>The most of it that so many credits cover; null where that is nothing.</summary>
    public ImmutableSortedDictionary<string, long>? MostFor(Credits credits, Catalog catalog) =>
        SoldBy(catalog).MaxAffordable(Usage, credits) is { IsEmpty: false } most ? most : null;
}

/// <summary>May these generations be made, and what do they cost? Charges them when they may.</summary>
/// <param name="Key">Time-ordered key of the admission; the generations' ids are made from it.</param>
/// <param name="Items">1–1,000; more than one is a batch.</param>
/// <param name="TestMode">For test keys: decided the same, nothing charged, nothing counted.</param>
public sealed record Admit(string Key, ImmutableArray<AdmitItem> Items, bool AllOrNothing = true, bool TestMode = false)
{
    /// <summary>So many items a batch may have. What they take in storage bounds it, too: <see cref="Admission"/> has the rows.</summary>
    public const int MostItems = 1_000;

    public bool Batch { get; init; }

    /// <summary>Who asks.</summary>
    public Requester? Requester { get; init; }

    public string IdOf(string workspaceId, int index) =>
        Ids.Of("gen", workspaceId, Batch ? $"{Key}-{index}" : Key);
}

/// <summary>What an admission came to.</summary>
/// <param name="Rows">The admitted generations, by their rows; none when every item of a best-effort batch was refused.</param>
/// <param name="Items">For each item its generation or why it was refused.</param>
/// <param name="Workspace">The account after it.</param>
/// <param name="Entitlements">What the plan grants these generations.</param>
public sealed record Admitted(
    ImmutableArray<Admission> Rows,
    ImmutableArray<AdmittedItem> Items,
    Workspace Workspace,
    ImmutableSortedDictionary<string, Scalar> Entitlements)
{
    /// <summary>The first of its rows, the only one of up to 25 items; null where none was admitted.</summary>
    public Admission? Admission => Rows.FirstOrDefault();
}

/// <summary>One item of an admission: exactly one of the two is set.</summary>
public sealed record AdmittedItem(Generation? Generation, Refusal? Refusal);
