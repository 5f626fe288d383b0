using Billing.Api.Callers;
using Billing.Engine.Ports;
using Billing.Testing;

namespace Billing.Api.Tests.Access;

/// <summary>What the directory said last is good for while it is away.</summary>
public sealed class DirectoryCacheTests : IDisposable
{
    private readonly MovingClock _clock = new();
    private readonly DirectoryCache<string, string> _cache;
    private string? _stored = "first";
    private bool _away;
    private int _asked;

    public DirectoryCacheTests() => _cache = new DirectoryCache<string, string>(new CacheTime(_clock));

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task What_is_fresh_is_not_asked_again_and_what_is_stale_is()
    {
        Assert.Equal(("first", "first", 1), (await FindAsync(), await FindAsync(), _asked));
        (_stored, _clock.Now) = ("second", _clock.Now.AddSeconds(26));
        Assert.False(_cache.Knows("key"));
        Assert.Equal(("second", 2), (await FindAsync(), _asked));
        (_stored, _clock.Now) = (null, _clock.Now.AddSeconds(26));
        Assert.Null(await FindAsync());
        _away = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(FindAsync);
    }

    [Fact]
    public async Task While_the_directory_is_away_its_last_word_counts_for_an_hour_and_it_is_asked_now_and_then()
    {
        await FindAsync();
        _away = true;
        _clock.Now = _clock.Now.AddSeconds(26);
        Assert.Equal(("first", 2), (await FindAsync(), _asked));
        Assert.Equal(("first", 3), (await FindAsync(), _asked)); // a first look whether it is back
        Assert.Equal(("first", 3), (await FindAsync(), _asked));
        _clock.Now = _clock.Now.AddSeconds(6);
        Assert.Equal(("first", 4), (await FindAsync(), _asked));

        (_away, _stored, _clock.Now) = (false, "second", _clock.Now.AddSeconds(6));
        Assert.Equal("first", await FindAsync());
        Assert.Equal("second", await Eventually.SeeAsync(FindAsync, found => found == "second"));

        (_away, _clock.Now) = (true, _clock.Now.AddMinutes(61));
        await Assert.ThrowsAsync<StorageUnavailableException>(FindAsync);
    }

    [Fact]
    public async Task What_was_changed_here_is_forgotten_even_then()
    {
        await FindAsync();
        (_away, _clock.Now) = (true, _clock.Now.AddSeconds(26));
        Assert.Equal("first", await FindAsync());
        _cache.Forget("key");
        await Assert.ThrowsAsync<StorageUnavailableException>(FindAsync);
    }

    private async Task<string?> FindAsync() => await _cache.FindAsync("key", () =>
    {
        _asked++;
        return _away ? Task.FromException<string?>(new StorageUnavailableException("It is away.")) : Task.FromResult(_stored);
    });

    private sealed class MovingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
