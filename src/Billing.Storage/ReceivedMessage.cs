namespace Billing.Storage;

/// <summary>A message as a consumer got it; nobody else gets it until its visibility is over.</summary>
/// <param name="Id">The queue's name for it.</param>
/// <param name="Receipt">Proof that it is still this consumer's. Changes when it is extended.</param>
/// <param name="Body">What it says; as it arrived when <paramref name="IsText"/> is false.</param>
/// <param name="DequeueCount">How often it was given out, this time included.</param>
/// <param name="InsertedAt">When it was sent.</param>
/// <param name="IsText">False when the body was not UTF-8 in Base64: nothing of ours, and fit only for the poison queue.</param>
public sealed record ReceivedMessage(string Id, string Receipt, string Body, long DequeueCount, DateTimeOffset InsertedAt, bool IsText)
{
    public Attempts Attempts { get; init; } = Attempts.None;
}

/// <summary>
/// What came of a message's tries. It travels with the message, because the queue's own count grows through outages, restarts and deployments, too.
/// </summary>
/// <param name="Failures">Tries that failed for a reason of the message's own.</param>
/// <param name="AwaySince">Since when storage has been away for it; null when the last try found storage there.</param>
public sealed record Attempts(int Failures, DateTimeOffset? AwaySince)
{
    public static readonly Attempts None = new(0, null);

    /// <summary>The queue's count at the last try that came to an end: those after it took their process with them.</summary>
    public long Ended { get; init; }
}

/// <param name="Id">The poison queue's name for it, by which it is retried.</param>
/// <param name="OriginalId">Its name in the queue it came from; null when the Functions host moved it.</param>
/// <param name="Body">What it said.</param>
/// <param name="Reason">Why it was given up; null when the Functions host moved it.</param>
/// <param name="InsertedAt">When it was given up.</param>
/// <param name="IsText">False when it was never readable.</param>
public sealed record PoisonedDelivery(string Id, string? OriginalId, string Body, string? Reason, DateTimeOffset InsertedAt, bool IsText);
