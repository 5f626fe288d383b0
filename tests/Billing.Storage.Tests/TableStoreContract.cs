using System.Collections.Immutable;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

/// <summary>What every implementation of <see cref="ITableStore"/> does. Each refusal ends in "nothing changed".</summary>
public abstract partial class TableStoreContract : IAsyncLifetime
{
    private static readonly KeyRange Everything = new("", "~");

    /// <summary>A workspace that no other test uses.</summary>
    protected Partition Workspace { get; } = new(Table.Ledger, $"ws_0{Guid.NewGuid():N}");

    /// <summary>The implementation under test.</summary>
    protected ITableStore Store { get; private set; } = null!;

    /// <summary>Makes <see cref="Store"/>.</summary>
    protected abstract Task<ITableStore> OpenAsync();

    /// <summary>The same rows, over a way that stores commits and then loses the answer.</summary>
    protected abstract ITableStore LosingAnswers();

    /// <summary>The same rows, over a way that loses commits before they arrive.</summary>
    protected abstract ITableStore LosingRequests();

    public async Task InitializeAsync() => Store = await OpenAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    protected static RowWrite Insert(string key, string data = "{}", string? tag = null) => new(WriteKind.Insert, new Row(key, data, tag));

    protected static RowWrite Put(string key, string data = "{}", string? tag = null) => new(WriteKind.Put, new Row(key, data, tag));

    protected static RowWrite Replace(string key, string? etag, string data = "{}") =>
        new(WriteKind.Replace, new Row(key, data, null, etag));

    protected static RowWrite Delete(string key, string? etag = null) => new(WriteKind.Delete, new Row(key, "", null, etag));

    protected Task<CommitResult> CommitAsync(params ImmutableArray<RowWrite> writes) => Store.CommitAsync(Workspace, writes, default);

    protected async Task<IReadOnlyList<string?>> StoredAsync(params ImmutableArray<RowWrite> writes) =>
        Assert.IsType<CommitResult.Committed>(await CommitAsync(writes)).ETags.ToArray();

    protected Task<Row?> ReadAsync(string key) => Store.ReadAsync(Workspace, key, default);

    protected async Task<List<Row>> RowsAsync() => await Store.RowsAsync(Workspace, Everything, default).ToListAsync();

    /// <summary>What <paramref name="refused"/> answers, having changed nothing.</summary>
    protected async Task<T> NothingChangesAsync<T>(Func<Task<T>> refused)
    {
        var before = await RowsAsync();
        var answer = await refused();
        Assert.Equal(before, await RowsAsync());
        return answer;
    }

    /// <summary>The caller has a bug, is told so, and nothing changed.</summary>
    protected Task NothingChangesAndThrowsAsync(params ImmutableArray<RowWrite> writes) =>
        NothingChangesAsync(() => Assert.ThrowsAnyAsync<ArgumentException>(() => CommitAsync(writes)));
}
