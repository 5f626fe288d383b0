using System.Collections.Immutable;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>The connections to storage, made once per process: one account for each shard.</summary>
public sealed class StorageClients : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpClientTransport _transport;
    private readonly ImmutableArray<ShardClients> _shards;
    private readonly int _directory;

    /// <summary>Connects lazily: nothing is sent yet.</summary>
    /// <param name="only">The only account.</param>
    /// <exception cref="ArgumentException">The options name no account.</exception>
    public StorageClients(StorageOptions only)
        : this([only])
    {
    }

    /// <param name="shards">The account of each shard, by its number.</param>
    /// <param name="directory">The shard that holds the directory.</param>
    /// <exception cref="ArgumentException">The options name no account.</exception>
    public StorageClients(ImmutableArray<StorageOptions> shards, int directory = 0)
    {
        _http = new HttpClient(Connections()) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.ExpectContinue = false;
        _transport = new HttpClientTransport(_http);
        _shards = [.. shards.Select(options => new ShardClients(options, _transport))];
        _directory = directory;
    }

    /// <summary>Counts every request of these clients, shard by shard.</summary>
    public ImmutableArray<StorageMeter> Meters => [.. _shards.Select(shard => shard.Meter)];

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
    }

    /// <summary>Where a partition is: its shard decides here and nowhere else.</summary>
    internal TableClient TableOf(Partition partition) => Of(partition.Shard ?? _directory).TableOf(partition.Table);

    /// <summary>The short way to single rows and transactions of a partition.</summary>
    internal TableConnection ConnectionOf(Partition partition) => Of(partition.Shard ?? _directory).Connection;

    /// <summary>The tables of one shard.</summary>
    internal IEnumerable<TableClient> TablesOf(int shard) => Enum.GetValues<Table>().Select(Of(shard).TableOf);

    internal QueueClient QueueOf(ShardQueue queue) => Of(queue.Shard).QueueOf(queue.Name);

    // The only account has everything, whatever ids name. Past it, an id may name a shard that this process was not told of, while another process has it
    // already: that is storage out of reach, not a row that is not there.
    private ShardClients Of(int shard) => _shards.Length == 1 ? _shards[0]
        : shard >= 0 && shard < _shards.Length ? _shards[shard]
        : throw new StorageUnavailableException($"There is no shard {shard} among the {_shards.Length} that are configured.");

    // Nagle's delay is off by default here. Idle connections go before the service's front end drops them, because a request
    // on a dropped one has an unknown outcome; all go after five minutes, so that a moved address is noticed.
    private static SocketsHttpHandler Connections() => new()
    {
        MaxConnectionsPerServer = 256,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(3),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    };
}
