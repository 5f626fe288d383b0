using Billing.Accounts;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Overage;
using Billing.Refunds;
using Billing.Webhooks;

namespace Billing.Tests.Accounts;

/// <summary>Everything a workspace ever wrote, and the proof that its account is the fold of it.</summary>
internal sealed class Books(Catalog catalog, bool thorough)
{
    private readonly List<LedgerEntry> _entries = [];
    private readonly Dictionary<string, Admission> _admissions = [];
    private readonly SortedDictionary<EntryType, long> _types = [];
    private readonly List<DateTimeOffset> _usages = [];
    private Credits _sum;
    private string _head = "";

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public List<Invoice> Invoices { get; } = [];

    public List<BillingEvent> Events { get; } = [];

    public Dictionary<string, Refund> Refunds { get; } = [];

    public Dictionary<string, TopUp> TopUps { get; } = [];

    public IEnumerable<Admission> Admissions => _admissions.Values;

    public IEnumerable<Generation> Generations => _admissions.Values.SelectMany(admission => admission.Generations);

    public Generation Generation(string id) => Generations.Single(generation => generation.Id == id);

    /// <summary>Enters what a commit wrote.</summary>
    public void Enter(Draft draft)
    {
        foreach (var record in draft.Written.Values.OfType<Record>())
        {
            var row = RowJson.ToRow(record);
            var back = RowJson.ToRecord(row);
            Assert.Equal(row, RowJson.ToRow(back));
            if (thorough)
            {
                Assert.Equivalent(record, back, strict: true);
            }

            Enter(back, row);
        }
    }

    /// <summary>Proves what must hold at every instant.</summary>
    public void Prove(Account account, DateTimeOffset now)
    {
        ProveLedger(account);
        ProveGrants(account, now);
        ProveGenerations(account);
        ProveRefunds(account);
        Assert.Equal(account.Events, Events.Count);
        Assert.Equal(account.PendingEvents, Events.Count);
        ProveAlerts(account);
    }

    private void Enter(Record record, Row row)
    {
        switch (record)
        {
            case LedgerEntry entry:
                EnterEntry(entry, row);
                break;
            case Admission admission:
                _admissions[admission.Key] = admission;
                break;
            case Refund refund:
                Refunds[refund.Id] = refund;
                break;
            case TopUp topUp:
                TopUps[topUp.Id] = topUp;
                break;
            case Invoice invoice:
                Assert.DoesNotContain(Invoices, one => one.RowKey == invoice.RowKey);
                Invoices.Add(invoice);
                break;
            case BillingEvent told:
                Assert.Equal(Events.Count + 1, told.Sequence);
                Events.Add(told);
                break;
            default:
                Assert.Fail($"{row.Key} is no row of these rules");
                break;
        }
    }

    private void EnterEntry(LedgerEntry entry, Row row)
    {
        _sum += entry.Amount;
        Assert.Equal(_entries.Count + 1, entry.Sequence);
        Assert.Equal(_head, entry.Previous);
        Assert.Equal(_sum, entry.BalanceAfter);
        Assert.True(_sum >= Credits.Zero, "the balance is negative");
        Assert.True(_entries.Count == 0 || _entries[^1].CreatedAt <= entry.CreatedAt, $"the ledger goes back in time: {entry.CreatedAt:O} {entry.Description} after {_entries.LastOrDefault()?.CreatedAt:O} {_entries.LastOrDefault()?.Description}");
        Assert.True(_entries.Count == 0 || string.CompareOrdinal(row.Key, _entries[^1].RowKey) < 0, "the newest does not list first");
        _head = Draft.HashOf(row.Data);
        _types[entry.Type] = _types.GetValueOrDefault(entry.Type) + 1;
        _entries.Add(entry);
    }

    private void ProveLedger(Account account)
    {
        Assert.Equal(_entries.Count, account.Entries);
        Assert.Equal(_head, account.Head);
        Assert.Equal(_types.AsEnumerable(), account.EntriesByType);
        Assert.Equal(_sum, account.Balance);
    }

    private void ProveGrants(Account account, DateTimeOffset now)
    {
        Assert.Equal(_sum, account.Grants.All.Aggregate(Credits.Zero, (sum, grant) => sum + grant.Left));
        Assert.All(account.Grants.All, grant => Assert.True(grant.Left > Credits.Zero && !(grant.ExpiresAt <= now)));
        Assert.Distinct(account.Grants.All.Select(grant => grant.Id));
        Assert.Equal(
            account.Grants.All.Select(grant => grant.Id),
            account.Grants.All.OrderBy(grant => grant.ExpiresAt ?? DateTimeOffset.MaxValue).ThenBy(grant => grant.Kind).ThenBy(grant => grant.Id).Select(grant => grant.Id));
        var kinds = Enum.GetValues<GrantKind>().Aggregate(Credits.Zero, (sum, kind) => sum + account.Grants.TotalOf(kind));
        Assert.Equal(_sum, kinds);
        Assert.True(account.Debt >= Credits.Zero);
        Assert.True(account.Debt <= TopUps.Values.Aggregate(Credits.Zero, (sum, topUp) => sum + (topUp.Reversal?.Debt ?? Credits.Zero)));
    }

    private void ProveGenerations(Account account)
    {
        var charged = _admissions.Values.Where(admission => !admission.TestMode).SelectMany(admission => admission.Generations).ToList();
        var running = charged.Where(generation => generation.Runs).ToList();
        Assert.Equal(running.Count, account.Running);
        Assert.All(running, generation => Assert.True(account.NextExpiryAt <= generation.ExpiresAt));
        Assert.All(charged, generation => Assert.True(generation.Overage is null ? generation.Charged == generation.Cost : generation.Charged == Credits.Zero));
        Assert.All(Generations.Except(charged), generation => Assert.Equal((Credits.Zero, null), (generation.Charged, generation.Overage)));

        ProveUsage(account.Usage, charged);

        // Every unit of overage is on the tab, on an invoice, or was taken off its month before that.
        var taken = charged.Where(generation => generation.Overage is not null).ToLookup(generation => generation.Overage!.Month);
        Assert.Equal(account.Overage.Units, account.Overage.Month is { } month ? taken[month].Count(one => !one.OverageRefunded) : 0);
        Assert.All(Invoices, invoice => Assert.True(invoice.Lines.Sum(line => line.Units) <= taken.Single(one => one.Key.ToString() == invoice.Month).Count()));
        Assert.All(Invoices, invoice => Assert.Equal(invoice.Lines.Sum(line => line.Units * line.UnitPrice.AmountMinor), invoice.Total.AmountMinor + invoice.Credit.AmountMinor));
    }

    /// <summary>What was spent in a period is what its generations were charged, less what came back; who returns to a period begins it anew.</summary>
    private void ProveUsage(PeriodUsage usage, IEnumerable<Generation> charged)
    {
        if (_usages.Count == 0 || _usages[^1] != usage.PeriodStartsAt)
        {
            _usages.Add(usage.PeriodStartsAt);
        }

        var counted = charged.Where(generation => generation.Overage is null && generation.PeriodStartsAt == usage.PeriodStartsAt).ToList();
        var (spent, count) = (counted.Aggregate(Credits.Zero, (sum, one) => sum + one.Charged - one.Refunded), counted.Count(one => one.Refunded < one.Charged));
        var anew = _usages.IndexOf(usage.PeriodStartsAt) < _usages.Count - 1;
        Assert.True(anew ? usage.Spent >= Credits.Zero && usage.Spent <= spent : usage.Spent == spent, $"{usage} does not add up to {spent}");
        Assert.True(anew ? usage.Generations >= 0 && usage.Generations <= count : usage.Generations == count, $"{usage} does not add up to {count}");
    }

    private void ProveRefunds(Account account)
    {
        Assert.Equal(account.PendingRefunds, Refunds.Values.Count(refund => refund.Status == RefundStatus.Pending));
        var given = Refunds.Values.Where(refund => refund.Status == RefundStatus.Succeeded).ToLookup(refund => refund.GenerationId);
        foreach (var generation in Generations)
        {
            Assert.True(generation.Refunded <= generation.Charged, $"{generation.Id} was refunded more than it was charged");
            Assert.Equal(generation.Refunded, given[generation.Id].Aggregate(Credits.Zero, (sum, refund) => sum + refund.Credits));
            Assert.Equal(generation.OverageRefunded, given[generation.Id].Any(refund => refund.Overage));
            Assert.True(given[generation.Id].Count(refund => refund.Overage) <= 1);
        }
    }

    /// <summary>An alert that was sent stays disarmed until credits come; at zero, or low, it was sent.</summary>
    private void ProveAlerts(Account account)
    {
        foreach (var subscriber in account.Subscribers)
        {
            var threshold = Alerts.ThresholdOf(subscriber, account, catalog);
            var spentLast = _entries.Count > 0 && _entries[^1].Type is EntryType.Deduction;
            Assert.False(spentLast && account.Balance <= threshold && subscriber.LowArmed, "credits are low and nobody was told");
            Assert.False(spentLast && account.Balance == Credits.Zero && subscriber.ExhaustedArmed, "credits are exhausted and nobody was told");
        }
    }
}
