using Billing.Audits;
using Billing.Tests.Workspaces;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Audits;

public sealed class LedgerReplayTests
{
    [Fact]
    public void A_ledger_that_was_not_touched_has_no_differences()
    {
        var (workspace, entries) = Used();
        var replay = Replay(workspace.Account, entries);
        Assert.Empty(replay.Differences);
        Assert.Equal((3L, Amount(12)), (replay.Entries, replay.Sum));
    }

    [Fact]
    public void What_is_missing_in_the_middle_is_named_with_all_that_follows_from_it()
    {
        var (workspace, entries) = Used();
        Assert.Equal(
            [
                "Entry 2 is missing; 1 follows.",
                $"Entry 1 ({entries[2].IdIn(Id)}) is not as it was written, or what follows it is not.",
                $"After entry 1 ({entries[2].IdIn(Id)}) 10 credits were left; what follows says 15.",
                "The entries add up to 7 credits; the account has 12.",
                "The account counts 2 entries of type Grant; there are 1.",
            ],
            Replay(workspace.Account, [entries[0], entries[2]]).Differences);
    }

    [Fact]
    public void What_is_missing_at_the_beginning_is_counted()
    {
        var (workspace, entries) = Used();
        Assert.Equal(
            ["Entries 1 to 2 are missing.", "The entries add up to -3 credits; the account has 12.", "The account counts 2 entries of type Grant; there are 0."],
            Replay(workspace.Account, [entries[0]]).Differences);
    }

    [Fact]
    public void A_first_entry_with_something_before_it_does_not_begin_the_ledger()
    {
        var workspace = Of("bluma");
        var chained = workspace.LastEntry with { Previous = "0123" };
        Assert.Equal(["The first entry does not begin the ledger."], Replay(workspace.Account with { Head = chained.Hash() }, [chained]).Differences);

        var smaller = workspace.LastEntry with { Amount = Amount(4) };
        Assert.Equal(
            ["The first entry does not begin the ledger.", "The entries add up to 4 credits; the account has 10."],
            Replay(workspace.Account with { Head = smaller.Hash() }, [smaller]).Differences);
    }

    /// <summary>Newest first: 10 for the free plan, 5 given, 3 spent.</summary>
    private static (LiveWorkspace Workspace, LedgerEntry[] Entries) Used()
    {
        var workspace = Of("bluma").Give(5);
        workspace.Admit(3);
        return (workspace, [.. workspace.Entries.Reverse()]);
    }

    private static LedgerReplay Replay(Workspace account, LedgerEntry[] newestFirst)
    {
        var replay = new LedgerReplay(account);
        Array.ForEach(newestFirst, replay.Take);
        replay.End();
        return replay;
    }
}
