using System.Collections.Immutable;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>Proves a stored workspace row against row: what an operator's audit would do.</summary>
internal static class Audit
{
    public static async Task<ImmutableArray<LedgerEntry>> ProveAsync(World world)
    {
        var workspace = await world.AccountAsync();
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
            head = entry.Hash();
            read.Add(entry);
        }

        Assert.Equal(sequence, workspace.Entries);
        Assert.Equal(head, workspace.Head);
        Assert.Equal(sum, workspace.Balance);
        Assert.Equal(read.GroupBy(entry => entry.Type).OrderBy(type => type.Key).Select(type => KeyValuePair.Create(type.Key, type.LongCount())), workspace.EntriesByType);
        ProveGenerations(world, workspace);
        Assert.Equal(world.Rows(Refund.Prefix).Count(row => row.Tag == "pending"), workspace.PendingRefunds);
        Assert.Equal(world.Rows("evt:").Length, workspace.Events);
        Assert.InRange(world.WorkspaceRow.Data.Length * 2, 1, 16 * 1024);
        return read.ToImmutable();
    }

    private static void ProveGenerations(World world, Workspace workspace)
    {
        var running = world.Rows(Admission.RunningPrefix).Select(row => RowJson.Read<Admission>(row.Data)).ToList();
        Assert.All(running, admission => Assert.Contains(admission.Generations, one => one.Runs));
        Assert.Equal(running.Where(one => !one.TestMode).Sum(one => one.Generations.Count(generation => generation.Runs)), workspace.Running);
        Assert.All(running, admission => Assert.True(workspace.NextExpiryAt <= admission.NextExpiryAt, "A generation expires before the account knows."));
        var settled = world.Rows(Admission.SettledPrefix).Select(row => RowJson.Read<Admission>(row.Data)).ToList();
        Assert.All(settled, admission => Assert.DoesNotContain(admission.Generations, one => one.Runs));
        Assert.Distinct(running.Concat(settled).Select(admission => admission.Key));
    }
}
