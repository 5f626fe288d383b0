using System.Collections.Immutable;
using System.Net;
using System.Text;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

/// <summary>What storage, or whoever answers for it, may say of a transaction, and what is made of it.</summary>
public sealed class TransactionAnswerTests
{
    private const string Stored = "HTTP/1.1 204 No Content\r\nX-Content-Type-Options: nosniff\r\nDataServiceVersion: 3.0;\r\nETag: W/\"datetime'1'\"\r\n\r\n";
    private readonly Partition _workspace = new(Table.Ledger, "ws_01");

    [Fact]
    public async Task Versions_are_those_of_the_parts_in_their_order()
    {
        var third = Stored.Replace("'1'", "'2'", StringComparison.Ordinal).Replace("ETag", "etag", StringComparison.Ordinal);

        var etags = Assert.IsType<CommitResult.Committed>(await AnsweredAsync(202, Parts(Stored, "HTTP/1.1 204 No Content\r\n\r\n", third))).ETags;

        Assert.Equal("W/\"datetime'1'\"||W/\"datetime'2'\"", string.Join('|', etags));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 204 No Content\r\n")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 abc")]
    [InlineData("{}")]
    public async Task Half_an_answer_does_not_say_what_became_of_it(string rest)
    {
        Assert.IsType<CommitResult.Unknown>(await AnsweredAsync(202, Parts(Stored, rest)));
        Assert.IsType<CommitResult.Unknown>(await AnsweredAsync(202, rest));
    }

    [Fact]
    public async Task More_parts_than_writes_are_no_answer_to_this_transaction() =>
        Assert.IsType<CommitResult.Unknown>(await AnsweredAsync(202, Parts(Stored, Stored, Stored, Stored)));

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(204)]
    public async Task An_answer_that_storage_never_gives_says_nothing(int status) => Assert.IsType<CommitResult.Unknown>(await AnsweredAsync(status, status == 204 ? "" : "<html>Sign in</html>"));

    [Theory]
    [InlineData("2:The specified entity already exists.\\nRequestId:1", "c")]
    [InlineData("The specified entity already exists.", "a")]
    [InlineData("9:The specified entity already exists.", "a")]
    [InlineData("-1:The specified entity already exists.", "a")]
    public async Task The_write_that_failed_is_named_by_its_place(string message, string row) => Assert.Equal(
        new CommitResult.Duplicate(row), await AnsweredAsync(202, Parts(Refused(409, "EntityAlreadyExists", message))));

    [Fact]
    public async Task A_refusal_is_told_by_its_own_status_and_code()
    {
        Assert.Equal(new CommitResult.Stale("b"), await AnsweredAsync(202, Parts(Refused(412, "UpdateConditionNotSatisfied", "1:It is so."))));
        Assert.Equal(new CommitResult.Stale("b"), await AnsweredAsync(202, Parts(Refused(404, "ResourceNotFound", "1:It is so."))));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => AnsweredAsync(202, Parts(Refused(404, "TableNotFound", "0:It is so."))));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => AnsweredAsync(202, Parts(Refused(503, "ServerBusy", "0:It is so."))));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => AnsweredAsync(202, Parts(Refused(429, "TooManyRequests", "0:It is so."))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => AnsweredAsync(202, Parts(Refused(400, "InvalidInput", "0:It is so."))));
        Assert.IsType<CommitResult.Unknown>(await AnsweredAsync(202, Parts(Refused(500, "InternalError", "0:It is so."))));
    }

    [Theory]
    [InlineData("""{"odata.error":7}""")]
    [InlineData("""{"odata.error":{"code":7,"message":7}}""")]
    [InlineData("""{"odata.error":{"message":{"value":7}}}""")]
    [InlineData("{\"odata.error\":{\"co")]
    [InlineData("[1]")]
    public async Task A_refusal_in_other_words_still_has_its_status(string json) =>
        Assert.Equal(new CommitResult.Stale("b"), await AnsweredAsync(202, Parts($"HTTP/1.1 412 Precondition Failed\r\n\r\n{json}")));

    [Fact]
    public async Task An_answer_of_100_rows_is_read_however_long_it_is()
    {
        ImmutableArray<RowWrite> writes = [.. Enumerable.Range(0, 100).Select(i => new RowWrite(WriteKind.Put, new Row($"row:{i}", new string('x', 1_000))))];
        using var storage = Stub(202, Parts([.. Enumerable.Repeat(Stored, 100)]), chunked: true);
        using var clients = storage.Connect();

        Assert.Equal(100, Assert.IsType<CommitResult.Committed>(await new TableStore(clients).CommitAsync(_workspace, writes, default)).ETags.Length);
    }

    private static string Refused(int status, string code, string message) =>
        $"HTTP/1.1 {status} No\r\nContent-Type: application/json\r\n\r\n{{\"odata.error\":{{\"code\":\"{code}\",\"message\":{{\"lang\":\"en-US\",\"value\":\"{message}\"}}}}}}\r\n";

    private static string Parts(params string[] parts) =>
        string.Concat(parts.Select(part => $"--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n{part}\r\n")) + "--changesetresponse_1--\r\n";

    private static StubStorage Stub(int status, string body, bool chunked = false) => new((Action<HttpListenerResponse>)(response =>
    {
        response.StatusCode = status;
        response.SendChunked = chunked;
        response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
    }));

    private async Task<CommitResult> AnsweredAsync(int status, string body)
    {
        ImmutableArray<RowWrite> writes =
            [new(WriteKind.Insert, new Row("a", "{}")), new(WriteKind.Delete, new Row("b", "")), new(WriteKind.Insert, new Row("c", "{}"))];
        using var storage = Stub(status, body);
        using var clients = storage.Connect();
        return await new TableStore(clients).CommitAsync(_workspace, writes, default);
    }
}
