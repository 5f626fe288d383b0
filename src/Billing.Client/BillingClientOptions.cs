namespace Billing.Client;

/// <summary>How the client retries.</summary>
public sealed record BillingClientOptions
{
    /// <summary>Tries in all.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>A 429 that asks for more than this is returned as a refusal instead.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Before the second try, when the backend did not say how long; doubles with each further one.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    internal TimeSpan BackoffAfter(int attempt) =>
        TimeSpan.FromMilliseconds(FirstBackoff.TotalMilliseconds * (1 << Math.Min(attempt - 1, 6)) * (0.5 + Random.Shared.NextDouble() / 2));
}
