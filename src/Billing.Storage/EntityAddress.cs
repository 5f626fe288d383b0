namespace Billing.Storage;

/// <summary>Where a row is. Of the characters that keys may have, only <c>:</c> and <c>|</c> are not for addresses.</summary>
internal static class EntityAddress
{
    public static string Of(string table, string partitionKey, string rowKey) =>
        $"{table}(PartitionKey='{Uri.EscapeDataString(partitionKey)}',RowKey='{Uri.EscapeDataString(rowKey)}')";
}
