using System.Buffers.Binary;

namespace Billing.Tests;

public sealed class ShardMapTests
{
    private static readonly Random Chance = new(1);

    [Fact]
    public void A_new_workspace_names_its_shard_first_and_is_else_as_random_as_before()
    {
        var map = new ShardMap([.. Enumerable.Repeat(1, ShardMap.Most)]);
        var made = New(map, 10_000);
        Assert.All(made, id => Assert.True(Ids.IsWellFormed("ws", id) && map.Knows(id)));
        Assert.Equal(ShardMap.Most, made.Select(ShardMap.ShardOf).Distinct().Count());
        Assert.Equal(made.Count, made.Select(id => id[4..]).Distinct().Count());
    }

    [Fact]
    public void With_one_shard_every_id_is_of_the_first() => Assert.All(New(ShardMap.One, 1_000), id => Assert.StartsWith("ws_0", id, StringComparison.Ordinal));

    [Fact]
    public void New_ones_are_spread_by_weight_and_a_shard_of_weight_0_gets_none()
    {
        var counts = New(new ShardMap([3, 0, 1, ShardMap.HighestWeight - 4, 0]), 100_000).CountBy(ShardMap.ShardOf).ToDictionary();
        Assert.Equal([0, 2, 3], counts.Keys.Order());
        Assert.InRange(counts[0], 230, 370); // 300
        Assert.InRange(counts[2], 65, 140); // 100
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(0x7FFF_FFFFu, 0)]
    [InlineData(0x8000_0000u, 2)]
    [InlineData(0xFFFF_FFFFu, 2)]
    public void Chance_is_divided_at_the_weights(uint chance, int shard)
    {
        var random = new byte[ShardMap.BytesOfId];
        BinaryPrimitives.WriteUInt32BigEndian(random.AsSpan(10), chance);
        Assert.Equal(shard, ShardMap.ShardOf(new ShardMap([1, 0, 1]).NewWorkspaceId(random)));
    }

    [Fact]
    public void Another_shard_moves_nobody()
    {
        var before = New(new ShardMap([1, 1]), 1_000);
        var after = new ShardMap([1, 1, 1]);
        Assert.All(before, id => Assert.True(after.Knows(id) && ShardMap.ShardOf(id) == (id[3] == '0' ? 0 : 1)));
    }

    [Theory]
    [InlineData("ws_0123456789abcdef", 0)]
    [InlineData("ws_g123456789abcdef", 16)]
    [InlineData("ws_z", 31)]
    [InlineData("ws_u123456789abcdef", -1)] // not a digit of base 32
    [InlineData("ws_", -1)]
    [InlineData("", -1)]
    public void An_id_tells_its_shard(string id, int shard)
    {
        Assert.Equal(shard, ShardMap.ShardOf(id));
        Assert.Equal(shard == 0, ShardMap.One.Knows(id));
    }

    private static List<string> New(ShardMap map, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var bytes = new byte[ShardMap.BytesOfId];
        Chance.NextBytes(bytes);
        return map.NewWorkspaceId(bytes);
    })];
}
