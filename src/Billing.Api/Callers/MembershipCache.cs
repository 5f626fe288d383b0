using Billing.Accounts;
using Billing.Engine.Directories;

namespace Billing.Api.Callers;

/// <summary>Memberships as looked up lately. A removal takes effect here when the entry is gone: at once where it was made, within 30 s elsewhere.</summary>
public sealed class MembershipCache(AccountDirectory accounts, CacheTime time) : IDisposable
{
    private readonly DirectoryCache<(string AccountId, string WorkspaceId), Membership> _cache = new(time);

    /// <summary>True when the account may use the workspace.</summary>
    public async Task<bool> MayUseAsync(string accountId, string workspaceId, CancellationToken cancellation) =>
        await _cache.FindAsync((accountId, workspaceId), () => accounts.MembershipAsync(accountId, workspaceId, cancellation)).ConfigureAwait(false) is not null;

    /// <summary>Forgets a membership that was changed.</summary>
    public void Forget(string accountId, string workspaceId) => _cache.Forget((accountId, workspaceId));

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();
}
