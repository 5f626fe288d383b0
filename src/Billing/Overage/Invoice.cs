using System.Collections.Immutable;
using Billing.Workspaces;

namespace Billing.Overage;

/// <summary>The overage of one workspace in one calendar month. Made once, never changed.</summary>
public sealed record Invoice : Record
{
    public const string Prefix = "inv:";

    /// <summary><c>yyyy-MM</c></summary>
    public required string Month { get; init; }

    /// <summary>Null for the month's first invoice; its currency for a second one, in a month in which the seller changed it.</summary>
    public string? Currency { get; init; }

    public required ImmutableArray<OverageLine> Lines { get; init; }

    /// <summary>Credit from refunds of units invoiced earlier, that this invoice uses up.</summary>
    public required Money Credit { get; init; }

    /// <summary>Lines less credit, never negative.</summary>
    public required Money Total { get; init; }

    /// <summary>When the month was closed, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public override string RowKey => Prefix + Month + (Currency is null ? "" : ":" + Currency);
}
