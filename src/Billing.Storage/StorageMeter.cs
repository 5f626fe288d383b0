using Azure.Core;
using Azure.Core.Pipeline;

namespace Billing.Storage;

/// <summary>HTTP requests sent to storage so far, retries and failures included.</summary>
/// <param name="Reads">Rows and pages asked of tables.</param>
/// <param name="Commits">Transactions.</param>
/// <param name="QueueOperations">Everything asked of queues.</param>
/// <param name="Others">Creating tables.</param>
public readonly record struct StorageRequests(long Reads, long Commits, long QueueOperations, long Others)
{
    public long Total => Reads + Commits + QueueOperations + Others;

    public static StorageRequests operator -(StorageRequests later, StorageRequests earlier) => new(
        later.Reads - earlier.Reads,
        later.Commits - earlier.Commits,
        later.QueueOperations - earlier.QueueOperations,
        later.Others - earlier.Others);
}

/// <summary>Counts the requests of one <see cref="StorageClients"/> where they leave the process, so that nothing the SDK does can hide.</summary>
public sealed class StorageMeter
{
    private long _reads;
    private long _commits;
    private long _queueOperations;
    private long _others;

    internal StorageMeter()
    {
        TablePolicy = new Counter(CountTable);
        QueuePolicy = new Counter(_ => Interlocked.Increment(ref _queueOperations));
    }

    /// <summary>The counts now. Take it twice and subtract.</summary>
    public StorageRequests Snapshot() => new(
        Interlocked.Read(ref _reads),
        Interlocked.Read(ref _commits),
        Interlocked.Read(ref _queueOperations),
        Interlocked.Read(ref _others));

    internal HttpPipelinePolicy TablePolicy { get; }

    internal HttpPipelinePolicy QueuePolicy { get; }

    private void CountTable(Request request)
    {
        if (request.Method == RequestMethod.Get)
        {
            Interlocked.Increment(ref _reads);
        }
        else if (request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _commits);
        }
        else
        {
            Interlocked.Increment(ref _others);
        }
    }

    private sealed class Counter(Action<Request> count) : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message) => count(message.Request);
    }
}
