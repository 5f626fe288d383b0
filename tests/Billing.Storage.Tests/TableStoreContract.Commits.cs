using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public abstract partial class TableStoreContract
{
    [Fact]
    public async Task An_inserted_row_reads_back_with_its_data_its_tag_and_the_version_the_commit_told()
    {
        var etags = await StoredAsync(Insert("account", """{"credits":"10"}""", "open"));

        Assert.Equal(new Row("account", """{"credits":"10"}""", "open", Assert.Single(etags)), await ReadAsync("account"));
        Assert.NotNull(etags[0]);
    }

    [Fact]
    public async Task Rows_of_a_transaction_are_all_stored_and_versions_come_in_the_order_of_the_writes()
    {
        var first = await StoredAsync(Insert("a"), Insert("b"), Insert("c"), Insert("d"));

        var etags = await StoredAsync(Insert("z"), Replace("c", first[2], "[3]"), Delete("b", first[1]), Put("a", "[1]"), Put("new"));

        Assert.Equal(
            [("a", "[1]", etags[3]), ("c", "[3]", etags[1]), ("d", "{}", first[3]), ("new", "{}", etags[4]), ("z", "{}", etags[0])],
            (await RowsAsync()).Select(row => (row.Key, row.Data, row.ETag)));
        Assert.Null(etags[2]);
    }

    [Fact]
    public async Task A_replaced_row_has_a_new_version_and_keeps_nothing_of_the_old_one()
    {
        var first = await StoredAsync(Insert("row", new string('x', 100_000), "tagged"));

        var second = await StoredAsync(Replace("row", first[0], "{}"));

        Assert.NotEqual(first[0], second[0]);
        Assert.Equal(new Row("row", "{}", null, second[0]), await ReadAsync("row"));
    }

    [Fact]
    public async Task A_version_that_was_read_replaces_as_well_as_one_that_a_commit_told()
    {
        await StoredAsync(Insert("row"));
        var point = await StoredAsync(Replace("row", (await ReadAsync("row"))!.ETag));
        var listed = await StoredAsync(Replace("row", (await RowsAsync()).Single().ETag));

        Assert.NotEqual(point[0], listed[0]);
    }

    [Fact]
    public async Task Inserting_a_row_that_exists_is_a_duplicate_even_of_the_same_content()
    {
        await StoredAsync(Insert("op:1"), Insert("op:2"));

        var result = await NothingChangesAsync(() => CommitAsync(Insert("op:3"), Insert("op:2"), Put("account")));

        Assert.Equal(new CommitResult.Duplicate("op:2"), result);
    }

    [Fact]
    public async Task Replacing_a_row_at_an_old_version_is_stale()
    {
        var etags = await StoredAsync(Insert("account"));
        await StoredAsync(Replace("account", etags[0], "[1]"));

        var result = await NothingChangesAsync(() => CommitAsync(Insert("op:1"), Put("link"), Replace("account", etags[0], "[2]")));

        Assert.Equal(new CommitResult.Stale("account"), result);
    }

    [Fact]
    public async Task Replacing_a_row_that_is_gone_is_stale()
    {
        var etags = await StoredAsync(Insert("account"), Insert("other"));
        await StoredAsync(Delete("account"));

        Assert.Equal(
            new CommitResult.Stale("account"),
            await NothingChangesAsync(() => CommitAsync(Put("other", "[1]"), Replace("account", etags[0]))));
    }

    [Fact]
    public async Task A_row_that_was_deleted_and_inserted_again_is_not_at_its_old_version()
    {
        var etags = await StoredAsync(Insert("account"));
        await StoredAsync(Delete("account", etags[0]));
        await StoredAsync(Insert("account"));

        Assert.Equal(new CommitResult.Stale("account"), await NothingChangesAsync(() => CommitAsync(Replace("account", etags[0]))));
    }

    [Fact]
    public async Task Deleting_a_row_that_is_gone_is_stale()
    {
        await StoredAsync(Insert("other"));

        Assert.Equal(new CommitResult.Stale("row"), await NothingChangesAsync(() => CommitAsync(Insert("op:1"), Delete("row"))));
    }

    [Fact]
    public async Task Deleting_a_row_at_an_old_version_is_stale_and_at_no_version_is_not()
    {
        var etags = await StoredAsync(Insert("row"));
        await StoredAsync(Replace("row", etags[0], "[1]"));

        Assert.Equal(new CommitResult.Stale("row"), await NothingChangesAsync(() => CommitAsync(Delete("row", etags[0]))));
        await StoredAsync(Delete("row"));
        Assert.Null(await ReadAsync("row"));
    }

    [Fact]
    public async Task Of_several_obstacles_the_first_write_is_named()
    {
        var etags = await StoredAsync(Insert("a"), Insert("b"), Insert("c"));
        await StoredAsync(Put("b"), Put("c"));

        Assert.Equal(
            new CommitResult.Stale("c"),
            await NothingChangesAsync(() => CommitAsync(Insert("x"), Replace("c", etags[2]), Insert("a"), Replace("b", etags[1]))));
        Assert.Equal(
            new CommitResult.Duplicate("a"),
            await NothingChangesAsync(() => CommitAsync(Insert("x"), Insert("a"), Replace("c", etags[2]))));
    }

    [Fact]
    public async Task Of_many_writers_at_the_same_version_exactly_one_wins()
    {
        var etags = await StoredAsync(Insert("account", "[0]"));

        var results = await Task.WhenAll(Enumerable.Range(1, 20).Select(writer =>
            Task.Run(() => CommitAsync(Insert($"op:{writer}"), Replace("account", etags[0], $"[{writer}]")))));

        Assert.Single(results.OfType<CommitResult.Committed>());
        Assert.Equal(19, results.Count(result => result is CommitResult.Stale { RowKey: "account" }));
        Assert.Equal(2, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task A_hundred_rows_are_one_transaction()
    {
        var etags = await StoredAsync([.. Enumerable.Range(0, 100).Select(i => Insert($"row:{i:000}", $"[{i}]"))]);

        Assert.Equal(100, (await RowsAsync()).Count);
        Assert.Equal((await RowsAsync()).Select(row => row.ETag), etags);
    }

    [Fact]
    public async Task No_rows_and_more_than_a_hundred_are_a_bug()
    {
        await NothingChangesAndThrowsAsync();
        await NothingChangesAndThrowsAsync([.. Enumerable.Range(0, 101).Select(i => Insert($"row:{i}"))]);
        await NothingChangesAsync(() => Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CommitAsync(Workspace, default, default)));
    }

    [Fact]
    public async Task A_row_twice_in_one_transaction_is_a_bug() =>
        await NothingChangesAndThrowsAsync(Insert("op:1"), Put("row"), Delete("row"));

    [Fact]
    public async Task More_than_4_MiB_in_one_transaction_are_a_bug_and_nearly_as_much_is_not()
    {
        var large = new string('x', 390_000);

        await NothingChangesAndThrowsAsync([.. Enumerable.Range(0, 9).Select(i => Insert($"row:{i}", large))]);
        await StoredAsync([.. Enumerable.Range(0, 8).Select(i => Insert($"row:{i}", large))]);
        Assert.Equal(large, (await ReadAsync("row:7"))!.Data);
    }

    [Fact]
    public async Task More_than_1_MiB_in_one_row_are_a_bug_and_nearly_as_much_is_not()
    {
        await NothingChangesAndThrowsAsync(Insert("row", new string('x', 786_433)));
        await StoredAsync(Insert("row", new string('x', 780_000)));
        Assert.Equal(780_000, (await ReadAsync("row"))!.Data.Length);
    }

    [Fact]
    public async Task Replacing_at_no_version_is_a_bug() => await NothingChangesAndThrowsAsync(Insert("op:1"), Replace("row", null));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a'b")]
    [InlineData("ä")]
    [InlineData("a#b")]
    public async Task Keys_that_storage_or_a_filter_could_take_amiss_are_a_bug(string key)
    {
        await NothingChangesAndThrowsAsync(Insert(key));
        await NothingChangesAndThrowsAsync(Insert("row", "{}", key));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ReadAsync(key));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CommitAsync(new(Table.Ledger, key), [Insert("row")], default));
    }

    [Fact]
    public async Task A_key_may_have_512_characters_and_all_that_are_allowed()
    {
        var key = "AZaz09:_|.-".PadRight(512, 'k');
        await StoredAsync(Insert(key, "[1]"));
        Assert.Equal("[1]", (await ReadAsync(key))!.Data);

        await NothingChangesAndThrowsAsync(Insert(key + "k"));
    }
}
