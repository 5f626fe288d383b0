using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Billing.Catalogs;

/// <summary>What a generation can be made from: one template, or with an id that ends in <c>*</c> all whose ids begin so.</summary>
/// <param name="Id">Id or pattern; <c>*</c> alone is any other.</param>
/// <param name="Tier">Plans name the tiers they include.</param>
/// <param name="Attributes">Numbers that factors read, choices that are floors of fields.</param>
public sealed record Template(string Id, string Tier, ImmutableSortedDictionary<string, Scalar> Attributes)
{
    /// <summary>True for a template that one workspace alone has.</summary>
    [JsonIgnore]
    public bool Own { get; init; }

    [JsonIgnore]
    public bool IsPattern => Id.EndsWith('*');

    public bool Matches(string id) => IsPattern ? id.StartsWith(Id[..^1], StringComparison.Ordinal) : id == Id;
}
