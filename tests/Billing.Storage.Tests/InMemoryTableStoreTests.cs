using Billing.Engine.Ports;
using Billing.InMemory;

namespace Billing.Storage.Tests;

public sealed class InMemoryTableStoreTests : TableStoreContract
{
    private readonly InMemoryTableStore _ledger = new();

    protected override Task<ITableStore> OpenAsync() => Task.FromResult<ITableStore>(_ledger);

    protected override ITableStore LosingAnswers()
    {
        _ledger.AfterCommit = (_, _, _) =>
        {
            _ledger.AfterCommit = null;
            return Task.FromResult<CommitResult>(new CommitResult.Unknown());
        };
        return _ledger;
    }

    protected override ITableStore LosingRequests()
    {
        _ledger.BeforeCommit = (_, _) =>
        {
            _ledger.BeforeCommit = null;
            return Task.FromResult<CommitResult?>(new CommitResult.Unknown());
        };
        return _ledger;
    }

    [Fact]
    public async Task Every_call_is_counted_and_a_look_at_the_rows_is_not()
    {
        await StoredAsync(Insert("a"), Insert("b"));
        await CommitAsync(Insert("a"));
        await ReadAsync("a");
        await Store.PageAsync(Workspace, KeyRange.StartingWith("a"), 10, null, null, default);
        await Store.FindDueAsync(0, KeyRange.StartingWith("ws"), 10, default);

        Assert.Equal(2, _ledger.RowsOf(Workspace).Length);
        Assert.Equal(2, _ledger.RowsOf(Table.Ledger).Length);
        Assert.Equal(new StoreCalls(Reads: 1, Lists: 1, Finds: 1, Commits: 2, Writes: 3), _ledger.Calls);
    }

    [Fact]
    public async Task A_read_sees_the_rows_as_they_were_when_it_was_answered()
    {
        _ledger.AfterRead = _ =>
        {
            _ledger.Arrive(Workspace, [Put("row", "[1]")]);
            return Task.CompletedTask;
        };

        Assert.Null(await ReadAsync("row"));
        Assert.Equal("[1]", (await ReadAsync("row"))!.Data);
    }

    [Fact]
    public async Task A_door_that_throws_fails_the_call_and_nothing_changes()
    {
        _ledger.BeforeCommit = (_, _) => throw new StorageUnavailableException("busy");

        await NothingChangesAsync(() => Assert.ThrowsAsync<StorageUnavailableException>(() => CommitAsync(Insert("row"))));

        _ledger.BeforeRead = read => throw new StorageUnavailableException(read.RowKey ?? "");
        Assert.Equal("row", (await Assert.ThrowsAsync<StorageUnavailableException>(() => ReadAsync("row"))).Message);
    }

    [Fact]
    public async Task Versions_are_the_same_in_every_run()
    {
        Assert.Equal(["W/\"1\"", "W/\"2\""], await StoredAsync(Insert("a"), Insert("b")));
        Assert.Equal([null, "W/\"3\""], await StoredAsync(Delete("b"), Put("a")));
        Assert.Equal(["W/\"4\""], await StoredAsync(Insert("b")));
    }
}
