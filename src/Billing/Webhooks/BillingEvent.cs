using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Billing.Catalogs;

namespace Billing.Webhooks;

/// <summary>Something that webhooks tell of, stored in the same transaction as what it tells.</summary>
public sealed record BillingEvent : Record
{
    /// <summary>Row keys of events begin with this.</summary>
    public const string Prefix = "evt:";

    /// <summary>1 for a workspace's first event, then without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The body's <c>data</c>.</summary>
    public required ImmutableSortedDictionary<string, Scalar> Data { get; init; }

    /// <summary>Endpoints that it is still to be handed over to.</summary>
    public required ImmutableArray<string> Targets { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => KeyOf(Sequence);

    /// <inheritdoc/>
    [JsonIgnore]
    public override string? Tag => Targets.IsEmpty ? null : "pending";

    /// <summary>The row key of an event.</summary>
    public static string KeyOf(long sequence) => Prefix + sequence.ToString("x16", CultureInfo.InvariantCulture);
}
