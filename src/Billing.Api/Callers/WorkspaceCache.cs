using Billing.Engine.Committing;
using Microsoft.Extensions.Caching.Memory;

namespace Billing.Api.Callers;

/// <summary>Workspaces as looked up lately: that they are there, and whose product they are of. One that is not there is looked up each time.</summary>
public sealed class WorkspaceCache(WorkspaceWriter writer, CacheTime time) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(25);
    private readonly MemoryCache _cache = time.NewCache();

    /// <summary>The product of a workspace; null when there is no such workspace.</summary>
    public async Task<string?> ProductOfAsync(string workspaceId, CancellationToken cancellation)
    {
        if (_cache.TryGetValue(workspaceId, out string? known))
        {
            return known;
        }

        return Ids.IsWellFormed("ws", workspaceId) && await writer.ReadAsync(workspaceId, cancellation).ConfigureAwait(false) is { } workspace
            ? _cache.Set(workspaceId, workspace.Product, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 })
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();
}
