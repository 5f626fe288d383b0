using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>The connections to storage, made once per process.</summary>
public sealed class StorageClients : IDisposable
{
    private readonly StorageOptions _options;
    private readonly HttpClient _http;
    private readonly HttpClientTransport _transport;
    private readonly TableClient[] _tables;
    private readonly TableConnection _connection;
    private readonly QueueServiceClient _queues;

    /// <summary>Connects lazily: nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">The options name no account.</exception>
    public StorageClients(StorageOptions options)
    {
        _options = options;
        _http = new HttpClient(Connections()) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.ExpectContinue = false;
        _transport = new HttpClientTransport(_http);
        var tables = ConnectTables();
        _tables = [.. Enum.GetValues<Table>().Select(table => tables.GetTableClient(_options.TablePrefix + NameOf(table)))];
        _connection = Connect(tables.Uri);
        _queues = ConnectQueues();
    }

    /// <summary>Counts every request of these clients.</summary>
    public StorageMeter Meter { get; } = new();

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
    }

    /// <summary>Where a partition is. Past one account, the shard map decides here and nowhere else.</summary>
    internal TableClient TableOf(Partition partition) => _tables[(int)partition.Table];

    /// <summary>The short way to single rows and transactions of a partition.</summary>
    internal TableConnection ConnectionOf(Partition partition) => _connection;

    /// <summary>Everywhere a table is: one client per account.</summary>
    internal IEnumerable<TableClient> TablesOf(Table table) => [_tables[(int)table]];

    /// <summary>A queue by the name it has in <see cref="Queues"/>.</summary>
    internal QueueClient QueueOf(string queue) => _queues.GetQueueClient(_options.QueuePrefix + queue);

    private static string NameOf(Table table) => table switch
    {
        Table.Ledger => "ledger",
        Table.Keys => "keys",
        Table.People => "people",
        Table.Schedule => "schedule",
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "There is no such table."),
    };

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

    private TableServiceClient ConnectTables()
    {
        // A commit that got no answer is sent again by the writer, who knows what to make of the second answer.
        var options = Configured(new TableClientOptions(), Meter.TablePolicy, retries: 0);
        return _options.ConnectionString is { } secret
            ? new TableServiceClient(secret, options)
            : new TableServiceClient(Endpoint("table"), Identity(), options);
    }

    private TableConnection Connect(Uri tables)
    {
        var access = StorageAccess.Of(_options, tables);
        var pipeline = new HttpPipeline(_transport, [.. access.Policies, Meter.TablePolicy, .. _options.Policies]);
        return new TableConnection(pipeline, access.Tables, access.Query, _options.NetworkTimeout);
    }

    private QueueServiceClient ConnectQueues()
    {
        // Base64 is done by QueueText: the SDK throws on the first message that is not.
        var options = Configured(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }, Meter.QueuePolicy, retries: 2);
        return _options.ConnectionString is { } secret
            ? new QueueServiceClient(secret, options)
            : new QueueServiceClient(Endpoint("queue"), Identity(), options);
    }

    private T Configured<T>(T options, HttpPipelinePolicy meter, int retries)
        where T : ClientOptions
    {
        options.Transport = _transport;
        options.Retry.MaxRetries = retries;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        options.Retry.NetworkTimeout = _options.NetworkTimeout;
        options.AddPolicy(meter, HttpPipelinePosition.PerRetry);
        foreach (var policy in _options.Policies)
        {
            options.AddPolicy(policy, HttpPipelinePosition.BeforeTransport);
        }

        return options;
    }

    private Uri Endpoint(string service) => _options.AccountName is { } account
        ? new Uri($"https://{account}.{service}.core.windows.net")
        : throw new ArgumentException("Storage options need a connection string, or an account name and a credential.");

    private StorageIdentity Identity() => _options.Credential is { } credential
        ? new StorageIdentity(credential)
        : throw new ArgumentException("Storage options with an account name need a credential.");
}
