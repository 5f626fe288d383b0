namespace Billing.Client;

/// <summary>How the client retries.</summary>
public sealed record BillingClientOptions
{
    /// <summary>Tries in all.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>An answer that asks for more than this before the next try is the last one: a 429 a refusal, a 503 an exception.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Before the second try, when the backend did not say how long; doubles with each further one.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What waits between tries, and what a <c>Retry-After</c> that is a date is measured against.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    // Half of it is chance, so that clients which failed together do not come back together.
    internal TimeSpan BackoffAfter(int attempt) => FirstBackoff * (1 << Math.Min(attempt - 1, 6)) * (0.5 + Random.Shared.NextDouble() / 2);
}
