using Billing.Engine.Ports;
using Microsoft.Extensions.Caching.Memory;

namespace Billing.Api.Callers;

/// <summary>
/// What the directory said lately: for 25 seconds it is not asked again. While it does not answer, what it said last is taken for up to an hour, so that
/// callers that are known here go on. Nobody misses a revocation by that: it would have to be stored in the directory, too.
/// </summary>
internal sealed class DirectoryCache<TKey, T>(CacheTime time) : IDisposable
    where TKey : notnull
    where T : notnull
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan AskedEvery = TimeSpan.FromSeconds(5);
    private readonly MemoryCache _cache = time.NewCache();
    private long _askAgainAt = long.MinValue;
    private volatile bool _away;

    private sealed record Entry(T Value, DateTimeOffset FreshUntil);

    /// <summary>True when finding it costs no storage call.</summary>
    public bool Knows(TKey key) => _cache.TryGetValue(key, out Entry? entry) && entry!.FreshUntil > time.UtcNow;

    /// <summary>What is behind a key; null when there is nothing, which is not remembered.</summary>
    /// <exception cref="StorageUnavailableException">The directory does not answer, and has not said lately.</exception>
    public async ValueTask<T?> FindAsync(TKey key, Func<Task<T?>> lookUp)
    {
        if (!_cache.TryGetValue(key, out Entry? entry))
        {
            return await AskAsync(key, lookUp).ConfigureAwait(false);
        }

        if (entry!.FreshUntil > time.UtcNow)
        {
            return entry.Value;
        }

        if (_away)
        {
            // One call now and then finds out whether it is back, and nobody waits for it.
            _ = IsTurn() ? TryAsync(key, lookUp) : Task.CompletedTask;
            return entry.Value;
        }

        try
        {
            return await AskAsync(key, lookUp).ConfigureAwait(false);
        }
        catch (StorageUnavailableException)
        {
            return entry.Value;
        }
    }

    /// <summary>Forgets what was changed.</summary>
    public void Forget(TKey key) => _cache.Remove(key);

    public void Dispose() => _cache.Dispose();

    private async Task<T?> AskAsync(TKey key, Func<Task<T?>> lookUp)
    {
        try
        {
            var found = await lookUp().ConfigureAwait(false);
            _away = false;
            Remember(key, found);
            return found;
        }
        catch (StorageUnavailableException)
        {
            _away = true;
            throw;
        }
    }

    private async Task TryAsync(TKey key, Func<Task<T?>> lookUp) =>
        await ((Task)AskAsync(key, lookUp)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Remember(TKey key, T? found)
    {
        if (found is null)
        {
            _cache.Remove(key);
        }
        else
        {
            _cache.Set(key, new Entry(found, time.UtcNow + FreshFor), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 });
        }
    }

    private bool IsTurn()
    {
        var (now, next) = (time.UtcNow.UtcTicks, Interlocked.Read(ref _askAgainAt));
        return now >= next && Interlocked.CompareExchange(ref _askAgainAt, now + AskedEvery.Ticks, next) == next;
    }
}
