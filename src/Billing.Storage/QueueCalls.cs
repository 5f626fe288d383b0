using Azure;

namespace Billing.Storage;

/// <summary>Calls to queues, which the SDK retries: to do any of them twice is harmless.</summary>
internal static class QueueCalls
{
    /// <summary>The answer, or the port's own failure.</summary>
    public static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception fault) when (StorageFaults.Is(fault))
        {
            cancellation.ThrowIfCancellationRequested();
            throw StorageFaults.Unavailable(fault);
        }
    }

    /// <summary>The answer, or null when the message is gone or another consumer's.</summary>
    public static Task<T?> UnlessGoneAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
        where T : class => CallAsync(
        async () =>
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (RequestFailedException fault) when (StorageFaults.IsGone(fault))
            {
                return null;
            }
        },
        cancellation);
}
