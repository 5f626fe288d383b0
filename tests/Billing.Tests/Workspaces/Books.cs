using Billing.Catalogs;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Generations;
using Billing.Overage;
using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Workspaces;

namespace Billing.Tests.Workspaces;

/// <summary>Everything a workspace ever wrote, and the proof that its account is the fold of it.</summary>
internal sealed class Books(Catalog catalog, bool thorough)
{
    private readonly List<LedgerEntry> _entries = [];
    private readonly Dictionary<string, Admission> _admissions = [];
    private readonly SortedDictionary<EntryType, long> _types = [];
    private readonly List<DateTimeOffset> _usages = [];
    private readonly HashSet<(string Type, string Target)> _told = [];
    private Credits _sum;
    private int _notes;
    private bool _added;
    private string _head = "";

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public List<Invoice> Invoices { get; } = [];

    public List<BillingEvent> Events { get; } = [];

    public Dictionary<string, Refund> Refunds { get; } = [];

    public Dictionary<string, TopUp> TopUps { get; } = [];

    public Dictionary<string, Payment> Payments { get; } = [];

    public IEnumerable<Admission> Admissions => _admissions.Values;

    public IEnumerable<Generation> Generations => _admissions.Values.SelectMany(admission => admission.Generations);

    public Generation Generation(string id) => Generations.Single(generation => generation.Id == id);

    /// <summary>Enters what a commit wrote.</summary>
    public void Enter(UnitOfWork draft)
    {
        _added = false;
        foreach (var record in draft.Records)
        {
            var row = RowJson.ToRow(record);
            var back = RowJson.ToRecord(row);
            Same(row.Data, RowJson.ToRow(back).Data);
            if (thorough)
            {
                Assert.Equivalent(record, back, strict: true);
            }

            Enter(back, row);
        }
    }

    /// <summary>Proves what must hold at every instant.</summary>
    public void Prove(Workspace workspace, DateTimeOffset now)
    {
        ProveLedger(workspace);
        ProveGrants(workspace, now);
        ProveGenerations(workspace);
        ProveRefunds(workspace);
        Same(workspace.Events, Events.Count);
        Same(_notes, Events.Count(told => !told.Targets.IsEmpty));
        ProveAlerts(workspace);
        ProvePause(workspace);
    }

    /// <summary>Paused or about to be: the newest payments are all unpaid, and there is something to pay.</summary>
    private void ProvePause(Workspace workspace)
    {
        if (workspace.Subscription is { Ended: false, Payments: { Former: false } standing } subscription)
        {
            var newest = Payments.Values.Where(payment => payment.FirstAt == standing.At).ToList();
            Assert.True(newest.Count > 0 && Payments.Values.All(payment => payment.FirstAt <= standing.At), "an older payment stands for the newest");
            Same(newest.Count(payment => payment.IsPaid), standing.Paid);
            Assert.True(!subscription.Paused || (standing.Paid == 0 && !subscription.Current.Free), "paused though it is paid");
        }
    }

    private void Enter(Record record, Row row)
    {
        switch (record)
        {
            case LedgerPage page:
                Assert.True(_entries.Count == 0 || string.CompareOrdinal(row.Key, LedgerPage.KeyOf(_entries[^1].Sequence)) < 0, "the newest does not list first");
                page.Entries.ToList().ForEach(EnterEntry);
                _added = page.Entries.Any(entry => entry.Amount > Credits.Zero);
                break;
            case Admission admission:
                _admissions[admission.RowKey] = admission;
                break;
            case Refund refund:
                Refunds[refund.Id] = refund;
                break;
            case TopUp topUp:
                TopUps[topUp.Id] = topUp;
                break;
            case Payment payment:
                Payments[payment.Reference] = payment;
                break;
            case Invoice invoice:
                Assert.DoesNotContain(Invoices, one => one.RowKey == invoice.RowKey);
                Same(invoice.Lines.Sum(line => line.Units * line.UnitPrice.AmountMinor), invoice.Total.AmountMinor + invoice.Credit.AmountMinor);
                Invoices.Add(invoice);
                break;
            case BillingEvent told:
                EnterEvent(told);
                break;
            case ScheduledAttempt:
                _notes++;
                break;
            case OwnTemplate or TestAdmission:
                break;
            default:
                Assert.Fail($"{row.Key} is no row of these rules");
                break;
        }
    }

    private void EnterEntry(LedgerEntry entry)
    {
        _sum += entry.Amount;
        Same(_entries.Count + 1, entry.Sequence);
        Same(_head, entry.Previous);
        Same(_sum, entry.BalanceAfter);
        Assert.True(_sum >= Credits.Zero, "the balance is negative");
        Assert.True(entry.Type != EntryType.Overage || _sum == Credits.Zero, "overage left credits untouched");
        Assert.True(_entries.Count == 0 || _entries[^1].CreatedAt <= entry.CreatedAt, $"the ledger goes back in time: {entry.CreatedAt:O} {entry.Description} after {_entries.LastOrDefault()?.CreatedAt:O} {_entries.LastOrDefault()?.Description}");
        _head = entry.Hash();
        _types[entry.Type] = _types.GetValueOrDefault(entry.Type) + 1;
        _entries.Add(entry);
        if (entry.Amount > Credits.Zero)
        {
            _told.Clear();
        }
    }

    /// <summary>Low and exhausted are told once to each endpoint, then not before credits are added.</summary>
    private void EnterEvent(BillingEvent told)
    {
        Same(Events.Count + 1, told.Sequence);
        Events.Add(told);
        if (_added)
        {
            // Credits came in the same commit, before it or after it.
            _told.Clear();
        }

        foreach (var target in told.Targets.Where(_ => told.Type is EventTypes.CreditsLow or EventTypes.CreditsExhausted))
        {
            Assert.True(_told.Add((told.Type, target)), $"{target} was told of {told.Type} twice");
        }
    }

    private void ProveLedger(Workspace workspace)
    {
        Same(_entries.Count, workspace.Entries);
        Same(_head, workspace.Head);
        Assert.True(_types.SequenceEqual(workspace.EntriesByType), "the entries are miscounted");
        Same(_sum, workspace.Balance);
    }

    private void ProveGrants(Workspace workspace, DateTimeOffset now)
    {
        var (left, kinds, former) = (Credits.Zero, Credits.Zero, (Grant?)null);
        foreach (var grant in workspace.Grants.All)
        {
            left += grant.Left;
            Assert.True(grant.Left > Credits.Zero && !(grant.ExpiresAt <= now), $"{grant} should be gone");
            Assert.True(former is null || InOrder(former, grant), $"{grant} burns down before {former}");
            former = grant;
        }

        foreach (var kind in Enum.GetValues<GrantKind>())
        {
            kinds += workspace.Grants.TotalOf(kind);
        }

        Same((_sum, _sum), (left, kinds));
        Assert.True(workspace.Debt >= Credits.Zero && workspace.Debt <= TopUps.Values.Aggregate(Credits.Zero, (sum, topUp) => topUp.Reversals.Aggregate(sum, (more, one) => more + one.Debt)));
        Assert.True(workspace.Debt == Credits.Zero || _sum == Credits.Zero, "credits are free beside a debt");
    }

    private static bool InOrder(Grant first, Grant second) => PlaceOf(first).CompareTo(PlaceOf(second)) < 0;

    private static (DateTimeOffset, GrantKind, long) PlaceOf(Grant grant) => BurnOrder.PlaceOf(grant.ExpiresAt, grant.Kind, grant.Id);

    private void ProveGenerations(Workspace workspace)
    {
        var (running, onTab, toInvoice, spent, count) = (0, 0L, 0L, Credits.Zero, 0L);
        foreach (var admission in _admissions.Values)
        {
            foreach (var generation in admission.Generations)
            {
                Assert.True(IsChargedRightly(admission, generation), $"{generation.Id} is charged wrongly");
                Assert.True(!generation.Runs || admission.TestMode || workspace.RunningSpans.All.Single(span => span.Holds(admission.Entry)).ExpiresAt <= generation.ExpiresAt, $"{generation.Id} would never expire");
                running += generation.Runs && !admission.TestMode ? 1 : 0;
                onTab += generation is { Overage: { } unit, OverageRefunded: false } && unit.Month == workspace.Overage.Month ? 1 : 0;
                toInvoice += generation.Overage is { } taken && taken.Month == workspace.Overage.Month && !IsDecided(generation.Id) ? 1 : 0;
                if (generation.Charged > Credits.Zero && generation.PeriodStartsAt == workspace.Usage.PeriodStartsAt)
                {
                    spent += generation.Charged - generation.Refunded;
                    count += generation.Refunded < generation.Charged ? 1 : 0;
                }
            }
        }

        Same((running, onTab, toInvoice), (workspace.Running, workspace.Overage.Units, workspace.Overage.Lines.Sum(line => line.Units)));
        ProveUsage(workspace.Usage, spent, count);
    }

    /// <summary>True when the unit of a generation is to be given back, whether it was or not.</summary>
    private bool IsDecided(string id) => new[] { "a", "m" }.Any(kind =>
        Refunds.TryGetValue($"rfd_{id[4..]}{kind}", out var refund) && refund is { Overage: true, Status: RefundStatus.Pending or RefundStatus.Succeeded });

    /// <summary>All of it or, on overage, the part that was left.</summary>
    private static bool IsChargedRightly(Admission admission, Generation generation) => (admission.TestMode, generation.Overage) switch
    {
        (true, var overage) => overage is null && generation.Charged == Credits.Zero,
        (false, null) => generation.Charged == generation.Cost,
        _ => generation.Charged < generation.Cost,
    };

    /// <summary>What was spent in a period is what its generations were charged, less what came back; who returns to a period begins it anew.</summary>
    private void ProveUsage(PeriodUsage usage, Credits spent, long count)
    {
        if (_usages.Count == 0 || _usages[^1] != usage.PeriodStartsAt)
        {
            _usages.Add(usage.PeriodStartsAt);
        }

        var anew = _usages.IndexOf(usage.PeriodStartsAt) < _usages.Count - 1;
        Assert.True(anew ? usage.Spent >= Credits.Zero && usage.Spent <= spent : usage.Spent == spent, $"{usage} does not add up to {spent}");
        Assert.True(anew ? usage.Generations >= 0 && usage.Generations <= count : usage.Generations == count, $"{usage} does not add up to {count}");
    }

    private void ProveRefunds(Workspace workspace)
    {
        var (pending, given) = (0, Credits.Zero);
        foreach (var refund in Refunds.Values)
        {
            pending += refund.Status == RefundStatus.Pending ? 1 : 0;
            given += refund.Status == RefundStatus.Succeeded ? refund.Credits : Credits.Zero;
        }

        Same(workspace.PendingRefunds, pending);
        foreach (var generation in Generations)
        {
            given -= generation.Refunded;
            Assert.True(generation.Refunded + (generation.Owed?.Credits ?? Credits.Zero) <= generation.Charged, $"{generation.Id} was refunded more than it was charged");
        }

        Same(Credits.Zero, given);
    }

    /// <summary>An alert that was sent stays disarmed until credits come; at zero, or low, it was sent.</summary>
    private void ProveAlerts(Workspace workspace)
    {
        foreach (var subscriber in workspace.Subscribers)
        {
            var threshold = Alerts.ThresholdOf(subscriber, workspace, catalog);
            var spentLast = _entries.Count > 0 && _entries[^1].Type is EntryType.Deduction;
            Assert.False(spentLast && workspace.Balance <= threshold && subscriber.LowArmed, "credits are low and nobody was told");
            Assert.False(spentLast && workspace.Balance == Credits.Zero && subscriber.ExhaustedArmed, "credits are exhausted and nobody was told");
        }
    }

    /// <summary>Fails faster than <c>Assert.Equal</c> passes.</summary>
    private static void Same<T>(T expected, T actual)
        where T : IEquatable<T>
    {
        if (!expected.Equals(actual))
        {
            Assert.Fail($"{expected} was expected, not {actual}");
        }
    }
}
