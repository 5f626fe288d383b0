using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>The connections to the account of one shard.</summary>
internal sealed class ShardClients
{
    private readonly StorageOptions _options;
    private readonly HttpPipelineTransport _transport;
    private readonly TableClient[] _tables;
    private readonly QueueServiceClient _queues;

    /// <exception cref="ArgumentException">The options name no account.</exception>
    public ShardClients(StorageOptions options, HttpPipelineTransport transport)
    {
        _options = options;
        _transport = transport;
        var tables = ConnectTables();
        _tables = [.. Enum.GetValues<Table>().Select(table => tables.GetTableClient(_options.TablePrefix + NameOf(table)))];
        Connection = Connect(tables.Uri);
        _queues = ConnectQueues();
    }

    public StorageMeter Meter { get; } = new();

    /// <summary>The short way to single rows and transactions.</summary>
    public TableConnection Connection { get; }

    public TableClient TableOf(Table table) => _tables[(int)table];

    public QueueClient QueueOf(string queue) => _queues.GetQueueClient(_options.QueuePrefix + queue);

    private static string NameOf(Table table) => table switch
    {
        Table.Ledger => "ledger",
        Table.Keys => "keys",
        Table.People => "people",
        Table.Schedule => "schedule",
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "There is no such table."),
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
