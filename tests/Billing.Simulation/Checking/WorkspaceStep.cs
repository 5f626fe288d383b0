using Billing.Catalogs;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Generations;
using Billing.Simulation.Runs;
using Billing.Workspaces;

namespace Billing.Simulation.Checking;

/// <summary>One commit of an account: from what it was to what it is.</summary>
internal sealed class WorkspaceStep(World world, Workspace? before, Workspace after, RowChanges changes)
{
    private const string RenewalPrefix = "Monthly renewal";
    private const string StartPrefix = "Plan started";
    private const string UpgradePrefix = "Upgrade";

    // What is overdue when it is decided is linked a quarter of an hour ahead, by a clock that may be fast, and stored a little later.
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(20);

    private Catalog Catalog => world.Catalogs[after.Product];

    public void Prove()
    {
        changes.Prove();
        ProveLedger();
        ProveLinks();

        // The seller's feed is on no plan.
        if (after.Type != WorkspaceType.Feed)
        {
            ProveSubscription();
        }

        if (world.Rolls && after.Type != WorkspaceType.Feed)
        {
            ProveReleases();
        }

        Require(after.Version == (before?.Version ?? 0) + 1, "Versions count up by one", $"{before?.Version} → {after.Version}");
        Require(after.Running == (before?.Running ?? 0) + changes.Slots, "The account counts the slots in use", $"{before?.Running} → {after.Running}, by {changes.Slots}");
        Require(
            changes.Events.SequenceEqual(Enumerable.Range(1, changes.Events.Count).Select(number => (before?.Events ?? 0) + number)) && after.Events == (before?.Events ?? 0) + changes.Events.Count,
            "Events are numbered without gaps",
            $"{before?.Events} → {after.Events}, by {string.Join(' ', changes.Events)}");
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
            Require(entry.Previous == head, "Each entry names the one before it", entry.IdIn(after.WorkspaceId));
            balance += entry.Amount;
            Require(entry.BalanceAfter == balance, "balance_after is the sum up to there", $"{entry.IdIn(after.WorkspaceId)} says {entry.BalanceAfter}, it is {balance}");
            Require(balance >= Credits.Zero, "The balance is never below zero", $"{balance} after {entry.IdIn(after.WorkspaceId)}");
            Require(entry.Type != EntryType.Overage || balance == Credits.Zero, "Overage takes what is left first", $"{balance} after {entry.IdIn(after.WorkspaceId)}");
            Require(entry.Type != EntryType.RenewalExpiry || MayEndAt(entry.CreatedAt), "Credits end when they expire, not before", $"{entry.IdIn(after.WorkspaceId)} at {entry.CreatedAt:O}");
            head = entry.Hash();
        }

        Require(after.Entries == sequence && after.Head == head, "The account names its newest entry", $"{after.Entries} of {sequence}");
        Require(after.Balance == balance, "Balance = sum of the ledger = sum of the grants", $"{after.Balance}; the ledger says {balance}");
        Require(after.Debt >= Credits.Zero, "A debt is never negative", $"{after.Debt}");
        Require(after.Debt == Credits.Zero || balance == Credits.Zero, "While there is debt nothing is free", $"{after.Debt} owed, {balance} left");
        Require(after.Grants.All.All(grant => grant.Left > Credits.Zero), "No grant is below zero", $"{string.Join(", ", after.Grants.All)}");
        Require(after.Grants.All.DistinctBy(grant => grant.Id).Count() == after.Grants.Count, "Each grant stands once", $"{string.Join(", ", after.Grants.All)}");
    }

    /// <summary>Whichever release decides, a plan is what it is, and a generation has the time that it was given.</summary>
    private void ProveReleases()
    {
        foreach (var admission in changes.Admitted)
        {
            var plans = new[] { before, after }.OfType<Workspace>().Select(workspace => AdmitDecision.PlanOf(workspace, Catalog));
            Require(
                plans.Any(plan => Catalog.EntitlementsOf(plan, admission.TestMode).SequenceEqual(admission.Entitlements)),
                "An instance knows what another sells",
                $"{admission.Key} on {before?.Subscription?.Current.Plan}: {string.Join(' ', admission.Entitlements.Keys)}");
        }

        foreach (var running in changes.Admitted.Where(one => !one.TestMode && one.NextExpiryAt is not null))
        {
            var span = after.RunningSpans.All.SingleOrDefault(one => one.Holds(running.Entry));
            Require(span?.ExpiresAt <= running.NextExpiryAt, "A generation expires when it was said to", $"{running.Key}: {span}");
        }
    }

    /// <summary>What is due can be found: whatever happens from here on, the due index leads to it.</summary>
    private void ProveLinks()
    {
        var soon = world.Loop.Now + Soon;
        foreach (var (job, at) in DueIndexEntry.Needs(after with { PendingRefunds = 0 }, world.Loop.Now))
        {
            Require(Links(job, at, at > soon ? at : soon).Any(link => world.Tables.Read(link.Partition, after.WorkspaceId) is not null), "The due index leads to whatever is due", $"{job} at {at:O}");
        }

        var before = DueIndexEntry.Until(Queues.Expirations, world.Loop.Now - TimeSpan.FromHours(2)).To;
        Require(
            after.PendingRefunds == 0 || world.Tables.Partitions(Table.Schedule).Any(partition =>
                string.CompareOrdinal(partition.Key, before) >= 0
                && partition.Key.StartsWith(Queues.Expirations, StringComparison.Ordinal)
                && world.Tables.Read(partition, after.WorkspaceId) is not null),
            "The due index leads to whatever is due",
            "refunds wait");
    }

    /// <summary>The links of a job from the hour of one instant to that of another.</summary>
    private IEnumerable<DueIndexEntry> Links(string job, DateTimeOffset from, DateTimeOffset to)
    {
        for (var link = DueIndexEntry.At(after.WorkspaceId, job, from); link.Hour <= to; link = DueIndexEntry.At(after.WorkspaceId, job, link.EndsAt))
        {
            yield return link;
        }
    }

    /// <summary>At the end of a grant that was there, or of an allowance that came and went within the commit.</summary>
    private bool MayEndAt(DateTimeOffset at) =>
        before is not null
        && (before.Grants.All.Any(grant => grant.ExpiresAt == at)
            || (before.Subscription is { } was && BillingPeriod.Containing(was.AnchorAt, at).StartsAt == at));

    private void ProveSubscription()
    {
        ProveTerms();
        var renewals = changes.Entries.Values.Where(one => IsAllowance(one.Entry)).Select(one => one.Entry).ToList();
        Require(
            renewals.DistinctBy(entry => (entry.CreatedAt, entry.Description)).Count() == renewals.Count,
            "One renewal per period",
            $"{string.Join(", ", renewals.Select(entry => entry.IdIn(after.WorkspaceId)))} are for the same");
        if (before?.Subscription is not { } was || after.Subscription is not { } now || renewals.Count == 0)
        {
            var upgrades = changes.Entries.Values.Count(one => one.Entry.Description.StartsWith(UpgradePrefix, StringComparison.Ordinal));
            Require(upgrades == 0 || after.Subscription?.Allowance > (before?.Subscription?.Allowance ?? Credits.Zero), "An upgrade raises the allowance", $"{after.Subscription}");
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
        Require(
            was is not { Canceled: true, Ended: false } || was.AnchorAt != now.AnchorAt || Catalog.DefaultPlan is not { } plan
                || renewals[0].Description == $"{RenewalPrefix}: {plan.Name} plan" || BeginsAnew(was, now),
            "What is canceled gives way to the default plan",
            $"{was} renewed as {renewals[0].Description}");
    }

    private static bool IsAllowance(LedgerEntry entry) =>
        entry.Description.StartsWith(RenewalPrefix, StringComparison.Ordinal) || entry.Description.StartsWith(StartPrefix, StringComparison.Ordinal);

    /// <summary>What holds of a subscription whatever happened.</summary>
    private void ProveTerms()
    {
        Require(Catalog.DefaultPlan is null || after.Subscription is { Ended: false }, "Nobody falls below the default plan", $"{after.Subscription}");
        if (after.Subscription is not { } now)
        {
            return;
        }

        Require(now.AnchorAt.Ticks % TimeSpan.TicksPerSecond == 0, "Anniversaries are whole seconds", $"{now.AnchorAt:O}");
        Require(
            !Catalog.UpgradesNow || now.Ended || now.PeriodEndsAt <= world.Loop.Now + world.MostSkew || now.Allowance >= now.Current.Allowance,
            "An upgrade is granted at once",
            $"{now}");
    }

    /// <summary>Who leaves a free plan for a paid one begins a new subscription, be it within the second in which the free one began.</summary>
    private bool BeginsAnew(Subscription was, Subscription now) => IsFree(was) && !IsFree(now);

    private bool IsFree(Subscription subscription) => Catalog.TryGetPlan(subscription.Current.Plan, out var plan) && plan.Free;

    private void Require(bool so, string invariant, string detail) => world.Require(so, invariant, () => $"{after.WorkspaceId} at version {after.Version}: {detail}");
}
