using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public sealed class RowEntityTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(65_535, 1)]
    [InlineData(65_536, 2)]
    [InlineData(131_070, 2)]
    [InlineData(780_000, 12)]
    public void A_column_is_filled_before_the_next_begins_and_both_ways_of_reading_put_them_together(int length, int columns)
    {
        var data = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + i % 26)));
        using var json = Written(new Row("row", data));

        using var parsed = JsonDocument.Parse(json.Written);
        var found = parsed.RootElement.EnumerateObject().Where(one => one.Name.StartsWith("data", StringComparison.Ordinal) && !one.Name.Contains('@', StringComparison.Ordinal)).ToList();
        Assert.Equal(columns, found.Count);
        Assert.All(found, column => Assert.InRange(column.Value.GetBytesFromBase64().Length, 0, 64 * 1024));
        Assert.Equal(new Row("row", data, null, "1"), EntityJson.Read(json.Written.Span, "1"));
        var entity = new TableEntity("ws", "row");
        found.ForEach(column => entity[column.Name] = column.Value.GetBytesFromBase64());
        Assert.Equal(data, RowEntity.ToRow(entity).Data);
    }

    [Fact]
    public void A_row_without_a_tag_has_no_such_column()
    {
        using var json = Written(new Row("row", "{}"));
        using var tagged = Written(new Row("row", "{}", "open"));

        Assert.DoesNotContain("tag", Encoding.UTF8.GetString(json.Written.Span), StringComparison.Ordinal);
        Assert.Equal("open", EntityJson.Read(tagged.Written.Span, "1").Tag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"RowKey":"row"}""")]
    [InlineData("""{"data":"e30="}""")]
    [InlineData("""{"RowKey":"row","data1":"e30="}""")]
    [InlineData("""{"RowKey":"row","data999999999":"e30="}""")]
    [InlineData("""{"RowKey":"row","data":"e30="}{""")]
    [InlineData("""{"RowKey":"row","data":"e3""")]
    [InlineData("""{"RowKey":"row","data":"?"}""")]
    [InlineData("""{"RowKey":1,"data":"e30="}""")]
    public void What_is_no_row_is_a_fault_that_storage_answers_for(string json) =>
        Assert.True(StorageFaults.Is(Assert.ThrowsAny<Exception>(() => EntityJson.Read(Encoding.UTF8.GetBytes(json), "1"))));

    [Fact]
    public void Half_a_character_cannot_be_stored() => Assert.ThrowsAny<ArgumentException>(() => new Row("row", "\ud83d"));

    [Fact]
    public void Columns_may_come_in_any_order_among_others() => Assert.Equal(
        new Row("row", "abcdef", null, "1"),
        EntityJson.Read("""{"data1":"ZGVm","odata.metadata":"x","RowKey":"row","Timestamp":"2025-11-01T00:00:00Z","other":{"a":[1]},"data":"YWJj"}"""u8, "1"));

    private static PooledBytes Written(Row row)
    {
        var bytes = new PooledBytes(16);
        EntityJson.Write(bytes, "ws", row);
        return bytes;
    }
}
