namespace Billing.Webhooks;

/// <summary>How an endpoint fares. Written only when it changes: a failure after a success, a success after a failure.</summary>
public sealed record EndpointHealth : Record
{
    public const string Prefix = "health:";

    public static readonly TimeSpan FailingFor = TimeSpan.FromDays(5);

    /// <summary>The endpoint's <see cref="WebhookEndpoint.Key"/>.</summary>
    public required string EndpointKey { get; init; }

    /// <summary>When the first attempt began that failed since one succeeded, UTC; null while they succeed.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When an attempt succeeded that ended failures, UTC.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }

    public override string RowKey => KeyOf(EndpointKey);

    public static string KeyOf(string endpointKey) => Prefix + endpointKey;

    /// <summary>True when attempts fail for so long that the endpoint is to be disabled.</summary>
    public bool IsGivenUp(DateTimeOffset now) => FailingSince + FailingFor <= now;

    /// <summary>With no failure that counts: those that began before this do not.</summary>
    public EndpointHealth Recovered(DateTimeOffset now) => FailingSince is null ? this : this with { FailingSince = null, RecoveredAt = now };

    /// <summary>After an attempt. Attempts overlap: a failure that began before the last recovery says nothing of what came after it.</summary>
    public EndpointHealth After(bool succeeded, DateTimeOffset sentAt, DateTimeOffset now)
    {
        if (succeeded)
        {
            return Recovered(now);
        }

        return FailingSince is not null || sentAt < RecoveredAt ? this : this with { FailingSince = sentAt };
    }
}
