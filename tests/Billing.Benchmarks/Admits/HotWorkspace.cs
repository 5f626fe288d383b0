using Billing.Benchmarks.Measuring;

namespace Billing.Benchmarks.Admits;

/// <summary>Everybody spends from one workspace. Each measure has a fresh one and fills it with the same number of rows: the emulator searches a partition from end to end.</summary>
internal sealed class HotWorkspace(int admits, TimeSpan limit)
{
    /// <summary>The ceiling: full transactions of our rows, one after the other.</summary>
    public async Task<Sample> RawAsync(Stage stage, CommitShape shape)
    {
        var partition = await stage.Raw.OpenAsync(shape);
        var loop = new ClosedLoop(1, Math.Max(3, admits / shape.Admits), limit);
        var sample = await loop.MeasureAsync(null, (_, _) => partition.CommitAsync(shape));
        return sample with { Operations = sample.Operations * shape.Admits, Commits = sample.Operations };
    }

    /// <summary>Our writer in this process.</summary>
    public async Task<Sample> WriterAsync(Stage stage, int clients, bool withKey = true)
    {
        var workspaceId = (await Customers.OpenAsync(stage.Storage)).WorkspaceId;
        await stage.Writer.AdmitAsync(workspaceId, withKey);
        return await Loop(clients).MeasureAsync(stage.Storage.Meter, (_, _) => stage.Writer.AdmitAsync(workspaceId, withKey));
    }

    /// <summary>Read, check, write.</summary>
    public async Task<Sample> PlainAsync(Stage stage, int clients, CommitShape shape)
    {
        var plain = await PlainSpending.OpenAsync(stage.Raw.Client, shape);
        var sample = await Loop(clients).MeasureAsync(null, (_, _) => plain.SpendAsync());
        return sample with { Requests = new(plain.Requests / 2, plain.Requests / 2, 0, 0) };
    }

    /// <summary>The whole way: HTTP, key, rate limit, writer.</summary>
    public async Task<Sample> HttpAsync(Stage stage, int clients)
    {
        var customer = await Customers.OpenAsync(stage.Storage, withKey: true);
        using var http = stage.Host!.Connect(clients);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => stage.Host.AdmitAsync(http, customer.Key)));
        var before = await stage.VersionsAsync([customer]);
        var sample = await Loop(clients).MeasureAsync(null, (_, _) => stage.Host.AdmitAsync(http, customer.Key));
        return sample with { Commits = await stage.VersionsAsync([customer]) - before, Allocated = null, Cpu = null };
    }

    // A client alone needs fewer to show what one costs.
    private ClosedLoop Loop(int clients) => new(clients, clients == 1 ? Math.Max(10, admits / 4) : admits, limit);
}
