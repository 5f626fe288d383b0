using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public sealed class RowEntityTests
{
    [Theory]
    [InlineData("x")]
    [InlineData("😀")]
    [InlineData("x😀日本")]
    public void Text_is_split_between_characters_wherever_they_fall(string piece)
    {
        for (var shift = 0; shift <= piece.Length; shift++)
        {
            var text = new string('-', shift) + string.Concat(Enumerable.Repeat(piece, 95_000 / piece.Length));

            var entity = RowEntity.From("ws", new Row("row", text));

            Assert.Equal(["data", "data1", "data2", "data3"], entity.Keys.Where(IsData).Order());
            Assert.All(entity.Keys, name => Assert.InRange(entity.GetString(name).Length, 1, 30_000));
            Assert.All(entity.Keys, name => Assert.False(char.IsLowSurrogate(entity.GetString(name)[0])));
            Assert.Equal(text, RowEntity.ToRow(entity).Data);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(30_000, 1)]
    [InlineData(30_001, 2)]
    [InlineData(60_000, 2)]
    [InlineData(520_000, 18)]
    public void A_column_is_filled_before_the_next_begins(int length, int columns)
    {
        var entity = RowEntity.From("ws", new Row("row", new string('x', length)));

        Assert.Equal(columns, entity.Keys.Count(IsData));
        Assert.Equal(length, RowEntity.ToRow(entity).Data.Length);
    }

    [Fact]
    public void A_row_without_a_tag_has_no_such_column()
    {
        Assert.DoesNotContain("tag", RowEntity.From("ws", new Row("row", "{}")).Keys);
        Assert.Equal("open", RowEntity.ToRow(RowEntity.From("ws", new Row("row", "{}", "open"))).Tag);
    }

    private static bool IsData(string column) => column.StartsWith("data", StringComparison.Ordinal);
}
