using System.Globalization;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Generations;
using Billing.Tests.Committing;
using Billing.Workspaces;

namespace Billing.Tests.Rows;

/// <summary>What a generation takes in storage, by Azure's formula: two bytes a character of text, and something for each row and column.</summary>
public sealed class StoredSizeTests
{
    [Fact]
    public async Task A_keyed_admit_alone_is_two_rows_of_its_own_of_together_one_and_a_half_kilobytes()
    {
        var world = await World.OpenAsync("bloom", credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit(idempotencyKey: "warm"));
        var before = world.Store.RowsOf(world.Partition).Select(row => row.Key).ToHashSet();
        var wanted = World.Wanted(3) with { Description = new string('d', 100) };

        var admitted = await writer.DoAsync(world.Admit([wanted], "order-42", requester: Requester.Of("key_0123456789abcdef", "acct_0123456789abcdef")));
        var running = Own(world, before);
        await writer.DoAsync(world.Complete(admitted.Admission!.Generations[0].Id));
        var settled = Own(world, before);

        Assert.Equal([Admission.Prefix, LedgerPage.Prefix], running.Select(row => row.Key[..4]).Order());
        Assert.InRange(running.Sum(row => SizeOf(world, row)), 1_000, 1_500);
        Assert.InRange(settled.Sum(row => SizeOf(world, row)), 1_000, 1_500);
    }

    [Theory]
    [InlineData(0, 50, 40)]
    [InlineData(100, 160, 40)]
    public async Task A_thousand_in_a_batch_are_forty_rows_of_a_tenth_of_what_they_take_alone(int description, int most, int rows)
    {
        var world = await World.OpenAsync("bloom", credits: 10_000);
        var writer = world.Process();
        var before = world.Store.RowsOf(world.Partition).Select(row => row.Key).ToHashSet();
        var items = Enumerable.Range(0, 1_000).Select(number => World.Wanted(3) with { Description = description == 0 ? null : number.ToString($"d{description}", CultureInfo.InvariantCulture) });

        var admitted = await writer.DoAsync(world.Admit([.. items], "order-42") with { MostRows = Work.FewRows + rows });
        var own = Own(world, before);
        var ids = admitted.Items.Select(item => item.Generation!.Id).ToList();
        await writer.SettleAsync(World.WorkspaceId, ids.Select(id => new Complete(id, null)), _ => true);
        var settled = Own(world, before);

        Assert.Equal((rows, 1, 1), (own.Count(row => row.Key.StartsWith(Admission.Prefix, StringComparison.Ordinal)), own.Count(row => row.Key.StartsWith(LedgerPage.Prefix, StringComparison.Ordinal)), own.Count(row => row.Key.StartsWith(Operation.Prefix, StringComparison.Ordinal))));
        Assert.InRange(own.Sum(row => SizeOf(world, row)) / 1_000, 1, most);
        Assert.InRange(settled.Sum(row => SizeOf(world, row)) / 1_000, 1, most);
    }

    private static List<Row> Own(World world, HashSet<string> before) => [.. world.Store.RowsOf(world.Partition).Where(row => !before.Contains(row.Key))];

    private static int SizeOf(World world, Row row) =>
        4 + (2 * (world.Partition.Key.Length + row.Key.Length)) + ColumnOf("data", 4 + row.Data.Length) + (row.Tag is null ? 0 : ColumnOf("tag", 4 + (2 * row.Tag.Length)));

    private static int ColumnOf(string name, int value) => 8 + (2 * name.Length) + value;
}
