using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Testing;

namespace Billing.Storage.Tests;

/// <summary>Rows and messages over several accounts: here two sets of tables on one emulator, which are as far apart.</summary>
public sealed class ShardTests : IAsyncLifetime
{
    private readonly Partition[] _workspaces = [.. Enumerable.Range(0, 2).Select(shard => new Partition(Table.Ledger, $"ws_{shard}{Guid.NewGuid():N}"))];
    private StorageClients _both = null!;
    private StorageClients[] _each = null!;

    public async Task InitializeAsync()
    {
        var suffix = Guid.NewGuid().ToString("N")[..8];
        var options = Enumerable.Range(0, 2).Select(shard => new StorageOptions { TablePrefix = $"t{suffix}{shard}", QueuePrefix = $"t{suffix}-{shard}-" }).ToArray();
        var secret = (await Azurite.Shared).ConnectionString;
        _both = new StorageClients([.. options.Select(one => one with { ConnectionString = secret })], directory: 1);
        _each = [.. options.Select(one => new StorageClients(one with { ConnectionString = secret }))];
        foreach (var shard in Enumerable.Range(0, 2))
        {
            await new TableStore(_both).EnsureCreatedAsync(shard, default);
            await new MessageQueue(_both).EnsureCreatedAsync(shard, default);
        }
    }

    public Task DisposeAsync()
    {
        Array.ForEach(_each, one => one.Dispose());
        _both.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_workspace_lies_where_its_id_says_and_nowhere_else()
    {
        var store = new TableStore(_both);
        foreach (var (workspace, shard) in _workspaces.Select((workspace, shard) => (workspace, shard)))
        {
            var before = _both.Meters[shard].Snapshot();
            await store.CommitAsync(workspace, [new RowWrite(WriteKind.Insert, new Row("row", "{}"))], default);
            Assert.NotNull(await store.ReadAsync(workspace, "row", default));
            Assert.Equal((1, 1), (_both.Meters[shard].Snapshot().Reads - before.Reads, _both.Meters[shard].Snapshot().Commits));
        }
    }

    [Fact]
    public async Task The_directory_lies_in_its_shard()
    {
        var account = new Partition(Table.People, "acct_1");
        await new TableStore(_both).CommitAsync(account, [new RowWrite(WriteKind.Insert, new Row("profile", "{}"))], default);
        Assert.Null(await new TableStore(_each[0]).ReadAsync(account, "profile", default));
        Assert.NotNull(await new TableStore(_each[1]).ReadAsync(account, "profile", default));
    }

    [Fact]
    public async Task Each_shard_has_a_due_index_of_its_own()
    {
        var store = new TableStore(_both);
        var hour = new Partition(Table.Schedule, $"{Guid.NewGuid():N}", DueShard: 1);
        await store.CommitAsync(hour, [new RowWrite(WriteKind.Put, new Row("ws_1", "{}"))], default);
        Assert.Empty(await store.FindDueAsync(0, KeyRange.StartingWith(hour.Key), 10, default));
        Assert.Equal(hour, Assert.Single(await store.FindDueAsync(1, KeyRange.StartingWith(hour.Key), 10, default)).Partition);
    }

    [Fact]
    public async Task A_message_lies_in_the_queue_of_its_shard()
    {
        var receiver = new QueueReceiver(_both);
        await new MessageQueue(_both).SendAsync(ShardQueue.Of(_workspaces[1].Key, Queues.Refunds), "rfd_1", TimeSpan.Zero, default);
        Assert.Empty(await receiver.ReceiveAsync(new ShardQueue(0, Queues.Refunds), 1, TimeSpan.FromMinutes(1), default));
        Assert.Equal("rfd_1", Assert.Single(await receiver.ReceiveAsync(new ShardQueue(1, Queues.Refunds), 1, TimeSpan.FromMinutes(1), default)).Body);
    }

    [Fact]
    public async Task The_only_account_has_everything()
    {
        Assert.Null(await new TableStore(_each[0]).ReadAsync(new Partition(Table.Ledger, "ws_z123456789abcdef"), "account", default));
        await new MessageQueue(_each[0]).SendAsync(ShardQueue.Of("ws_z123456789abcdef", Queues.Audits), "z", TimeSpan.Zero, default);
        Assert.Equal(1, await new QueueReceiver(_both).ApproximateCountAsync(new ShardQueue(0, Queues.Audits), default));
    }

    [Theory]
    [InlineData("ws_2123456789abcdef")]
    [InlineData("ws_z123456789abcdef")]
    [InlineData("ws_")]
    public async Task A_shard_that_is_not_configured_is_out_of_reach_and_has_no_empty_partitions(string workspaceId)
    {
        var (store, workspace) = (new TableStore(_both), new Partition(Table.Ledger, workspaceId));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.ReadAsync(workspace, "account", default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.ListAsync(workspace, KeyRange.StartingWith("txn"), 1, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.CommitAsync(workspace, [new RowWrite(WriteKind.Insert, new Row("row", "{}"))], default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new MessageQueue(_both).SendAsync(ShardQueue.Of(workspaceId, Queues.Refunds), "rfd_1", TimeSpan.Zero, default));
    }

}
