using System.Collections.Immutable;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public abstract partial class TableStoreContract
{
    [Fact]
    public async Task A_row_that_was_never_written_is_null_and_its_partition_lists_empty()
    {
        Assert.Null(await ReadAsync("account"));
        Assert.Empty(await RowsAsync());
    }

    [Theory]
    [InlineData("日本😀語", 13)]
    [InlineData("ä€\u00a0\u2028 <>&'\"\\ and a good deal of plain text", 47)]
    public async Task Text_of_400_KB_in_any_script_comes_back_as_it_was(string piece, int bytes)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 400_000 / bytes));

        await StoredAsync(Insert("row", text));

        Assert.Equal(text, (await ReadAsync("row"))!.Data);
        Assert.Equal(text, (await RowsAsync()).Single().Data);
    }

    [Fact]
    public async Task Tables_and_partitions_keep_apart()
    {
        await StoredAsync(Insert("row", "[1]"));
        Partition[] elsewhere =
        [
            Workspace with { Table = Table.Keys },
            Workspace with { Table = Table.People },
            Workspace with { Key = Workspace.Key + "x" },
        ];

        foreach (var partition in elsewhere)
        {
            Assert.Null(await Store.ReadAsync(partition, "row", default));
            Assert.IsType<CommitResult.Committed>(await Store.CommitAsync(partition, [Insert("row", "[2]")], default));
        }

        Assert.Equal("[1]", (await RowsAsync()).Single().Data);
    }

    [Fact]
    public async Task Rows_list_in_ordinal_order_whatever_order_they_came_in()
    {
        string[] keys = ["txn:10", "txn:9", "a", "B", "_", "account", "Z|1", "gen:1.0", "gen:1-0", "txn:", "0"];
        await StoredAsync([.. keys.Select(key => Insert(key))]);

        Assert.Equal(keys.Order(StringComparer.Ordinal), (await RowsAsync()).Select(row => row.Key));
    }

    [Fact]
    public async Task A_range_holds_its_first_key_and_not_its_last()
    {
        await StoredAsync(Insert("a"), Insert("b"), Insert("b:1"), Insert("c"), Insert("d"));

        Assert.Equal(["b", "b:1"], await KeysAsync(new("b", "c")));
        Assert.Equal(["b", "b:1"], await KeysAsync(KeyRange.StartingWith("b")));
        Assert.Equal(["b:1"], await KeysAsync(KeyRange.StartingWith("b:")));
        Assert.Empty(await KeysAsync(new("c", "c")));
        Assert.Empty(await KeysAsync(new("d", "a")));
        Assert.Empty(await KeysAsync(new("e", "~")));
    }

    [Theory]
    [InlineData("x:")]
    [InlineData("x|")]
    [InlineData("x.")]
    [InlineData("x-")]
    [InlineData("x_")]
    [InlineData("x9")]
    [InlineData("xZ")]
    [InlineData("xz")]
    public async Task A_prefix_finds_its_keys_and_no_neighbours(string prefix)
    {
        string[] keys = ["x", "x:", "x:a", "x|", "x|a", "x.", "x.a", "x-", "x-a", "x_", "x_a", "x9", "x9a", "xZ", "xZa", "xz", "xza", "y"];
        await StoredAsync([.. keys.Select(key => Insert(key))]);

        Assert.Equal([prefix, prefix + "a"], await KeysAsync(KeyRange.StartingWith(prefix)));
    }

    [Fact]
    public async Task Pages_hold_no_more_than_asked_and_together_every_row_once()
    {
        await StoredAsync([.. Enumerable.Range(0, 25).Select(i => Insert($"row:{i:00}"))]);

        var pages = await PagesAsync(KeyRange.StartingWith("row:"), 10, null);

        Assert.All(pages, page => Assert.InRange(page.Rows.Length, 0, 10));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"row:{i:00}"), pages.SelectMany(page => page.Rows).Select(row => row.Key));
    }

    [Fact]
    public async Task A_page_that_ends_with_the_last_row_leads_to_no_row()
    {
        await StoredAsync([.. Enumerable.Range(0, 20).Select(i => Insert($"row:{i:00}"))]);

        Assert.Equal(20, (await PagesAsync(KeyRange.StartingWith("row:"), 10, null)).Sum(page => page.Rows.Length));
        Assert.Equal((20, false), Sum(await Store.ListAsync(Workspace, KeyRange.StartingWith("row:"), 20, default)));
        Assert.Equal((19, true), Sum(await Store.ListAsync(Workspace, KeyRange.StartingWith("row:"), 19, default)));
    }

    [Fact]
    public async Task A_row_that_comes_or_goes_between_pages_moves_no_other()
    {
        await StoredAsync([.. Enumerable.Range(10, 20).Select(i => Insert($"row:{i}"))]);
        RowPage page;
        for (page = await PageAsync(null); page.Rows.IsEmpty; page = await PageAsync(page.Continuation))
        {
        }

        await StoredAsync(Insert("row:00"), Delete(page.Rows[^1].Key), Delete("row:25"), Insert("row:255"));

        var rest = new List<string>();
        while (page.Continuation is not null)
        {
            page = await PageAsync(page.Continuation);
            rest.AddRange(page.Rows.Select(row => row.Key));
        }

        Assert.Equal((await KeysAsync(KeyRange.StartingWith("row:"))).Skip(1).TakeLast(rest.Count), rest);
        Assert.Equal(("row:255", "row:26"), (rest[^5], rest[^4]));

        Task<RowPage> PageAsync(string? continuation) => Store.PageAsync(Workspace, KeyRange.StartingWith("row:"), 10, null, continuation, default);
    }

    [Fact]
    public async Task A_tag_leaves_the_other_rows_out_also_over_many_pages()
    {
        string?[] tags = ["running", "done", null, null, null, null, null];
        await StoredAsync([.. Enumerable.Range(0, 60).Select(i => Insert($"gen:{i:00}", "{}", tags[i % 7]))]);

        var pages = await PagesAsync(KeyRange.StartingWith("gen:"), 4, "running");

        Assert.All(pages, page => Assert.InRange(page.Rows.Length, 0, 4));
        var rows = pages.SelectMany(page => page.Rows).ToList();
        Assert.Equal(Enumerable.Range(0, 60).Where(i => i % 7 == 0).Select(i => $"gen:{i:00}"), rows.Select(row => row.Key));
        Assert.All(rows, row => Assert.Equal("running", row.Tag));
        Assert.Empty((await PagesAsync(KeyRange.StartingWith("gen:"), 1000, "never")).SelectMany(page => page.Rows));
    }

    [Fact]
    public async Task More_than_a_thousand_rows_come_in_pages()
    {
        foreach (var batch in Enumerable.Range(0, 1_050).Chunk(100))
        {
            await StoredAsync([.. batch.Select(i => Insert($"row:{i:0000}"))]);
        }

        var pages = await PagesAsync(KeyRange.StartingWith("row:"), 1000, null);

        Assert.All(pages, page => Assert.InRange(page.Rows.Length, 0, 1000));
        Assert.Equal(1_050, pages.SelectMany(page => page.Rows).Distinct().Count());
        Assert.Equal((1_020, true), Sum(await Store.ListAsync(Workspace, KeyRange.StartingWith("row:"), 1_020, default)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    [InlineData(-1)]
    public async Task Pages_of_no_rows_and_of_more_than_a_thousand_are_a_bug(int take) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.PageAsync(Workspace, Everything, take, null, null, default));

    [Fact]
    public async Task A_search_finds_rows_of_all_partitions_in_its_range_in_order()
    {
        var job = $"due|{Guid.NewGuid():N}|";
        foreach (var bucket in new[] { "10", "08", "09", "11" })
        {
            var partition = new Partition(Table.Schedule, job + bucket);
            await Store.CommitAsync(partition, [Insert("ws_2", bucket), Insert("ws_1", bucket, "t"), Insert("ws_3", bucket)], default);
        }

        var found = await Store.FindDueAsync(0, new(job + "08", job + "11"), 100, default);

        string[] buckets = ["08", "08", "08", "09", "09", "09", "10", "10", "10"];
        Assert.Equal(buckets, found.Select(row => row.Partition.Key[job.Length..]));
        Assert.Equal(buckets, found.Select(row => row.Row.Data.Text));
        Assert.Equal(["ws_1", "ws_2", "ws_3"], found.Take(3).Select(row => row.Row.Key));
        Assert.Equal(found[0].Row, await Store.ReadAsync(found[0].Partition, "ws_1", default));
        Assert.All(found, row => Assert.Equal(Table.Schedule, row.Partition.Table));
        Assert.Equal(found.Take(4), await Store.FindDueAsync(0, new(job + "08", job + "11"), 4, default));
        Assert.Empty(await Store.FindDueAsync(0, new(job + "12", job + "13"), 4, default));
    }

    [Fact]
    public async Task A_search_goes_on_past_a_thousand_rows()
    {
        var job = $"due|{Guid.NewGuid():N}|";
        foreach (var bucket in Enumerable.Range(10, 12))
        {
            var partition = new Partition(Table.Schedule, $"{job}{bucket}");
            await Store.CommitAsync(partition, [.. Enumerable.Range(100, 100).Select(i => Insert($"ws_{i}"))], default);
        }

        Assert.Equal(1_150, (await Store.FindDueAsync(0, KeyRange.StartingWith(job), 1_150, default)).Distinct().Count());
        Assert.Equal(1_200, (await Store.FindDueAsync(0, KeyRange.StartingWith(job), 10_000, default)).Distinct().Count());
    }

    [Fact]
    public async Task A_read_that_is_cancelled_throws() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.ReadAsync(Workspace, "row", new CancellationToken(canceled: true)));

    private static (int Rows, bool More) Sum(RowList list) => (list.Rows.Length, list.More);

    private async Task<IEnumerable<string>> KeysAsync(KeyRange range) =>
        (await Store.ListAsync(Workspace, range, 100, default)).Rows.Select(row => row.Key);

    private async Task<ImmutableArray<RowPage>> PagesAsync(KeyRange range, int take, string? tag)
    {
        var pages = ImmutableArray.Create(await Store.PageAsync(Workspace, range, take, tag, null, default));
        while (pages[^1].Continuation is { } continuation)
        {
            pages = pages.Add(await Store.PageAsync(Workspace, range, take, tag, continuation, default));
        }

        return pages;
    }
}
