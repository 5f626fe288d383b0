using System.Security.Cryptography;
using Azure.Data.Tables;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Benchmarks;

/// <summary>Empty tables and queues of their own on the run's emulator, which gets slower as a table grows.</summary>
internal sealed class BenchmarkStorage : IAsyncDisposable
{
    private readonly StorageOptions _options;

    private BenchmarkStorage(StorageOptions options)
    {
        _options = options;
        Clients = new StorageClients(options);
        Store = new TableStore(Clients);
        Messages = new MessageQueue(Clients);
        Receiver = new QueueReceiver(Clients);
    }

    public StorageClients Clients { get; }

    public StorageMeter Meter => Clients.Meters[0];

    public TableStore Store { get; }

    public MessageQueue Messages { get; }

    public QueueReceiver Receiver { get; }

    public string TablePrefix => _options.TablePrefix;

    public string QueuePrefix => _options.QueuePrefix;

    public static async Task<BenchmarkStorage> CreateAsync(string connectionString)
    {
        var suffix = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var storage = new BenchmarkStorage(new StorageOptions
        {
            ConnectionString = connectionString,
            TablePrefix = "b" + suffix,
            QueuePrefix = $"b{suffix}-",
            // The emulator stops to collect garbage while it holds 100,000 workspaces; what that does to outcomes is not measured here.
            NetworkTimeout = TimeSpan.FromSeconds(30),
        });
        await storage.Store.EnsureCreatedAsync(0, default);
        await storage.Messages.EnsureCreatedAsync(0, default);
        return storage;
    }

    /// <summary>What a process's writer needs, over these tables.</summary>
    public WriterPorts Ports(TimeProvider clock, ITableStore? store = null) => new(store ?? Store, Messages, CatalogSet.Shipped, clock, Backoff);

    /// <summary>Drops tables: the emulator holds them in memory.</summary>
    public static async Task DropAsync(string connectionString, string tablePrefix)
    {
        var service = new TableServiceClient(connectionString);
        await foreach (var table in service.QueryAsync())
        {
            if (table.Name.StartsWith(tablePrefix, StringComparison.Ordinal))
            {
                await service.DeleteTableAsync(table.Name);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DropAsync(_options.ConnectionString!, TablePrefix);
        Clients.Dispose();
    }

    // As the backend waits.
    private static Task Backoff(int attempt)
    {
        var most = 5_000 << Math.Min(attempt, 5);
        return Task.Delay(TimeSpan.FromMicroseconds(most / 2 + RandomNumberGenerator.GetInt32(most / 2)));
    }
}
