using Billing.Accounts;
using Billing.Simulation.Runs;
using Billing.Writing;

namespace Billing.Simulation.Checking;

/// <summary>One commit of an account: from what it was to what it is.</summary>
internal sealed class AccountStep(World world, Account? before, Account after, RowChanges changes)
{
    private const string RenewalPrefix = "Monthly renewal";

    // What is overdue when it is decided is linked a quarter of an hour ahead, by a clock that may be fast, and stored a little later.
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(20);

    public void Prove()
    {
        changes.Prove();
        ProveLedger();
        ProveSubscription();
        ProveLinks();
        Require(after.Version == (before?.Version ?? 0) + 1, "Versions count up by one", $"{before?.Version} → {after.Version}");
        Require(after.Running == (before?.Running ?? 0) + changes.Slots, "The account counts the slots in use", $"{before?.Running} → {after.Running}, by {changes.Slots}");
        Require(after.Events == (before?.Events ?? 0) + changes.Events, "The account counts its events", $"{before?.Events} → {after.Events}, by {changes.Events}");
        Require(after.EventsHandedOver >= (before?.EventsHandedOver ?? 0) && after.EventsHandedOver <= after.Events, "Events are handed over once", $"{after.EventsHandedOver}");
        Require(
            after.PendingRefunds == (before?.PendingRefunds ?? 0) + changes.Pending,
            "The account counts the refunds that wait",
            $"{before?.PendingRefunds} → {after.PendingRefunds}, by {changes.Pending}");
    }

    private void ProveLedger()
    {
        var (sequence, head, balance) = (before?.Entries ?? 0, before?.Head ?? "", before?.Balance ?? Credits.Zero);
        foreach (var (entry, data) in changes.Entries.Values)
        {
            Require(entry.Sequence == ++sequence, "Entries are numbered without gaps", $"{entry.Sequence} where {sequence} was due");
            Require(entry.Previous == head, "Each entry names the one before it", entry.Id);
            balance += entry.Amount;
            Require(entry.BalanceAfter == balance, "balance_after is the sum up to there", $"{entry.Id} says {entry.BalanceAfter}, it is {balance}");
            Require(balance >= Credits.Zero, "The balance is never below zero", $"{balance} after {entry.Id}");
            head = Draft.HashOf(data);
        }

        Require(after.Entries == sequence && after.Head == head, "The account names its newest entry", $"{after.Entries} of {sequence}");
        Require(after.Balance == balance, "Balance = sum of the ledger = sum of the grants", $"{after.Balance}; the ledger says {balance}");
        Require(after.Debt >= Credits.Zero, "A debt is never negative", $"{after.Debt}");
        Require(after.Grants.All.All(grant => grant.Left > Credits.Zero), "No grant is below zero", $"{string.Join(", ", after.Grants.All)}");
        Require(after.Grants.All.DistinctBy(grant => grant.Id).Count() == after.Grants.Count, "Each grant stands once", $"{string.Join(", ", after.Grants.All)}");
    }

    /// <summary>What is due can be found: whatever happens from here on, the due index leads to it.</summary>
    private void ProveLinks()
    {
        var soon = world.Loop.Now + Soon;
        foreach (var (job, at) in DueLink.Needs(after with { PendingRefunds = 0, EventsHandedOver = after.Events }, world.Loop.Now))
        {
            Require(Links(job, at, at > soon ? at : soon).Any(link => world.Tables.Read(link.Partition, after.WorkspaceId) is not null), "The due index leads to whatever is due", $"{job} at {at:O}");
        }

        var pending = after.PendingRefunds > 0 || after.PendingEvents > 0;
        var before = DueLink.Until(Queues.Expirations, world.Loop.Now - TimeSpan.FromHours(2)).To;
        Require(
            !pending || world.Tables.Partitions(Table.Schedule).Any(partition =>
                string.CompareOrdinal(partition.Key, before) >= 0
                && partition.Key.StartsWith(Queues.Expirations, StringComparison.Ordinal)
                && world.Tables.Read(partition, after.WorkspaceId) is not null),
            "The due index leads to whatever is due",
            "refunds or events wait");
    }

    /// <summary>The links of a job from the hour of one instant to that of another.</summary>
    private static IEnumerable<DueLink> Links(string job, DateTimeOffset from, DateTimeOffset to)
    {
        for (var link = DueLink.At(job, from); link.Hour <= to; link = DueLink.At(job, link.EndsAt))
        {
            yield return link;
        }
    }

    private void ProveSubscription()
    {
        var renewals = changes.Entries.Values.Where(one => one.Entry.Description.StartsWith(RenewalPrefix, StringComparison.Ordinal)).Select(one => one.Entry).ToList();
        Require(
            renewals.DistinctBy(entry => (entry.CreatedAt, entry.Description)).Count() == renewals.Count,
            "One renewal per period",
            $"{string.Join(", ", renewals.Select(entry => entry.Id))} are for the same");
        if (before?.Subscription is not { } was || after.Subscription is not { } now || renewals.Count == 0)
        {
            Require(renewals.Count > 0 || before?.Subscription?.AllowanceGrant == after.Subscription?.AllowanceGrant, "An allowance has an entry", $"{after.Subscription}");
            return;
        }

        Require(
            was.AnchorAt != now.AnchorAt || now.Period > was.Period || was.Ended || BeginsAnew(was, now),
            "One renewal per period",
            $"period {now.Period} since {now.AnchorAt:O} was granted before: {was}");
        Require(
            was.AnchorAt != now.AnchorAt || was.Ended || BillingPeriod.At(now.AnchorAt, now.Period).StartsAt <= world.Loop.Now + world.MostSkew,
            "No renewal comes early",
            $"period {now.Period} since {now.AnchorAt:O} at {world.Loop.Now:O}");
    }

    /// <summary>Who leaves a free plan for a paid one begins a new subscription, be it within the millisecond in which the free one began.</summary>
    private bool BeginsAnew(Subscription was, Subscription now) => IsFree(was) && !IsFree(now);

    private bool IsFree(Subscription subscription) => world.Catalogs[after.Product].TryGetPlan(subscription.Current.Plan, out var plan) && plan.Free;

    private void Require(bool so, string invariant, string detail) => world.Require(so, invariant, () => $"{after.WorkspaceId} at version {after.Version}: {detail}");
}
