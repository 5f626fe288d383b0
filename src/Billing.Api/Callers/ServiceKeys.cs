using System.Collections.Immutable;

namespace Billing.Api.Callers;

/// <summary>The keys of the seller's services, and the products that each may reach.</summary>
/// <param name="keys">The keys themselves.</param>
/// <param name="bound">Key → its products, for those that are bound to some.</param>
public sealed class ServiceKeys(ImmutableArray<string> keys, ImmutableDictionary<string, ProductBinding> bound)
{
    private readonly Secrets _keys = new(keys);
    private readonly ImmutableArray<Reach> _reaches = [.. keys.Select(key => bound.TryGetValue(key, out var binding) ? new Reach(binding.Products) : Reach.Everything)];

    /// <summary>What the service with this key may reach; null when it is no service's key.</summary>
    public Reach? Find(string text) => _keys.PlaceOf(text) is >= 0 and var place ? _reaches[place] : null;
}

/// <summary>The products that a credential reaches; what is of another does not exist for it.</summary>
/// <param name="Products">Their names; null for all of them, also those to come.</param>
public sealed record Reach(ImmutableArray<string>? Products)
{
    public static readonly Reach Everything = new((ImmutableArray<string>?)null);

    public bool Includes(string product) => Products is not { } products || products.Contains(product);
}
