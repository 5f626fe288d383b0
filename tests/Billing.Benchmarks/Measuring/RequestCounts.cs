using Billing.Storage;

namespace Billing.Benchmarks.Measuring;

internal static class RequestCounts
{
    public static StorageRequests Plus(this StorageRequests one, StorageRequests other) => new(
        one.Reads + other.Reads, one.Commits + other.Commits, one.QueueOperations + other.QueueOperations, one.Others + other.Others);
}
