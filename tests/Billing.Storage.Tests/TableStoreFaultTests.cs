using System.Collections.Immutable;
using System.Diagnostics;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public sealed class TableStoreFaultTests
{
    private static readonly ImmutableArray<RowWrite> Writes = [new(WriteKind.Insert, new Row("row", "{}"))];
    private readonly Partition _workspace = new(Table.Ledger, $"ws_0{Guid.NewGuid():N}");

    [Fact]
    public async Task A_stored_transaction_whose_answer_comes_too_late_is_unknown_within_the_time_out()
    {
        var late = Fault.AnswerLate();
        using var clients = await TestStorage.ThroughAsync(late);
        var since = Stopwatch.StartNew();

        Assert.IsType<CommitResult.Unknown>(await new TableStore(clients).CommitAsync(_workspace, Writes, default));

        Assert.InRange(since.Elapsed.TotalSeconds, 0.5, 2.5);
        Assert.Equal(1, late.Requests);
        Assert.NotNull(await StoredAsync());
    }

    [Fact]
    public async Task A_commit_that_is_cancelled_on_its_way_is_unknown()
    {
        using var cancellation = new CancellationTokenSource();
        using var clients = await TestStorage.ThroughAsync(Fault.AnswerLate(served: cancellation.Cancel));

        Assert.IsType<CommitResult.Unknown>(await new TableStore(clients).CommitAsync(_workspace, Writes, cancellation.Token));
        Assert.NotNull(await StoredAsync());
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(500, "OperationTimedOut")]
    [InlineData(503, "OperationTimedOut")]
    [InlineData(503, "")]
    [InlineData(502, "")]
    [InlineData(504, "")]
    [InlineData(408, "")]
    public async Task Answers_that_may_follow_an_execution_leave_a_commit_unknown_and_it_is_sent_once(int status, string code)
    {
        using var storage = new StubStorage((status, code));
        using var clients = storage.Connect();

        Assert.IsType<CommitResult.Unknown>(await new TableStore(clients).CommitAsync(_workspace, Writes, default));
        Assert.Equal(1, clients.Meters[0].Snapshot().Commits);
    }

    [Theory]
    [InlineData(503, "ServerBusy")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(403, "AuthenticationFailed")]
    [InlineData(401, "InvalidAuthenticationInfo")]
    [InlineData(404, "TableNotFound")]
    [InlineData(409, "TableBeingDeleted")]
    public async Task Answers_that_say_it_was_not_begun_make_storage_unavailable(int status, string code)
    {
        using var storage = new StubStorage((status, code));
        using var clients = storage.Connect();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).CommitAsync(_workspace, Writes, default));
        Assert.Equal(1, clients.Meters[0].Snapshot().Commits);
    }

    [Theory]
    [InlineData(400, "InvalidInput")]
    [InlineData(413, "RequestBodyTooLarge")]
    public async Task A_malformed_transaction_is_a_bug(int status, string code)
    {
        using var storage = new StubStorage((status, code));
        using var clients = storage.Connect();

        await Assert.ThrowsAsync<InvalidOperationException>(() => new TableStore(clients).CommitAsync(_workspace, Writes, default));
    }

    [Fact]
    public async Task A_commit_that_found_nobody_listening_was_not_sent()
    {
        using var clients = StubStorage.ConnectToNobody();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).CommitAsync(_workspace, Writes, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).ReadAsync(_workspace, "row", default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).EnsureCreatedAsync(0, default));
    }

    [Fact]
    public async Task A_read_survives_two_faults_and_not_three()
    {
        await new TableStore(await TestStorage.Clients).CommitAsync(_workspace, Writes, default);
        foreach (var fault in new Func<Fault>[] { Fault.RequestLost, Fault.AnswerLost })
        {
            using var twice = await TestStorage.ThroughAsync(fault().Only(2));
            Assert.NotNull(await new TableStore(twice).ReadAsync(_workspace, "row", default));
            Assert.Equal(3, twice.Meters[0].Snapshot().Reads);

            using var thrice = await TestStorage.ThroughAsync(fault().Only(3));
            await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(thrice).ReadAsync(_workspace, "row", default));
            Assert.Equal(3, thrice.Meters[0].Snapshot().Reads);
        }
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServerBusy")]
    [InlineData(429, "TooManyRequests")]
    public async Task A_read_survives_two_refusals_and_not_three(int status, string code)
    {
        using var twice = new StubStorage((status, code), (status, code), (404, "ResourceNotFound"));
        using var clients = twice.Connect();
        Assert.Null(await new TableStore(clients).ReadAsync(_workspace, "row", default));
        Assert.Equal(3, clients.Meters[0].Snapshot().Reads);

        using var always = new StubStorage((status, code));
        using var hopeless = always.Connect();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(hopeless).ReadAsync(_workspace, "row", default));
        Assert.Equal(3, hopeless.Meters[0].Snapshot().Reads);
    }

    [Fact]
    public async Task Lists_and_searches_survive_faults_as_reads_do()
    {
        var due = new Partition(Table.Schedule, _workspace.Key);
        await new TableStore(await TestStorage.Clients).CommitAsync(_workspace, Writes, default);
        await new TableStore(await TestStorage.Clients).CommitAsync(due, Writes, default);
        using var list = await TestStorage.ThroughAsync(Fault.AnswerLost().Only(2));
        using var find = await TestStorage.ThroughAsync(Fault.AnswerLate().Only(2));
        using var never = await TestStorage.ThroughAsync(Fault.AnswerLost());

        Assert.Single((await new TableStore(list).ListAsync(_workspace, KeyRange.StartingWith("row"), 10, default)).Rows);
        Assert.Single(await new TableStore(find).FindDueAsync(0, KeyRange.StartingWith(_workspace.Key), 10, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            new TableStore(never).FindDueAsync(0, KeyRange.StartingWith(_workspace.Key), 10, default));
    }

    [Fact]
    public async Task A_list_goes_on_past_empty_and_short_pages()
    {
        using var storage = new StubStorage(
            StubStorage.Page(_workspace.Key, [], "row1"),
            StubStorage.Page(_workspace.Key, ["row1"], "row2"),
            StubStorage.Page(_workspace.Key, [], "row2"),
            StubStorage.Page(_workspace.Key, ["row2", "row3"], null));
        using var clients = storage.Connect();

        var list = await new TableStore(clients).ListAsync(_workspace, KeyRange.StartingWith("row"), 5, default);

        Assert.Equal(["row1", "row2", "row3"], list.Rows.Select(row => row.Key));
        Assert.False(list.More);
    }

    [Fact]
    public async Task An_answer_that_ends_in_its_middle_is_storage_that_is_away()
    {
        using var storage = new StubStorage(response =>
        {
            response.ContentType = "application/xml";
            response.ContentLength64 = 200;
            response.OutputStream.Write("<?xml"u8);
            response.Abort();
        });
        using var clients = storage.Connect();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).ReadAsync(_workspace, "row", default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new MessageQueue(clients).EnsureCreatedAsync(0, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new QueueReceiver(clients).ApproximateCountAsync(new ShardQueue(0, "refunds"), default));
    }

    [Theory]
    [InlineData("<QueueMessagesList><QueueMessage>")]
    [InlineData("")]
    public async Task An_answer_in_other_words_is_storage_that_is_away(string words)
    {
        using var storage = new StubStorage(response =>
        {
            response.ContentType = "application/xml";
            response.Close(System.Text.Encoding.UTF8.GetBytes(words), willBlock: true);
        });
        using var clients = storage.Connect();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).ListAsync(_workspace, KeyRange.StartingWith("row"), 5, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new QueueReceiver(clients).ReceiveAsync(new ShardQueue(0, "refunds"), 1, TimeSpan.FromSeconds(1), default));
    }

    [Fact]
    public async Task A_read_that_is_refused_is_not_repeated()
    {
        using var storage = new StubStorage((403, "AuthenticationFailed"));
        using var clients = storage.Connect();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).ReadAsync(_workspace, "row", default));
        Assert.Equal(1, clients.Meters[0].Snapshot().Reads);
    }

    [Fact]
    public async Task A_missing_table_is_unavailable_and_not_empty()
    {
        using var clients = new StorageClients((await TestStorage.OptionsAsync()) with { TablePrefix = "missing" });
        var store = new TableStore(clients);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.ReadAsync(_workspace, "row", default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.CommitAsync(_workspace, Writes, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            store.ListAsync(_workspace, KeyRange.StartingWith("r"), 10, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.FindDueAsync(0, KeyRange.StartingWith("r"), 10, default));
    }

    [Fact]
    public async Task Tables_may_be_created_twice()
    {
        var store = new TableStore(await TestStorage.Clients);

        await store.EnsureCreatedAsync(0, default);
        await store.EnsureCreatedAsync(0, default);
    }

    private async Task<Row?> StoredAsync() => await new TableStore(await TestStorage.Clients).ReadAsync(_workspace, "row", default);
}
