namespace Billing.Simulation.Storage;

/// <summary>The accounts of a run, of which one may be away for a while.</summary>
/// <param name="map">How many there are, and how workspaces are spread.</param>
internal sealed class Shards(ShardMap map)
{
    /// <summary>The shard that holds accounts and keys.</summary>
    public const int Directory = 0;

    // What was sent while it was away is waited for until it has timed out.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(30);
    private readonly DateTimeOffset?[] _backAt = new DateTimeOffset?[map.Count];
    private int? _away;

    public ShardMap Map => map;

    /// <summary>How often one went away.</summary>
    public int Outages { get; private set; }

    /// <summary>True while nothing arrives there.</summary>
    public bool IsAway(int? shard) => _away is not null && (shard ?? Directory) == _away;

    /// <summary>From now on one of them is away.</summary>
    public void Lose(int shard, DateTimeOffset now)
    {
        Return(now);
        _away = shard;
        Outages++;
    }

    /// <summary>From now on all of them are there.</summary>
    public void Return(DateTimeOffset now)
    {
        if (_away is { } shard)
        {
            _backAt[shard] = now;
            _away = null;
        }
    }

    /// <summary>True when one of some shards was away since then.</summary>
    public bool WasAway(DateTimeOffset since, params IEnumerable<int> shards) => shards.Any(shard => _away == shard || _backAt[shard] + Aftermath >= since);
}
