using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>A template that the seller made for one workspace.</summary>
public sealed record OwnTemplate : Record
{
    public const string Prefix = "tpl:";

    public required string Id { get; init; }

    /// <summary>Null for none: then plans do not tell it from others of the workspace's own.</summary>
    public string? Tier { get; init; }

    public required ImmutableSortedDictionary<string, Scalar> Attributes { get; init; }

    /// <summary>When it was put there last, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public override string RowKey => KeyOf(Id);

    public Template ToTemplate() => new(Id, Tier ?? "custom", Attributes) { Own = true };

    /// <summary>Whether a workspace's own template can have this id.</summary>
    public static bool IsId(string id) => TextRule.MistakeInId(id) is null;

    public static string KeyOf(string id) => Prefix + id;
}
