using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public sealed class StorageMeterTests
{
    [Fact]
    public async Task Every_request_is_counted_by_its_kind()
    {
        using var clients = new StorageClients(await TestStorage.OptionsAsync());
        var store = new TableStore(clients);
        var messages = new MessageQueue(clients);
        var partition = new Partition(Table.Ledger, $"ws_0{Guid.NewGuid():N}");
        await TestStorage.Clients;
        var before = clients.Meters[0].Snapshot();

        await store.CommitAsync(partition, [.. Enumerable.Range(0, 98).Select(Insert)], default);
        await store.CommitAsync(partition, [Insert(1)], default);
        await store.ReadAsync(partition, "row:1", default);
        await store.ReadAsync(partition, "none", default);
        await store.ListAsync(partition, KeyRange.StartingWith("row:"), 999, default);
        var message = await messages.SendAsync(new(0, Queues.Refunds), "once", TimeSpan.FromDays(1), default);
        await messages.RevealAsync(message, default);

        var sent = clients.Meters[0].Snapshot() - before;
        Assert.Equal(new StorageRequests(Reads: 3, Commits: 2, QueueOperations: 2, Others: 0), sent);
        Assert.Equal(7, sent.Total);
    }

    private static RowWrite Insert(int row) => new(WriteKind.Insert, new Row($"row:{row}", "{}"));
}
