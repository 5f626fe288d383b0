using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Rows;

namespace Billing.Benchmarks.Admits;

/// <summary>Where one round of measures plays: fresh tables, and everybody who writes to them.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private ImmutableArray<Customer> _writerCrowd;
    private ImmutableArray<Customer> _hostCrowd;

    private Stage(BenchmarkStorage storage, RawTable raw, Server? host)
    {
        Storage = storage;
        Raw = raw;
        Host = host;
        Writer = new WorkspaceWriter(storage.Ports(TimeProvider.System));
    }

    public BenchmarkStorage Storage { get; }

    public RawTable Raw { get; }

    /// <summary>Null when HTTP is not measured.</summary>
    public Server? Host { get; }

    public WorkspaceWriter Writer { get; }

    public static async Task<Stage> OpenAsync(string connectionString, bool http)
    {
        var storage = await BenchmarkStorage.CreateAsync(connectionString);
        var host = http ? await Server.StartHostAsync(Server.Host, connectionString, storage.TablePrefix, storage.QueuePrefix) : null;
        return new Stage(storage, new RawTable(connectionString, storage.TablePrefix), host);
    }

    /// <summary>Many workspaces that the writer of this process has just admitted for.</summary>
    public async Task<ImmutableArray<Customer>> WriterCrowdAsync(int count)
    {
        if (_writerCrowd.IsDefault)
        {
            _writerCrowd = await Customers.OpenAsync(Storage, count);
            await WarmAsync(_writerCrowd, customer => Writer.AdmitAsync(customer.WorkspaceId));
        }

        return _writerCrowd;
    }

    /// <summary>Many workspaces that the Host has just admitted for.</summary>
    public async Task<ImmutableArray<Customer>> HostCrowdAsync(int count)
    {
        if (_hostCrowd.IsDefault)
        {
            _hostCrowd = await Customers.OpenAsync(Storage, count, withKeys: true);
            using var http = Host!.Connect(AtOnce);
            await WarmAsync(_hostCrowd, customer => Host.AdmitAsync(http, customer.Key));
        }

        return _hostCrowd;
    }

    /// <summary>How many commits these workspaces have seen: each makes the account's version grow by one.</summary>
    public async Task<long> VersionsAsync(ImmutableArray<Customer> customers)
    {
        var versions = 0L;
        await Parallel.ForEachAsync(customers, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (customer, cancellation) =>
        {
            var stored = await WorkspaceRows.LoadAsync(Storage.Store, customer.WorkspaceId, null, cancellation);
            Interlocked.Add(ref versions, stored!.Workspace.Version);
        });
        return versions;
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        Raw.Dispose();
        await Storage.DisposeAsync();
    }

    private const int AtOnce = 32;

    private static Task WarmAsync(ImmutableArray<Customer> customers, Func<Customer, Task> admit) => Parallel.ForEachAsync(
        customers, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (customer, _) => await admit(customer));
}
