using Billing.Engine.Directories;
using Microsoft.Extensions.Caching.Memory;

namespace Billing.Api.Callers;

/// <summary>Memberships as looked up lately. A removal takes effect here when the entry is gone: at once where it was made, within 30 s elsewhere.</summary>
public sealed class MembershipCache(AccountDirectory accounts, CacheTime time) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(25);
    private readonly MemoryCache _cache = time.NewCache();

    /// <summary>True when the account may use the workspace.</summary>
    public async Task<bool> MayUseAsync(string accountId, string workspaceId, CancellationToken cancellation)
    {
        if (_cache.TryGetValue((accountId, workspaceId), out _))
        {
            return true;
        }

        var member = await accounts.MembershipAsync(accountId, workspaceId, cancellation).ConfigureAwait(false) is not null;
        if (member)
        {
            _cache.Set((accountId, workspaceId), true, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 });
        }

        return member;
    }

    /// <summary>Forgets a membership that was changed.</summary>
    public void Forget(string accountId, string workspaceId) => _cache.Remove((accountId, workspaceId));

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();
}
