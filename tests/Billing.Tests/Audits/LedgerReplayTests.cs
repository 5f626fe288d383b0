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
                "Grant 2 was never opened.",
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
            [
                $"Entry 1 ({smaller.IdIn(Id)}) is of 4 credits; its grants moved by 10.",
                "The first entry does not begin the ledger.",
                "The entries add up to 4 credits; the account has 10.",
            ],
            Replay(workspace.Account with { Head = smaller.Hash() }, [smaller]).Differences);
    }

    [Fact]
    public void A_grant_is_followed_back_to_the_entry_that_opened_it()
    {
        var workspace = Of("bluma");
        var topUp = workspace.Buy(20, "pay_1", cents: 999);
        workspace.Admit(25);
        Accepted(workspace.TryAdjust(-2));
        workspace.Reverse(topUp.Id, "re_1", 7);
        workspace.Reinstate(topUp.Id, "re_1");
        var (account, entries) = (workspace.Account, workspace.Entries.Reverse().ToArray());
        Assert.Empty(Replay(account, entries).Differences);

        // Whoever edits the account alone, be it so that the balance stays, is found: the entries know each grant.
        var grant = Assert.Single(account.Grants.All);
        Assert.Equal(new Basis(999, 20_000, "USD"), grant.Basis);
        var cheaper = Replay(account with { Grants = BurnDown.Of([grant with { Basis = null }]) }, entries).Differences;
        Assert.Contains(cheaper, difference => difference.StartsWith($"A draw of grant {grant.Id} is of ", StringComparison.Ordinal));
        var forever = Replay(account with { Grants = BurnDown.Of([grant with { Kind = GrantKind.Bonus }]) }, entries).Differences;
        Assert.Contains(forever, difference => difference.StartsWith($"A draw of grant {grant.Id} is of ", StringComparison.Ordinal));
        Assert.Equal(
            ["Grant 1 would have begun with -10 credits.", "Grant 1 would have held -10 credits.", $"Grant {grant.Id} would have begun with 10 credits."],
            Replay(account, Moved(entries, from: 1, to: topUp.GrantId)).Differences.Where(one => one.StartsWith("Grant ", StringComparison.Ordinal)).Order());
    }

    /// <summary>The charge drawn from another grant than it was.</summary>
    private static LedgerEntry[] Moved(LedgerEntry[] entries, long from, long to) =>
        [.. entries.Select(entry => entry.Type == EntryType.Deduction
            ? entry with { Draws = [.. entry.Draws!.Value.Select(draw => draw.GrantId == from ? draw with { GrantId = to } : draw)] }
            : entry)];

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
