using System.Net;
using System.Text;
using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests.ReportedElsewhere;

/// <summary>Storage as Azure behaves, and what stands between.</summary>
public sealed class AzureTests
{
    private readonly Partition _workspace = new(Table.Ledger, $"ws_0{Guid.NewGuid():N}");

    // A gateway in between knew no such address; its 404 was taken for "there is no such row", and customers for strangers.
    [Theory]
    [InlineData("text/html", "<html><body>404 Not Found</body></html>")]
    [InlineData("application/json", """{"odata.error":{"code":"AccountNotFound","message":{"lang":"en-US","value":"It is so."}}}""")]
    [InlineData("application/json", "{}")]
    [InlineData("text/plain", "")]
    public async Task A_404_that_is_not_storages_own_word_for_no_row_is_storage_that_is_away(string type, string body)
    {
        using var storage = new StubStorage(response => Answer(response, 404, type, body));
        using var clients = storage.Connect();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).ReadAsync(_workspace, "row", default));
    }

    [Fact]
    public async Task Storages_own_word_for_no_row_is_no_row()
    {
        using var storage = new StubStorage((404, "ResourceNotFound"));
        using var clients = storage.Connect();
        Assert.Null(await new TableStore(clients).ReadAsync(_workspace, "row", default));
    }

    // A commit that was answered in the same way was taken for one whose rows had changed, and was decided anew while the first might still arrive.
    [Theory]
    [InlineData(404, "text/html", "<html><body>404 Not Found</body></html>")]
    [InlineData(409, "text/html", "<html><body>Conflict</body></html>")]
    [InlineData(403, "text/html", "<html><body>Blocked by policy</body></html>")]
    public async Task A_refusal_that_is_not_storages_own_tells_nothing_of_rows(int status, string type, string body)
    {
        using var storage = new StubStorage(response => Answer(response, status, type, body));
        using var clients = storage.Connect();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).CommitAsync(_workspace, [new RowWrite(WriteKind.Replace, new Row("row", "{}", null, "W/\"1\""))], default));
    }

    // The table of before was still being deleted; creating it anew was said to have succeeded, and every request failed after.
    [Theory]
    [InlineData(409, "TableBeingDeleted")]
    [InlineData(503, "ServerBusy")]
    [InlineData(403, "AuthenticationFailed")]
    public async Task Tables_that_could_not_be_made_are_not_taken_for_made(int status, string code)
    {
        using var storage = new StubStorage((status, code));
        using var clients = storage.Connect();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new TableStore(clients).EnsureCreatedAsync(0, default));
    }

    // The same of queues: a queue that is deleted keeps its name for half a minute.
    [Theory]
    [InlineData(409, "QueueBeingDeleted")]
    [InlineData(403, "AuthenticationFailed")]
    public async Task Queues_that_could_not_be_made_are_not_taken_for_made(int status, string code)
    {
        using var storage = new StubStorage(response => RefuseQueue(response, status, code));
        using var clients = storage.Connect();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new MessageQueue(clients).EnsureCreatedAsync(0, default));
    }

    // A page ended with a partition's name and no row's, and the list ended there.
    [Fact]
    public async Task A_continuation_may_name_a_partition_alone()
    {
        using var storage = new StubStorage(
            response =>
            {
                response.Headers["x-ms-continuation-NextPartitionKey"] = "1!8!d3MwMDE-";
                StubStorage.Page(_workspace.Key, ["row1"], null)(response);
            },
            StubStorage.Page(_workspace.Key, ["row2"], null));
        using var clients = storage.Connect();
        Assert.Equal(["row1", "row2"], (await new TableStore(clients).ListAsync(_workspace, KeyRange.StartingWith("row"), 5, default)).Rows.Select(row => row.Key));
    }

    // As many rows as were asked for, and a continuation: "there are more" was said of what ended just there, and the page after was empty.
    [Fact]
    public async Task A_full_page_with_a_continuation_to_nothing_is_the_end()
    {
        using var storage = new StubStorage(StubStorage.Page(_workspace.Key, ["row1", "row2"], "row3"), StubStorage.Page(_workspace.Key, [], null));
        using var clients = storage.Connect();
        var list = await new TableStore(clients).ListAsync(_workspace, KeyRange.StartingWith("row"), 2, default);
        Assert.Equal((2, false), (list.Rows.Length, list.More));
    }

    // A thousand empty pages came before the first row of a busy table, and the search gave up, or went on for ever.
    [Fact]
    public async Task Hundreds_of_empty_pages_are_gone_through()
    {
        var pages = Enumerable.Range(0, 400).Select(i => StubStorage.Page(_workspace.Key, [], $"row{i:000}")).Append(StubStorage.Page(_workspace.Key, ["row400"], null));
        using var storage = new StubStorage([.. pages]);
        using var clients = storage.Connect();
        Assert.Equal("row400", Assert.Single(await new TableStore(clients).FindDueAsync(0, KeyRange.StartingWith(_workspace.Key), 5, default)).Row.Key);
    }

    // The handler took longer than the message was hidden for; deleting it failed, and the failure counted as the work's own.
    [Theory]
    [InlineData(404, "MessageNotFound")]
    [InlineData(400, "PopReceiptMismatch")]
    public async Task A_message_that_is_somebody_elses_by_now_is_no_failure(int status, string code)
    {
        using var storage = new StubStorage(response => RefuseQueue(response, status, code));
        using var clients = storage.Connect();
        var message = new ReceivedMessage("1", "receipt", "ws_1", 1, DateTimeOffset.UtcNow, IsText: true);
        Assert.False(await new QueueReceiver(clients).DeleteAsync(new ShardQueue(0, Queues.Refunds), message, default));
        Assert.Null(await new QueueReceiver(clients).ExtendAsync(new ShardQueue(0, Queues.Refunds), message, TimeSpan.FromSeconds(30), default));
        await new MessageQueue(clients).RevealAsync(new QueuedMessage(new(0, Queues.Refunds), "ws_1", "1", "receipt"), default);
    }

    // "Not found" of a queue that was gone was taken for "not found" of a message, and everything that was sent vanished in silence.
    [Fact]
    public async Task A_queue_that_is_gone_is_not_taken_for_a_message_that_is()
    {
        using var storage = new StubStorage(response => RefuseQueue(response, 404, "QueueNotFound"));
        using var clients = storage.Connect();
        var message = new ReceivedMessage("1", "receipt", "ws_1", 1, DateTimeOffset.UtcNow, IsText: true);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new QueueReceiver(clients).DeleteAsync(new ShardQueue(0, Queues.Refunds), message, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new QueueReceiver(clients).ExtendAsync(new ShardQueue(0, Queues.Refunds), message, TimeSpan.FromSeconds(30), default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new MessageQueue(clients).SendAsync(new(0, Queues.Refunds), "ws_1", TimeSpan.Zero, default));
    }

    // A text of just 64 KiB in two-byte characters, or one that was cut within an emoji, could not be stored or came back broken.
    [Theory]
    [InlineData(29_999, "😀")]
    [InlineData(30_000, "😀")]
    [InlineData(59_999, "😀")]
    [InlineData(32_768, "é")]
    [InlineData(65_536, "語")]
    [InlineData(0, "")]
    public async Task A_text_comes_back_as_it_was_wherever_it_is_cut(int length, string end)
    {
        var data = new string('a', length) + end + new string('z', 7);
        var store = new TableStore(await TestStorage.Clients);
        Assert.IsType<CommitResult.Committed>(await store.CommitAsync(_workspace, [new RowWrite(WriteKind.Insert, new Row("row", data))], default));
        Assert.Equal(data, (await store.ReadAsync(_workspace, "row", default))!.Data);

        // What was long once leaves nothing behind when it is short.
        Assert.IsType<CommitResult.Committed>(await store.CommitAsync(_workspace, [new RowWrite(WriteKind.Put, new Row("row", "{}"))], default));
        Assert.Equal("{}", (await store.ReadAsync(_workspace, "row", default))!.Data);
    }

    private static void Answer(HttpListenerResponse response, int status, string type, string body)
    {
        (response.StatusCode, response.ContentType) = (status, type);
        response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
    }

    private static void RefuseQueue(HttpListenerResponse response, int status, string code)
    {
        response.Headers["x-ms-error-code"] = code;
        Answer(response, status, "application/xml", $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>It is so.</Message></Error>");
    }
}
