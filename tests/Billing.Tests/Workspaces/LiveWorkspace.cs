using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;
using Billing.Generations;
using Billing.Overage;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Tests.Workspaces;

/// <summary>
/// The life of one workspace: decisions taken at instants, as the writer takes them, on rows read back from what the decisions before left.
/// After every step <see cref="Books"/> proves the account against everything that was ever written.
/// </summary>
internal sealed partial class LiveWorkspace
{
    public const string Id = "ws_0123456789abcdef";
    private readonly Rows _rows = new();
    private readonly Books _books;
    private readonly bool _thorough;
    private readonly Queue<string> _refunds = [];
    private int _admissions;
    private StoredWorkspace _stored;

    private LiveWorkspace(Catalog catalog, DateTimeOffset now, OpenWorkspace create, bool thorough)
    {
        (Catalog, Now, _thorough) = (catalog, now, thorough);
        _books = new Books(catalog, thorough);
        var unit = Accepted(WorkspaceDecisions.Create(create, catalog, now));
        _stored = new StoredWorkspace(unit.Workspace, [], null);
        Keep(unit, former: null);
    }

    public Catalog Catalog { get; }

    /// <summary>The clock. Setting it does nothing else: what is due shows with the next step.</summary>
    public DateTimeOffset Now { get; set; }

    public Workspace Account => _stored.Workspace;

    public decimal Balance => Account.Balance.ToDecimal();

    public decimal PlanCredits => Account.Grants.TotalOf(GrantKind.Plan).ToDecimal();

    public decimal BonusCredits => Account.Grants.TotalOf(GrantKind.Bonus).ToDecimal();

    public decimal TopUpCredits => Account.Grants.TotalOf(GrantKind.TopUp).ToDecimal();

    public Subscription Subscription => Account.Subscription!;

    public PeriodUsage Usage => Account.UsageAt(Now);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _books.Entries;

    public LedgerEntry LastEntry => _books.Entries[^1];

    /// <summary>The ledger, oldest first, as <c>purchase 100 → 100</c>.</summary>
    public IEnumerable<string> Lines => Entries.Select(entry => $"{entry.Type.Name()} {entry.Amount} → {entry.BalanceAfter}");

    public IReadOnlyList<Invoice> Invoices => _books.Invoices;

    /// <summary>What endpoints of the customer's hear.</summary>
    public IReadOnlyList<BillingEvent> Events => [.. _books.Events.Where(told => !told.Targets.IsEmpty)];

    /// <summary>What the seller hears: everything.</summary>
    public IReadOnlyList<BillingEvent> ForSeller => _books.Events;

    public IEnumerable<Refund> Refunds => _books.Refunds.Values;

    /// <summary>Refunds that the queue has not been asked about yet.</summary>
    public int PendingRefunds => _refunds.Count;

    public static LiveWorkspace Of(string product, string now = "2025-11-01T00:00:00Z", string? plan = null, decimal? credits = null) =>
        Of(CatalogSet.Shipped[product], At(now), new OpenWorkspace(Id, product, "Studio", WorkspaceType.Personal, plan, Amount(credits)));

    public static LiveWorkspace TeamOf(string product, string? plan = null) =>
        Of(CatalogSet.Shipped[product], At("2025-11-01T00:00:00Z"), new OpenWorkspace(Id, product, "Studio", WorkspaceType.Team, plan));

    public static LiveWorkspace Of(Catalog catalog, DateTimeOffset now, OpenWorkspace create, bool thorough = true) => new(catalog, now, create, thorough);

    public static DateTimeOffset At(string text)
    {
        Assert.True(Instants.TryParse(text, out var at), text);
        return at;
    }

    public static Credits Amount(decimal amount)
    {
        Assert.True(Billing.Credits.TryFrom(amount, out var credits));
        return credits;
    }

    public static Credits? Amount(decimal? amount) => amount is { } some ? Amount(some) : null;

    public static T Accepted<T>(Outcome<T> outcome)
    {
        Assert.True(outcome is Outcome<T>.Accepted, (outcome as Outcome<T>.Declined)?.Refusal.ToString() ?? outcome.ToString());
        return ((Outcome<T>.Accepted)outcome).Value;
    }

    public static T Repeated<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.AlreadyApplied>(outcome).Value;

    public static Refusal Declined<T>(string code, Outcome<T> outcome)
    {
        var refusal = Assert.IsType<Outcome<T>.Declined>(outcome).Refusal;
        Assert.Equal(code, refusal.Code);
        return refusal;
    }

    public Generation Generation(string id) => _books.Generation(id);

    public Payment PaymentOf(string reference) => _books.Payments[reference];

    public Admission Admission(string id) => _books.Admissions.Single(admission => admission.Find(id) is not null);

    public bool Holds(string rowKey) => _rows.Find(rowKey) is not null;

    public int LengthOf(string rowKey) => _rows.Find(rowKey)?.Data.Length ?? 0;

    /// <summary>What <paramref name="decide"/> comes to on an account that was brought up to now, with only the rows read that it says it needs.</summary>
    public Outcome<T> Decide<T>(Func<UnitOfWork, Outcome<T>> decide, params IEnumerable<string> reads)
    {
        var unit = Open(reads);
        var (workspace, written) = (unit.Workspace, unit.Written.Count);
        var outcome = decide(unit);
        if (outcome is Outcome<T>.AlreadyApplied)
        {
            Assert.Same(workspace, unit.Workspace);
            Assert.Equal(written, unit.Written.Count);
        }
        else if (outcome is Outcome<T>.Declined)
        {
            // A refusal can be told of; nothing else may come of it.
            Assert.True((workspace.Entries, workspace.Balance, workspace.Running, workspace.PendingRefunds) == (unit.Workspace.Entries, unit.Workspace.Balance, unit.Workspace.Running, unit.Workspace.PendingRefunds));
            Assert.All(unit.Written.Values.Skip(written), record => Assert.True(record is BillingEvent or ScheduledAttempt));
        }

        Keep(unit, _stored);
        return outcome;
    }

    private UnitOfWork Open(IEnumerable<string> reads)
    {
        var keys = reads.ToList();
        for (var commits = 0; commits < 1_000; commits++)
        {
            Load();
            var due = _books.Admissions.Where(admission => admission.NextExpiryAt <= Now).ToList();
            var unit = new UnitOfWork(_stored.Workspace, Now, _rows.Read(keys.Concat(due.Select(admission => admission.RowKey))));
            if (Present.To(unit, Catalog, [.. due.SelectMany(admission => admission.Generations).Select(generation => generation.Id)], more: false))
            {
                return unit;
            }

            Keep(unit, _stored, complete: false);
        }

        throw new InvalidOperationException("What is due does not come to an end.");
    }

    /// <summary>Reads the account back from its rows, as another process would: always, or where lives are many now and then.</summary>
    private void Load()
    {
        if (!_thorough && _stored.Workspace.Version % 4 != 0)
        {
            return;
        }

        var loaded = WorkspaceRows.LoadAsync(_rows, Id, null, default).GetAwaiter().GetResult()!;
        Assert.True(_stored.Workspace.Grants.All.SequenceEqual(loaded.Workspace.Grants.All));
        if (_thorough)
        {
            Assert.Equivalent(_stored.Workspace, loaded.Workspace, strict: true);
        }

        _stored = loaded;
    }

    private void Keep(UnitOfWork unit, StoredWorkspace? former, bool complete = true)
    {
        if (unit.Written.Count == 0 && ReferenceEquals(unit.Workspace, former?.Workspace))
        {
            return;
        }

        var (stored, account) = WorkspaceRows.Store(unit.Workspace with { Version = unit.Workspace.Version + 1 }, former);
        var records = unit.Written.Where(pair => pair.Value is null).Select(pair => new RowWrite(WriteKind.Delete, new Row(pair.Key, "")))
            .Concat(unit.Records.Select(record => new RowWrite(unit.IsStored(record.RowKey) ? WriteKind.Put : WriteKind.Insert, RowJson.ToRow(record))));
        _rows.Commit([.. records, .. account]);
        _stored = stored with { ETag = _rows.Find(Workspace.RowKey)!.ETag };
        _books.Enter(unit);
        _books.Prove(_stored.Workspace, complete ? Now : DateTimeOffset.MinValue);
        foreach (var message in OutgoingMessages.For(unit).Where(message => message.Queue == Queues.Refunds))
        {
            Assert.True(Holds(Refund.Prefix + message.Id));
            _refunds.Enqueue(message.Id);
        }
    }
}
