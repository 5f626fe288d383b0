using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Engine.Directories;
using Microsoft.Extensions.Caching.Memory;

namespace Billing.Api.Callers;

/// <summary>Whose the seller's own ids are, as looked up lately. An id that no account has in a product is looked up each time.</summary>
public sealed class ExternalIdCache(AccountDirectory accounts, CacheTime time) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(25);
    private readonly MemoryCache _cache = time.NewCache();

    /// <summary>The accounts with an id, by product.</summary>
    /// <param name="externalId">The seller's own id.</param>
    /// <param name="product">The product that is asked for; null where any will do.</param>
    /// <param name="cancellation">Ends when the client gives up.</param>
    public async Task<ImmutableSortedDictionary<string, ExternalLink>> FindAsync(string externalId, string? product, CancellationToken cancellation)
    {
        if (_cache.TryGetValue(externalId, out ImmutableSortedDictionary<string, ExternalLink>? known) && (product is null || known!.ContainsKey(product)))
        {
            return known!;
        }

        var found = await accounts.FindLinksAsync(externalId, cancellation).ConfigureAwait(false);
        return found.IsEmpty ? found : _cache.Set(externalId, found, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 });
    }

    /// <summary>Forgets an id that an account was given or lost.</summary>
    public void Forget(string externalId) => _cache.Remove(externalId);

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();
}
