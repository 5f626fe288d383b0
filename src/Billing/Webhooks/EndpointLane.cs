using System.Text.Json.Serialization;

namespace Billing.Webhooks;

/// <summary>
/// Who delivers to an endpoint, and how that goes. One process at a time holds the lane, so deliveries go out in order, and each of its writes carries a
/// new token: who finds the token unchanged after a wait longer than any attempt knows that its holder is dead.
/// </summary>
public sealed record EndpointLane : Record
{
    /// <summary>Row keys of lanes begin with this.</summary>
    public const string Prefix = "lane:";

    /// <summary>An endpoint that fails for this long is disabled.</summary>
    public static readonly TimeSpan FailingFor = TimeSpan.FromDays(5);

    /// <summary>The endpoint's <see cref="WebhookEndpoint.Key"/>.</summary>
    public required string EndpointKey { get; init; }

    /// <summary>Differs with every write.</summary>
    public required string Token { get; init; }

    /// <summary>True while somebody delivers.</summary>
    public bool Held { get; init; }

    /// <summary>When the first attempt failed since one succeeded, UTC; null when the last one succeeded.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>True when the last attempt kept its sender waiting.</summary>
    public bool Slow { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => KeyOf(EndpointKey);

    /// <summary>The row key of an endpoint's lane.</summary>
    public static string KeyOf(string endpointKey) => Prefix + endpointKey;

    /// <summary>True when attempts fail for so long that the endpoint is to be disabled.</summary>
    public bool IsGivenUp(DateTimeOffset now) => FailingSince + FailingFor <= now;
}
