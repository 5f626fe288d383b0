using Billing.Accounts;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Overage;
using Billing.Refunds;
using Billing.Renewals;
using Billing.Webhooks;

namespace Billing.Tests.Accounts;

/// <summary>
/// The life of one workspace: decisions taken at instants, as the writer takes them, on rows read back from what the decisions before left.
/// After every step <see cref="Books"/> proves the account against everything that was ever written.
/// </summary>
internal sealed partial class Workspace
{
    public const string Id = "ws_0123456789abcdef";
    private readonly Rows _rows = new();
    private readonly Books _books;
    private readonly bool _thorough;
    private readonly Queue<string> _refundBells = [];
    private int _admissions;
    private StoredAccount _stored;

    private Workspace(Catalog catalog, DateTimeOffset now, CreateAccount create, bool thorough)
    {
        (Catalog, Now, _thorough) = (catalog, now, thorough);
        _books = new Books(catalog, thorough);
        var draft = Accepted(AccountDecisions.Create(create, catalog, now));
        _stored = new StoredAccount(draft.Account, [], null);
        Keep(draft, former: null);
    }

    public Catalog Catalog { get; }

    /// <summary>The clock. Setting it does nothing else: what is due shows with the next step.</summary>
    public DateTimeOffset Now { get; set; }

    public Account Account => _stored.Account;

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
    public IEnumerable<string> Lines => Entries.Select(entry => $"{entry.Tag} {entry.Amount} → {entry.BalanceAfter}");

    public IReadOnlyList<Invoice> Invoices => _books.Invoices;

    public IReadOnlyList<BillingEvent> Events => _books.Events;

    public IEnumerable<Refund> Refunds => _books.Refunds.Values;

    /// <summary>Refunds that the queue has not been asked about yet.</summary>
    public int Bells => _refundBells.Count;

    public static Workspace Of(string product, string now = "2025-11-01T00:00:00Z", string? plan = null, decimal? credits = null) =>
        Of(CatalogSet.Shipped[product], At(now), new CreateAccount(Id, product, "Studio", WorkspaceType.Personal, plan, Amount(credits)));

    public static Workspace TeamOf(string product, string? plan = null) =>
        Of(CatalogSet.Shipped[product], At("2025-11-01T00:00:00Z"), new CreateAccount(Id, product, "Studio", WorkspaceType.Team, plan));

    public static Workspace Of(Catalog catalog, DateTimeOffset now, CreateAccount create, bool thorough = true) => new(catalog, now, create, thorough);

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

    public Admission Admission(string id) => _books.Admissions.Single(admission => admission.Find(id) is not null);

    public bool Holds(string rowKey) => _rows.Find(rowKey) is not null;

    public int LengthOf(string rowKey) => _rows.Find(rowKey)?.Data.Length ?? 0;

    /// <summary>What <paramref name="decide"/> comes to on an account that was brought up to now, with only the rows read that it says it needs.</summary>
    public Outcome<T> Decide<T>(Func<Draft, Outcome<T>> decide, params IEnumerable<string> reads)
    {
        var draft = Open(reads);
        var (account, written) = (draft.Account, draft.Written.Count);
        var outcome = decide(draft);
        if (outcome is Outcome<T>.AlreadyApplied)
        {
            Assert.Same(account, draft.Account);
            Assert.Equal(written, draft.Written.Count);
        }
        else if (outcome is Outcome<T>.Declined)
        {
            // A refusal can be told of; nothing else may come of it.
            Assert.True((account.Entries, account.Balance, account.Running, account.PendingRefunds) == (draft.Account.Entries, draft.Account.Balance, draft.Account.Running, draft.Account.PendingRefunds));
            Assert.All(draft.Written.Values.Skip(written), record => Assert.IsType<BillingEvent>(record));
        }

        Keep(draft, _stored);
        return outcome;
    }

    private Draft Open(IEnumerable<string> reads)
    {
        var keys = reads.ToList();
        while (true)
        {
            Load();
            var due = _books.Admissions.Where(admission => admission.NextExpiryAt <= Now).ToList();
            var draft = new Draft(_stored.Account, Now, _rows.Read(keys.Concat(due.Select(admission => admission.RowKey))));
            if (!Advance.To(draft, Catalog))
            {
                Keep(draft, _stored, complete: false);
                continue;
            }

            foreach (var generation in due.SelectMany(admission => admission.Generations))
            {
                SettleDecisions.Expire(draft, generation.Id);
            }

            return draft;
        }
    }

    /// <summary>Reads the account back from its rows, as another process would: always, or where lives are many now and then.</summary>
    private void Load()
    {
        if (!_thorough && _stored.Account.Version % 4 != 0)
        {
            return;
        }

        var loaded = AccountRows.LoadAsync(_rows, Id, null, default).GetAwaiter().GetResult()!;
        Assert.True(_stored.Account.Grants.All.SequenceEqual(loaded.Account.Grants.All));
        if (_thorough)
        {
            Assert.Equivalent(_stored.Account, loaded.Account, strict: true);
        }

        _stored = loaded;
    }

    private void Keep(Draft draft, StoredAccount? former, bool complete = true)
    {
        if (draft.Written.Count == 0 && ReferenceEquals(draft.Account, former?.Account))
        {
            return;
        }

        var (stored, account) = AccountRows.Store(draft.Account with { Version = draft.Account.Version + 1 }, former);
        var records = draft.Written.Select(pair => pair.Value is null
            ? new RowWrite(WriteKind.Delete, new Row(pair.Key, ""))
            : new RowWrite(draft.IsStored(pair.Key) ? WriteKind.Put : WriteKind.Insert, draft.RowOf(pair.Value)));
        _rows.Commit([.. records, .. account]);
        _stored = stored with { ETag = _rows.Find(Account.RowKey)!.ETag };
        _books.Enter(draft);
        _books.Prove(_stored.Account, complete ? Now : DateTimeOffset.MinValue);
        foreach (var bell in draft.Doorbells.Where(bell => bell.Queue == Queues.Refunds))
        {
            Assert.True(Holds(Refund.Prefix + bell.Id));
            _refundBells.Enqueue(bell.Id);
        }
    }
}
