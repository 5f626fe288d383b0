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
        var (sum, head, sequence) = (Credits.Zero, "", 0L);
        var read = ImmutableArray.CreateBuilder<LedgerEntry>();
        foreach (var entry in world.Rows(LedgerPage.Prefix).Reverse().Select(row => RowJson.Read<LedgerPage>(row.Data)).SelectMany(page => page.Entries))
        {
            sum += entry.Amount;
            Assert.Equal(++sequence, entry.Sequence);
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
        Assert.InRange(world.WorkspaceRow.Data.Length, 1, 8 * 1024);
        return read.ToImmutable();
    }

    private static void ProveGenerations(World world, Workspace workspace)
    {
        var admissions = world.Rows(Admission.Prefix).Select(row => RowJson.Read<Admission>(row.Data)).Where(one => !one.TestMode).ToList();
        foreach (var span in workspace.RunningSpans.All)
        {
            var there = admissions.Where(one => span.Holds(one.Entry)).ToList();
            Assert.Equal(there.Sum(one => one.Generations.Count(generation => generation.Runs)), span.Running);
            Assert.True(span.ExpiresAt <= there.Min(one => one.NextExpiryAt), "A generation expires before the account knows.");
        }

        Assert.Equal(admissions.Sum(one => one.Generations.Count(generation => generation.Runs)), workspace.Running);
    }
}
