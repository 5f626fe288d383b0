using System.Collections.Immutable;
using Billing.Engine.Audits;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Overage;
using Billing.Simulation.Runs;
using Billing.Simulation.Storage;
using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Workspaces;

namespace Billing.Simulation.Checking;

/// <summary>Proves a workspace when all is over: everything stored has one cause, everything answered is stored, and nothing is left to do.</summary>
internal sealed class Books
{
    private readonly World _world;
    private readonly Proof _proof;
    private readonly string _workspaceId;
    private readonly Workspace _workspace;
    private readonly ImmutableArray<LedgerEntry> _entries;
    private readonly ImmutableArray<Generation> _generations;
    private readonly ImmutableDictionary<string, Admission> _admissions;
    private readonly ImmutableArray<Refund> _refunds;

    public Books(World world, Proof proof, string workspaceId)
    {
        (_world, _proof, _workspaceId) = (world, proof, workspaceId);
        _workspace = world.Witness.Stored(workspaceId);
        _entries = [.. Rows<LedgerPage>(LedgerPage.Prefix).Reverse().SelectMany(page => page.Entries)];
        _admissions = Rows<Admission>(Admission.Prefix).GroupBy(row => row.Key).ToImmutableDictionary(rows => rows.Key, Whole);
        _generations = [.. _admissions.Values.OrderBy(one => one.Key, StringComparer.Ordinal).SelectMany(admission => admission.Generations)];
        _refunds = [.. Rows<Refund>(Refund.Prefix)];
    }

    public void Prove()
    {
        ProveChain();
        ProveAdmissions();
        ProveIdempotency();
        ProveRefunds();
        ProveGifts();
        ProveUpgrades();
        ProvePayments();
        ProveOverage();
        ProveDebt();
        ProveEnd();
        ProveGrants();
        ProveAudit();
    }

    /// <summary>A batch with the generations of all of its rows, in order.</summary>
    private static Admission Whole(IEnumerable<Admission> rows)
    {
        var ordered = rows.OrderBy(row => row.RowKey.Length).ThenBy(row => row.RowKey, StringComparer.Ordinal).ToList();
        return ordered[0] with { Generations = [.. ordered.SelectMany(row => row.Generations)] };
    }

    private void ProveChain()
    {
        var (sum, head, sequence) = (Credits.Zero, "", 0L);
        foreach (var entry in _entries)
        {
            sum += entry.Amount;
            Require(entry.Sequence == ++sequence && entry.Previous == head && entry.BalanceAfter == sum, "The ledger is one unbroken chain", entry.IdIn(_workspaceId));
            head = entry.Hash();
        }

        Require(sum == _workspace.Balance && head == _workspace.Head && sequence == _workspace.Entries, "Balance = sum of the ledger = sum of the grants", $"{sum}, {_workspace.Balance}");
    }

    private void ProveAdmissions()
    {
        foreach (var admission in _admissions.Values)
        {
            var known = _proof.Attempts.TryGetValue(admission.Key, out var attempt) && attempt.WorkspaceId == _workspaceId;
            Require(known && !attempt!.Refused, "Each stored effect has one cause", $"admission {admission.Key} was never asked for, or was refused");
            Require(
                attempt!.Answered is null || attempt.Answered.SequenceEqual(admission.Generations.Select(one => (one.Id, one.Charged))),
                "Each answered success is stored",
                $"admission {admission.Key}");
            ProveCharge(admission);
        }

        foreach (var (key, attempt) in _proof.Attempts.Where(pair => pair.Value.WorkspaceId == _workspaceId && pair.Value.Answered is not null))
        {
            Require(_admissions.ContainsKey(key), "Each answered success is stored", $"admission {key} was answered {string.Join(' ', attempt.Answered!)}");
        }
    }

    private void ProveCharge(Admission admission)
    {
        var attempt = _proof.Attempts[admission.Key];
        var name = attempt.Batch ? Ids.Of("batch", _workspaceId, admission.Key) : admission.Generations[0].Id;
        var charges = _entries.Where(entry => entry.Type is EntryType.Deduction or EntryType.Overage && entry.Description.EndsWith(name, StringComparison.Ordinal)).ToList();
        var cost = Sum(admission.Generations.Select(one => one.Charged));
        Require(
            Sum(charges.Select(entry => entry.Amount)) == -cost && charges.Count(entry => entry.Type == EntryType.Deduction) == (cost == Credits.Zero && (admission.TestMode || admission.Generations.All(one => one.Overage is not null)) ? 0 : 1),
            "Each generation is charged once, what it costs",
            $"{name} costs {cost}: {string.Join(", ", charges.Select(entry => $"{entry.IdIn(_workspaceId)} {entry.Amount}"))}");
        Require(admission.Generations.All(one => IsChargedRightly(admission, one)), "Each generation is charged once, what it costs", name);
        Require(
            charges.Where(entry => entry.Type == EntryType.Overage).Sum(entry => entry.Metadata!["overage_units"].Number) == admission.Generations.Count(one => one.Overage is not null),
            "Each overage unit has an entry",
            name);
    }

    /// <summary>What it costs or, with a unit of overage, the part of it that was left.</summary>
    private static bool IsChargedRightly(Admission admission, Generation generation) => (admission.TestMode, generation.Overage) switch
    {
        (true, var overage) => overage is null && generation.Charged == Credits.Zero,
        (false, null) => generation.Charged == generation.Cost,
        _ => generation.Charged < generation.Cost,
    };

    private void ProveIdempotency()
    {
        foreach (var attempts in _proof.Attempts.Values.Where(one => one.WorkspaceId == _workspaceId && one.IdempotencyKey is not null).GroupBy(one => one.IdempotencyKey))
        {
            var stored = attempts.Where(one => _admissions.ContainsKey(one.Key)).ToList();
            Require(stored.Count <= 1, "One Idempotency-Key has one effect", string.Join(", ", stored.Select(one => one.Key)));
        }
    }

    private void ProveRefunds()
    {
        var byGeneration = _entries.Where(entry => entry.Type == EntryType.Refund).ToLookup(entry => entry.Metadata!["generation_id"].Text!);
        foreach (var generation in _generations)
        {
            var entries = byGeneration[generation.Id].ToList();
            var refunded = Sum(entries.Select(entry => entry.Amount));
            var manual = _refunds.Any(refund => refund.GenerationId == generation.Id && refund.Id.EndsWith('m') && refund.Status == RefundStatus.Succeeded);
            var expected = manual ? generation.Charged : Expected(generation);
            Require(refunded == generation.Refunded, "A generation's refunds are in the ledger", $"{generation.Id}: {refunded} and {generation.Refunded}");
            Require(refunded == expected, "A refund is what the rules say", $"{generation.Id} {generation.Status} {generation.SucceededUnits}/{generation.Units}: {refunded} of {generation.Charged}, {expected} was due");
            Require(
                generation.Overage is null || generation.OverageRefunded == (manual || GivesUnitBack(generation)),
                "A refund gives both parts back",
                $"{generation.Id} {generation.Status} {generation.SucceededUnits}/{generation.Units}: {generation.OverageRefunded}");
            Require(
                entries.DistinctBy(entry => (entry.Metadata!["refund_id"].Text, entry.Amount == Credits.Zero)).Count() == entries.Count,
                "A refund is carried out once",
                generation.Id);
            if (_proof.Settled.TryGetValue(generation.Id, out var answered))
            {
                Require(answered == Settlement.Of(generation), "Each answered success is stored", $"{generation.Id} was answered {answered}, it is {Settlement.Of(generation)}");
            }
        }

        foreach (var refund in _refunds.Where(refund => _proof.Refunds.ContainsKey(refund.Id)))
        {
            Require(refund.Status == _proof.Refunds[refund.Id], "Each answered success is stored", $"{refund.Id} was answered {_proof.Refunds[refund.Id]}, it is {refund.Status}");
        }
    }

    /// <summary>What a generation gets back by itself, computed anew: what was not delivered, rounded down to a thousandth.</summary>
    private static Credits Expected(Generation generation) => generation switch
    {
        { Status: GenerationStatus.Expired } => generation.Charged,
        { Status: GenerationStatus.Failed, Reason: "user_error" or "content_policy" } => Credits.Zero,
        { Status: GenerationStatus.Failed } => generation.Charged,
        { Status: GenerationStatus.Completed } => new Credits((long)decimal.Floor((decimal)generation.Charged.Thousandths * (generation.Units - generation.SucceededUnits!.Value) / generation.Units)),
        _ => Credits.Zero,
    };

    private static bool GivesUnitBack(Generation generation) => generation switch
    {
        { Status: GenerationStatus.Expired } or { Status: GenerationStatus.Completed, SucceededUnits: 0 } => true,
        { Status: GenerationStatus.Failed } => generation.Reason is not ("user_error" or "content_policy"),
        _ => false,
    };

    /// <summary>With a renewal and the upgrades after it a period has been granted what the newest plan gives: the difference, once.</summary>
    private void ProveUpgrades()
    {
        var granted = Credits.Zero;
        foreach (var entry in _entries.Where(entry => entry.Type == EntryType.Purchase && entry.Metadata?.ContainsKey("reference") is not true))
        {
            var upgrade = entry.Description.StartsWith("Upgrade", StringComparison.Ordinal);
            granted = upgrade ? granted + entry.Amount : entry.Amount;
            var plan = _world.Catalogs[_workspace.Product].Plans.Single(one => entry.Description.EndsWith($": {one.Name} plan", StringComparison.Ordinal));
            Require(
                granted >= plan.Allowance.Min && granted <= (plan.Allowance.Max ?? Credits.Limit),
                "A period is granted what its plan gives",
                $"{entry.IdIn(_workspaceId)} {entry.Description}: {granted}");
        }
    }

    private void ProveGifts()
    {
        foreach (var ((_, reason), (credits, answered)) in _proof.Grants.Where(pair => pair.Key.WorkspaceId == _workspaceId))
        {
            var entries = _entries.Where(entry => entry.Type == EntryType.Grant && entry.Description == reason).ToList();
            Require(entries.Count <= 1 && entries.All(entry => entry.Amount == credits), "Each stored effect has one cause", $"{reason}: {entries.Count} entries");
            Require(!answered || entries.Count == 1, "Each answered success is stored", reason);
        }

        foreach (var ((_, reference), (credits, answered, reversed)) in _proof.TopUps.Where(pair => pair.Key.WorkspaceId == _workspaceId))
        {
            var entries = _entries.Where(entry => entry.Type == EntryType.Purchase && entry.Metadata?.GetValueOrDefault("reference").Text == reference).ToList();
            Require(entries.Count <= 1 && entries.All(entry => entry.Amount == credits), "A payment counts once", $"{reference}: {entries.Count} entries");
            Require(!answered || entries.Count == 1, "Each answered success is stored", $"top-up {reference}");
            var row = _world.Tables.Read(new Partition(Table.Ledger, _workspaceId), TopUp.KeyOf(TopUp.IdOf(_workspaceId, reference)));
            Require(!reversed || (row is not null && !RowJson.Read<TopUp>(row.Data).Reversals.IsEmpty), "Each answered success is stored", $"reversal of {reference}");
        }
    }

    private void ProvePayments()
    {
        var payments = Rows<Payment>(Payment.Prefix).ToList();
        foreach (var ((_, reference), status) in _proof.Payments.Where(pair => pair.Key.WorkspaceId == _workspaceId))
        {
            Require(payments.Exists(one => one.Reference == reference && one.Status >= status), "Each answered success is stored", $"{reference} was answered {status}");
        }

        if (_workspace.Subscription is not { Ended: false, Payments: { Former: false } standing } subscription)
        {
            return;
        }

        var newest = payments.Where(one => one.FirstAt == standing.At).ToList();
        Require(
            newest.Count > 0 && payments.TrueForAll(one => one.FirstAt <= standing.At) && newest.Count(one => one.IsPaid) == standing.Paid,
            "The newest payment stands, in whatever order they are told",
            $"{standing}: {string.Join(", ", payments)}");
        Require(!subscription.Paused || (standing.Paid == 0 && !subscription.Current.Free), "Paused only while the newest payment is unpaid", $"{subscription}");
    }

    private void ProveOverage()
    {
        var used = _generations.Where(one => one.Overage is not null).ToList();
        var due = used.Where(one => !one.OverageRefunded).Sum(one => one.Overage!.Price.AmountMinor);
        var invoices = Rows<Invoice>(Invoice.Prefix).ToList();
        var tab = _workspace.Overage;
        var billed = invoices.Sum(one => one.Total.AmountMinor) + tab.Lines.Sum(line => line.UnitPrice.Times(line.Units).AmountMinor) - tab.Credit.Values.Sum();
        Require(due == billed, "Each overage unit is invoiced once", $"{due} is due; {billed} is invoiced, on the tab or credited");
        Require(invoices.DistinctBy(one => one.Month).Count() == invoices.Count, "One invoice per month", string.Join(", ", invoices.Select(one => one.RowKey)));
        foreach (var invoice in invoices)
        {
            // By hand: the units of the month less those whose refund was decided within it. Reviews leave no instant, so their months are bounds.
            var month = used.Where(one => one.Overage!.Month.ToString() == invoice.Month).ToList();
            var before = month.Count(one => GivesUnitBack(one) && one.SettledAt < one.Overage!.Month.EndsAt);
            var reviewed = month.Count(one => _refunds.Any(refund => refund.GenerationId == one.Id && refund is { Overage: true, Status: RefundStatus.Succeeded } && refund.Id.EndsWith('m')));
            var units = invoice.Lines.Sum(line => line.Units);
            Require(
                units <= month.Count - before && units >= month.Count - before - reviewed,
                "What was to be refunded before a month's end is not invoiced",
                $"{invoice.Month}: {units} of {month.Count}, {before} were to be refunded");
        }

        foreach (var one in used.Where(one => !one.OverageRefunded))
        {
            var invoiced = tab.Month == one.Overage!.Month || invoices.Exists(invoice => invoice.Month == one.Overage.Month.ToString());
            Require(invoiced, "Each overage unit is invoiced in its month", $"{one.Id} of {one.Overage.Month}");
        }
    }

    private void ProveDebt()
    {
        var owed = Sum(Rows<TopUp>(TopUp.Prefix).SelectMany(topUp => topUp.Reversals).Select(reversal => reversal.Debt));
        var repaid = Sum(_entries.Where(entry => entry.Description.StartsWith("Debt", StringComparison.Ordinal)).Select(entry => -entry.Amount));
        Require(owed - repaid == _workspace.Debt, "A debt is repaid once", $"{owed} owed, {repaid} repaid, {_workspace.Debt} left");
        foreach (var topUp in Rows<TopUp>(TopUp.Prefix))
        {
            var moved = Sum(_entries.Where(entry => entry.Type == EntryType.Adjustment && entry.Metadata?.GetValueOrDefault("top_up_id").Text == topUp.Id).Select(entry => entry.Amount));
            var reversed = Sum(topUp.Reversals.Select(one => one.ReinstatedAt is null ? one.Taken : -one.Debt));
            Require(topUp.Reversals.DistinctBy(one => one.Reference).Count() == topUp.Reversals.Length, "A reversal counts once", $"{topUp.Id}: {string.Join(", ", topUp.Reversals)}");
            Require(topUp.Left >= Credits.Zero && moved == -reversed, "A reversal takes once, and a won dispute gives it back once", $"{topUp.Id}: {moved}; {string.Join(", ", topUp.Reversals)}");
        }
    }

    /// <summary>By hand, oldest first: each grant is what its entries gave it less what they took, at what was paid for it.</summary>
    private void ProveGrants()
    {
        var grants = new Dictionary<long, Grant>();
        foreach (var entry in _entries.OrderBy(entry => entry.Sequence))
        {
            foreach (var draw in entry.Draws ?? [])
            {
                var grant = grants.GetValueOrDefault(draw.GrantId) ?? new Grant(draw.GrantId, draw.Kind, Credits.Zero, draw.ExpiresAt, draw.Basis);
                Require(grant.Basis == draw.Basis && grant.Kind == draw.Kind && grant.ExpiresAt == draw.ExpiresAt, "What credits cost stays with them", $"{draw} of {grant}");
                grants[grant.Id] = grant with { Left = entry.Amount > Credits.Zero ? grant.Left + draw.Amount : grant.Left - draw.Amount };
            }
        }

        var left = grants.Values.Where(grant => grant.Left != Credits.Zero).OrderBy(grant => grant.Id);
        Require(left.SequenceEqual(_workspace.Grants.All.OrderBy(grant => grant.Id)), "The ledger alone tells every grant", string.Join(", ", left));
        foreach (var topUp in Rows<TopUp>(TopUp.Prefix))
        {
            var (paid, basis) = (Clients.Clients.PaidFor(topUp.Reference), grants[topUp.GrantId].Basis);
            var exact = paid is { AmountMinor: > 0 } some
                ? basis is { } cost && cost.Currency == some.Currency && (Int128)cost.Minor * topUp.Credits.Thousandths == (Int128)cost.Thousandths * some.AmountMinor
                : basis is null;
            Require(exact && topUp.Paid == paid, "A top-up costs what was paid for it", $"{topUp.Reference}: {paid}, {basis}");
        }
    }

    private void ProveAudit()
    {
        // Nothing is awaited for real: everything is in memory.
        var report = new Audit(new DirectTableStore(_world.Tables)).RunAsync(_workspaceId, default).GetAwaiter().GetResult()!;
        Require(report.Differences.IsEmpty, "The audit finds nothing", string.Join(' ', report.Differences));
    }

    private void ProveEnd()
    {
        Require(_workspace.PendingRefunds == 0, "Everything decided is carried out in the end", $"{_workspace.PendingRefunds} refunds wait");
        // Those of test keys hold no slot and expire for whoever looks.
        var live = _admissions.Values.Where(one => !one.TestMode).SelectMany(one => one.Generations);
        Require(_workspace.Running == 0 && !live.Any(one => one.Runs), "No slot leaks", $"{_workspace.Running} slots are in use");
        Require(
            !(_workspace.Subscription?.DueAt <= _world.Loop.Now - TimeSpan.FromHours(2)),
            "Renewals come in time",
            $"{_workspace.Subscription}");
        Require(_workspace.Overage.DueAt is null || _workspace.Overage.DueAt > _world.Loop.Now - TimeSpan.FromHours(2), "Months are closed in time", $"{_workspace.Overage}");
    }

    private IEnumerable<T> Rows<T>(string prefix) => _world.Tables.Rows(new Partition(Table.Ledger, _workspaceId), prefix).Select(row => RowJson.Read<T>(row.Data));

    private static Credits Sum(IEnumerable<Credits> amounts) => amounts.Aggregate(Credits.Zero, (sum, amount) => sum + amount);

    private void Require(bool so, string invariant, string detail) => _world.Require(so, invariant, () => $"{_workspaceId}: {detail}");
}
