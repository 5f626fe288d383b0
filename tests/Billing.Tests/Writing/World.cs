using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Refunds;
using Billing.Testing;
using Billing.Webhooks;
using Billing.Writing;

namespace Billing.Tests.Writing;

/// <summary>One storage, one clock, and as many processes with a writer of their own as a test wants.</summary>
internal sealed class World
{
    public const string WorkspaceId = "ws_0123456789abcdef";
    public static readonly DateTimeOffset Start = new(2025, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private int _keys;
    private int _waits;

    public InMemoryLedger Ledger { get; } = new();

    public InMemoryDoorbell Doorbell { get; } = new();

    public StillClock Clock { get; } = new(Start);

    public Partition Partition { get; } = new(Table.Ledger, WorkspaceId);

    /// <summary>How often a writer waited before it tried again.</summary>
    public int Waits => _waits;

    /// <summary>Waits as a process would, in real time but shortly.</summary>
    public Func<int, Task> Backoff { get; set; } = _ => Task.Delay(Random.Shared.Next(3));

    public static async Task<World> OpenAsync(string product = "bloom", string? plan = null, long credits = 0)
    {
        var world = new World();
        await world.OpenAsync(WorkspaceId, product, plan);
        if (credits > 0)
        {
            await world.Process().DoAsync(world.Give(credits));
        }

        return world;
    }

    public async Task OpenAsync(string workspaceId, string product, string? plan = null)
    {
        var opened = await new AccountOpener(Ports()).OpenAsync(new CreateAccount(workspaceId, product, "Studio", WorkspaceType.Team, plan), default);
        Assert.IsType<Outcome<Account>.Accepted>(opened);
    }

    /// <summary>A process that has seen nothing yet.</summary>
    public AccountWriter Process(TimeProvider? clock = null) => new(Ports(clock));

    public WriterPorts Ports(TimeProvider? clock = null) => new(Ledger, Doorbell, CatalogSet.Shipped, clock ?? Clock, async attempt =>
    {
        Interlocked.Increment(ref _waits);
        await Backoff(attempt);
    });

    /// <summary>An admission of <paramref name="variants"/> credits' worth; its key is new each time, as every request's is.</summary>
    public Work<Admitted> Admit(long variants = 1, string? idempotencyKey = null, bool testMode = false) =>
        Admit([Wanted(variants)], idempotencyKey, testMode);

    public Work<Admitted> Admit(ImmutableArray<Wanted> items, string? idempotencyKey = null, bool testMode = false)
    {
        var command = new Admit(NextKey(), items, TestMode: testMode) { Batch = items.Length > 1 };
        return new Work<Admitted>((draft, catalog) => AdmitDecision.Decide(draft, catalog, command))
        {
            Operation = Key(idempotencyKey, items.Length + " " + items[0].Price.Cost),
            Answer = admitted => new Reply(201, JsonSerializer.Serialize(new { id = admitted.Items[0].Generation?.Id, credits = admitted.Account.Balance.ToDecimal() })),
        };
    }

    public static Wanted Wanted(long variants)
    {
        var fields = new Dictionary<string, JsonElement>
        {
            ["size"] = JsonSerializer.SerializeToElement("2K"),
            ["variant_count"] = JsonSerializer.SerializeToElement(variants),
        };
        var catalog = CatalogSet.Shipped["bloom"];
        var usage = catalog.ParseUsage(fields).Usage!;
        return new Wanted(usage, catalog.Price(usage));
    }

    public Work<LedgerEntry> Give(long credits, DateTimeOffset? expiresAt = null) =>
        new((draft, _) => AccountDecisions.Give(draft, new GiveCredits(Credits.Of(credits), expiresAt, "Goodwill")));

    public Work<TopUp> Buy(long credits, string reference) => new((draft, catalog) => TopUpDecisions.Buy(draft, catalog, new BuyCredits(Credits.Of(credits), reference)))
    {
        Reads = [TopUp.KeyOf(TopUp.IdOf(WorkspaceId, reference))],
        Operation = Key(reference, credits.ToString(CultureInfo.InvariantCulture)),
        Answer = topUp => new Reply(201, JsonSerializer.Serialize(new { id = topUp.Id, credits = topUp.Credits.ToDecimal() })),
    };

    public Work<Settled> Complete(string id, long? units = null) => Settle(id, (draft, _) => SettleDecisions.Complete(draft, new Complete(id, units)));

    public Work<Settled> Fail(string id, string reason = "server_error") => Settle(id, (draft, _) => SettleDecisions.Fail(draft, new Fail(id, reason)));

    public Work<Settled> Heartbeat(string id) => Settle(id, (draft, catalog) => SettleDecisions.Heartbeat(draft, id, catalog.GenerationTimeToLive));

    public Work<Refund> CarryOut(string refundId)
    {
        var generation = RefundDecisions.GenerationOf(refundId)!;
        Assert.True(Ids.TryParse("gen", generation, out _, out var key));
        var (running, settled) = SettleDecisions.RowKeysOf(key);
        return new Work<Refund>((draft, _) => RefundDecisions.CarryOut(draft, refundId))
        {
            Reads = [running, settled, Refund.Prefix + refundId],
        };
    }

    /// <summary>Endpoints that want to hear of everything.</summary>
    public Work<bool> Listen(int endpoints) => new((draft, _) =>
    {
        draft.Account = draft.Account with
        {
            Subscribers = [.. Enumerable.Range(0, endpoints).Select(number => new Subscriber(
                $"we_0123456789abcdef{number:d17}", [.. EventTypes.All], new Credits(1_000_000_001), LowArmed: true, ExhaustedArmed: true))],
        };
        return true;
    });

    public static OperationKey? Key(string? idempotencyKey, string body) =>
        idempotencyKey is null ? null : OperationKey.Of("POST /somewhere", idempotencyKey, Encoding.UTF8.GetBytes(body));

    /// <summary>Storage does what it is asked to from here on.</summary>
    public void Calm()
    {
        Ledger.BeforeRead = null;
        Ledger.AfterRead = null;
        Ledger.BeforeCommit = null;
        Ledger.AfterCommit = null;
        Doorbell.BeforeRing = null;
        Doorbell.AfterRing = null;
        Doorbell.BeforeReveal = null;
    }

    public ImmutableArray<Row> Rows(string prefix) => [.. Ledger.RowsOf(Partition).Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal))];

    public Row AccountRow => Rows(Account.RowKey).Single();

    public async Task<Account> AccountAsync() => (await AccountRows.LoadAsync(Ledger, WorkspaceId, null, default))!.Account;

    public string NextKey() => Ids.TimeOrdered(Clock.Now, BitConverter.GetBytes(Interlocked.Increment(ref _keys)).Reverse().ToArray().Append((byte)0).ToArray());

    private Work<Settled> Settle(string id, Func<Draft, Catalog, Outcome<Settled>> decide)
    {
        Assert.True(Ids.TryParse("gen", id, out _, out var key));
        var (running, settled) = SettleDecisions.RowKeysOf(key);
        return new Work<Settled>(decide) { Reads = [running, settled] };
    }
}

internal static class WriterSteps
{
    /// <summary>Submits what must be accepted.</summary>
    public static async Task<T> DoAsync<T>(this AccountWriter writer, Work<T> work, string workspaceId = World.WorkspaceId)
    {
        var done = await writer.SubmitAsync(workspaceId, work).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(done);
        return done.Value();
    }

    /// <summary>What was accepted, now or before.</summary>
    public static T Value<T>(this Done<T> done) => done.Outcome switch
    {
        Outcome<T>.Accepted { Value: var value } => value,
        Outcome<T>.AlreadyApplied { Value: var value } => value,
        _ => throw new InvalidOperationException(done.ToString()),
    };

    /// <summary>Submits, again and again while storage is not to be had, as a client would.</summary>
    public static async Task<Done<T>> InsistAsync<T>(this AccountWriter writer, Func<Work<T>> work)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return (await writer.SubmitAsync(World.WorkspaceId, work()).WaitAsync(TimeSpan.FromSeconds(30)))!;
            }
            catch (StorageUnavailableException) when (attempt < 5)
            {
            }
        }
    }

    public static string? CodeOf<T>(this Done<T> done) => (done.Outcome as Outcome<T>.Declined)?.Refusal.Code;
}
