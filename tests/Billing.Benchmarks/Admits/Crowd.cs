using Billing.Benchmarks.Measuring;

namespace Billing.Benchmarks.Admits;

/// <summary>Many workspaces, each with little to do: nobody rides with another, so a transaction carries one admission.</summary>
internal sealed class Crowd(int workspaces, int admits, TimeSpan limit)
{
    /// <summary>The ceiling: transactions of so many entities, one in flight per partition.</summary>
    public async Task<Sample> RawAsync(Stage stage, int clients, CommitShape shape)
    {
        var perClient = Math.Max(1, workspaces / clients);
        var partitions = new RawPartition[clients * perClient];
        await Parallel.ForAsync(0, partitions.Length, async (index, _) => partitions[index] = await stage.Raw.OpenAsync(shape));
        var turns = new int[clients];
        var sample = await new ClosedLoop(clients, admits, limit).MeasureAsync(
            null, (client, _) => partitions[client * perClient + turns[client]++ % perClient].CommitAsync(shape));
        return sample with { Commits = sample.Operations };
    }

    public async Task<Sample> WriterAsync(Stage stage, int clients, bool withKey = true)
    {
        var customers = await stage.WriterCrowdAsync(workspaces);
        return await Loop(clients).MeasureAsync(
            stage.Storage.Meter, (_, number) => stage.Writer.AdmitAsync(customers[number % customers.Length].WorkspaceId, withKey));
    }

    public async Task<Sample> HttpAsync(Stage stage, int clients)
    {
        var customers = await stage.HostCrowdAsync(workspaces);
        using var http = stage.Host!.Connect(clients);
        await Task.WhenAll(customers.Take(clients).Select(customer => stage.Host.AdmitAsync(http, customer.Key)));
        var before = await stage.VersionsAsync(customers);
        var sample = await Loop(clients).MeasureAsync(null, (_, number) => stage.Host.AdmitAsync(http, customers[number % customers.Length].Key));
        return sample with { Commits = await stage.VersionsAsync(customers) - before, Allocated = null, Cpu = null };
    }

    private ClosedLoop Loop(int clients) => new(clients, clients == 1 ? Math.Max(10, admits / 8) : admits, limit);
}
