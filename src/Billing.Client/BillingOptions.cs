namespace Billing.Client;

/// <summary>Where the backend is, and how patient its caller is.</summary>
public abstract class BillingOptions
{
    /// <summary>The backend's address, without <c>/api/v1</c>. Needed where the connection is made for you (<c>AddBillingClient</c>).</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>After how long one try is given up.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries in all.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>An answer that asks for more than this before the next try is the last one: a 429 a refusal, a 503 an exception.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Before the second try, when the backend did not say how long; doubles with each further one.</summary>
    public TimeSpan FirstBackoff { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What waits between tries and between heartbeats, and what a <c>Retry-After</c> that is a date is measured against.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    internal abstract string? Key { get; }

    internal abstract string KeyName { get; }

    // Half of it is chance, so that clients which failed together do not come back together.
    internal TimeSpan BackoffAfter(int attempt) => FirstBackoff * (1 << Math.Min(attempt - 1, 6)) * (0.5 + Random.Shared.NextDouble() / 2);
}

/// <summary>The seller's service.</summary>
public sealed class BillingClientOptions : BillingOptions
{
    /// <summary>The service's own key. It is read for every call, so that a configuration that is loaded anew exchanges it.</summary>
    public string? ServiceKey { get; set; }

    /// <summary>
    /// How long <see cref="IBillingClient.RunAsync"/> goes on trying to settle while the backend is away, after the tries of a single call. Meanwhile it keeps
    /// the generation alive.
    /// </summary>
    public TimeSpan SettleWithin { get; set; } = TimeSpan.FromMinutes(15);

    internal override string? Key => ServiceKey;

    internal override string KeyName => nameof(ServiceKey);
}

/// <summary>The seller's operator.</summary>
public sealed class BillingOperatorOptions : BillingOptions
{
    /// <summary>An operator's key. It is read for every call, so that a configuration that is loaded anew exchanges it.</summary>
    public string? OperatorKey { get; set; }

    internal override string? Key => OperatorKey;

    internal override string KeyName => nameof(OperatorKey);
}
