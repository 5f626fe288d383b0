using Billing.Engine.Rows;
using Billing.Tests.Committing;
using Billing.Workspaces;

namespace Billing.Tests.Rows;

public sealed class LedgerPagesTests
{
    [Fact]
    public async Task Entries_are_read_from_any_one_down_to_any_other_whatever_pages_they_are_in()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await world.TogetherAsync(5, _ => writer.DoAsync(world.Admit()));
        await writer.DoAsync(world.Give(3));
        await world.TogetherAsync(7, _ => writer.DoAsync(world.Admit()));
        var all = (await Audit.ProveAsync(world)).ToList();
        Assert.InRange(world.Rows(LedgerPage.Prefix).Length, 4, all.Count - 8);

        foreach (var first in Enumerable.Range(1, all.Count))
        {
            foreach (var last in Enumerable.Range(first, all.Count - first + 1))
            {
                var read = await LedgerPages.EntriesAsync(world.Store, world.Partition, first, last, most: 2, default).ToListAsync();
                Assert.Equal(all.Skip(first - 1).Take(last - first + 1).Reverse().Select(entry => (entry.Sequence, entry.BalanceAfter, entry.Hash())), read.Select(entry => (entry.Sequence, entry.BalanceAfter, entry.Hash())));
            }
        }
    }
}
