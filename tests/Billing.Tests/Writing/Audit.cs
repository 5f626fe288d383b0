using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Generations;
using Billing.Refunds;

namespace Billing.Tests.Writing;

/// <summary>Proves a stored workspace row against row: what an operator's audit would do.</summary>
internal static class Audit
{
    public static async Task<ImmutableArray<LedgerEntry>> ProveAsync(World world)
    {
        var account = await world.AccountAsync();
        var entries = world.Rows(LedgerEntry.Prefix).Reverse().ToList();
        var (sum, head, sequence) = (Credits.Zero, "", 0L);
        var read = ImmutableArray.CreateBuilder<LedgerEntry>();
        foreach (var row in entries)
        {
            var entry = RowJson.Read<LedgerEntry>(row.Data);
            sum += entry.Amount;
            Assert.Equal(++sequence, entry.Sequence);
            Assert.Equal(row.Key, entry.RowKey);
            Assert.Equal(head, entry.Previous);
            Assert.Equal(sum, entry.BalanceAfter);
            Assert.True(sum >= Credits.Zero, "The balance was below zero.");
            Assert.True(read.Count == 0 || read[^1].CreatedAt <= entry.CreatedAt, "The ledger goes back in time.");
            head = Draft.HashOf(row.Data);
            read.Add(entry);
        }

        Assert.Equal(sequence, account.Entries);
        Assert.Equal(head, account.Head);
        Assert.Equal(sum, account.Balance);
        Assert.Equal(read.GroupBy(entry => entry.Type).OrderBy(type => type.Key).Select(type => KeyValuePair.Create(type.Key, type.LongCount())), account.EntriesByType);
        ProveGenerations(world, account);
        Assert.Equal(world.Rows(Refund.Prefix).Count(row => row.Tag == "pending"), account.PendingRefunds);
        Assert.Equal(world.Rows("evt:").Length, account.Events);
        Assert.InRange(world.AccountRow.Data.Length * 2, 1, 16 * 1024);
        return read.ToImmutable();
    }

    private static void ProveGenerations(World world, Account account)
    {
        var running = world.Rows(Admission.RunningPrefix).Select(row => RowJson.Read<Admission>(row.Data)).ToList();
        Assert.All(running, admission => Assert.Contains(admission.Generations, one => one.Runs));
        Assert.Equal(running.Where(one => !one.TestMode).Sum(one => one.Generations.Count(generation => generation.Runs)), account.Running);
        Assert.All(running, admission => Assert.True(account.NextExpiryAt <= admission.NextExpiryAt, "A generation expires before the account knows."));
        var settled = world.Rows(Admission.SettledPrefix).Select(row => RowJson.Read<Admission>(row.Data)).ToList();
        Assert.All(settled, admission => Assert.DoesNotContain(admission.Generations, one => one.Runs));
        Assert.Distinct(running.Concat(settled).Select(admission => admission.Key));
    }
}
