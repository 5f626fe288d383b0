using System.Security.Cryptography;
using System.Text;
using Billing.Engine.Directories;
using Billing.Engine.Ports;
using Billing.Keys;
using Microsoft.Extensions.Caching.Memory;

namespace Billing.Api.Callers;

/// <summary>API keys as looked up lately, so that a warm request reads none. A revocation takes effect here when the entry is gone: at once where it was made, within 30 s elsewhere.</summary>
public sealed class KeyCache(KeyDirectory keys, MembershipCache memberships, TimeProvider clock, CacheTime time) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(25);
    private static readonly MemoryCacheEntryOptions Remembered = new() { SlidingExpiration = TimeSpan.FromDays(1), Size = 1 };
    private readonly MemoryCache _cache = time.NewCache();
    private readonly MemoryCache _worked = time.NewCache();

    /// <summary>The working key behind a text that passed its checksum; null when there is none.</summary>
    public async Task<ApiKey?> FindAsync(ApiKeySecret text, CancellationToken cancellation) =>
        await FindAnyAsync(text, cancellation).ConfigureAwait(false) is { } key && await UseAsync(key, cancellation).ConfigureAwait(false) ? key : null;

    /// <summary>True for a key that works, which is remembered.</summary>
    public async ValueTask<bool> UseAsync(ApiKey key, CancellationToken cancellation)
    {
        var works = await WorksAsync(key, cancellation).ConfigureAwait(false);
        if (works)
        {
            _worked.GetOrCreate(key.Id, _ => true, Remembered);
        }

        return works;
    }

    /// <summary>The key behind such a text, whether it works or did once; null when there never was one.</summary>
    public async Task<ApiKey?> FindAnyAsync(ApiKeySecret text, CancellationToken cancellation)
    {
        if (await LookUpAsync(text.KeyId, cancellation).ConfigureAwait(false) is not { } key)
        {
            return null;
        }

        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key.Hash), Encoding.UTF8.GetBytes(text.Hash)) ? key : null;
    }

    /// <summary>The working key that a session was made with; null when it has ended.</summary>
    public async Task<ApiKey?> FindAsync(string keyId, CancellationToken cancellation) =>
        await LookUpAsync(keyId, cancellation).ConfigureAwait(false) is { } key && await WorksAsync(key, cancellation).ConfigureAwait(false) ? key : null;

    public async ValueTask<bool> WorksAsync(ApiKey key, CancellationToken cancellation) => key.WorksAt(clock.GetUtcNow())
        && (key.Team != true || await memberships.MayUseAsync(key.AccountId, key.HomeWorkspaceId, cancellation).ConfigureAwait(false));

    private async Task<ApiKey?> LookUpAsync(string keyId, CancellationToken cancellation)
    {
        if (_cache.TryGetValue(keyId, out ApiKey? known))
        {
            return known;
        }

        if (await keys.FindAsync(keyId, cancellation).ConfigureAwait(false) is not { } key)
        {
            return null;
        }

        _ = NoteUseAsync(key);
        return _cache.Set(keyId, key, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 });
    }

    /// <summary>True when finding it costs no storage call.</summary>
    public bool Knows(ApiKeySecret text) => _cache.TryGetValue(text.KeyId, out _);

    /// <summary>True when it was found to work lately, if not just now: it is no guess.</summary>
    public bool HasWorked(ApiKeySecret text) => _worked.TryGetValue(text.KeyId, out _);

    /// <summary>Forgets a key that was changed.</summary>
    public void Forget(string keyId) => _cache.Remove(keyId);

    /// <summary>Notes the day of use, once a day and beside the request, so that nobody waits for it and a hot key costs no writes.</summary>
    private async Task NoteUseAsync(ApiKey key)
    {
        var today = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        if (key.LastUsedAt >= today || !key.WorksAt(clock.GetUtcNow()))
        {
            return;
        }

        try
        {
            await keys.ChangeAsync(key.Id, one => one.LastUsedAt >= today ? one : one with { LastUsedAt = today }, default).ConfigureAwait(false);
        }
        catch (StorageUnavailableException)
        {
            // The next look-up tries again.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _worked.Dispose();
    }
}
