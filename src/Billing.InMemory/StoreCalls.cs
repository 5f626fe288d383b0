using Billing.Engine.Ports;

namespace Billing.InMemory;

/// <summary>How often an <see cref="InMemoryTableStore"/> was called.</summary>
/// <param name="Reads">Single rows read.</param>
/// <param name="Lists">Pages read.</param>
/// <param name="Finds">Searches across partitions.</param>
/// <param name="Commits">Transactions sent, whatever became of them.</param>
/// <param name="Writes">Rows in those transactions.</param>
public readonly record struct StoreCalls(int Reads, int Lists, int Finds, int Commits, int Writes)
{
    /// <summary>What happened between two looks.</summary>
    public static StoreCalls operator -(StoreCalls later, StoreCalls earlier) => new(
        later.Reads - earlier.Reads,
        later.Lists - earlier.Lists,
        later.Finds - earlier.Finds,
        later.Commits - earlier.Commits,
        later.Writes - earlier.Writes);
}

/// <summary>What kind of read it is.</summary>
public enum StoreReadKind
{
    /// <summary>One row.</summary>
    Row,

    /// <summary>A page of a partition.</summary>
    List,

    /// <summary>A search across partitions.</summary>
    Find,
}

/// <summary>A read as a test's door sees it.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Table">Of which table.</param>
/// <param name="PartitionKey">The partition, or the first one of a search.</param>
/// <param name="RowKey">The row, or the first one of a page; null for a search.</param>
public sealed record StoreRead(StoreReadKind Kind, Table Table, string PartitionKey, string? RowKey);
