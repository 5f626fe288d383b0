using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Engine.Webhooks;
using Billing.Events;
using Billing.Generations;
using Billing.InMemory;
using Billing.Reading;
using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>One storage, one clock, and as many processes with a writer of their own as a test wants.</summary>
internal sealed class World
{
    public const string WorkspaceId = "ws_0123456789abcdef";
    public static readonly DateTimeOffset Start = new(2025, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private int _keys;
    private int _waits;

    public InMemoryTableStore Store { get; } = new();

    public InMemoryMessageQueue Messages { get; } = new();

    /// <summary>What processes begin with.</summary>
    public CatalogSet Catalogs { get; set; } = CatalogSet.Shipped;

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
        var opened = await new WorkspaceOpener(Ports()).OpenAsync(new OpenWorkspace(workspaceId, product, "Studio", WorkspaceType.Team, plan), default);
        Assert.IsType<Outcome<Workspace>.Accepted>(opened);
    }

    /// <summary>A process that has seen nothing yet.</summary>
    public WorkspaceWriter Process(TimeProvider? clock = null) => new(Ports(clock));

    public WriterPorts Ports(TimeProvider? clock = null) => new(Store, Messages, Catalogs, clock ?? Clock, async attempt =>
    {
        Interlocked.Increment(ref _waits);
        await Backoff(attempt);
    });

    /// <summary>What a consumer of a process has. It sends no webhooks.</summary>
    public JobPorts Jobs()
    {
        var writer = Process();
        return new JobPorts(Store, Messages, writer, Clock, new WebhookPorts(Store, Messages, writer, Clock, _ => throw new InvalidOperationException("No webhook is to be sent."), _ => Task.CompletedTask, _ => Task.CompletedTask));
    }

    /// <summary>Submits all before storage answers any of them: who rides in a commit is who came before it, whatever the scheduler does.</summary>
    public async Task<T[]> TogetherAsync<T>(int count, Func<int, Task<T>> submit)
    {
        var submitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Store.BeforeCommit = async (_, _) =>
        {
            await submitted.Task;
            return null;
        };
        var all = Enumerable.Range(0, count).Select(submit).ToList();
        submitted.SetResult();
        return await Task.WhenAll(all);
    }

    /// <summary>An admission of <paramref name="variants"/> credits' worth; its key is new each time, as every request's is.</summary>
    public Work<Admitted> Admit(long variants = 1, string? idempotencyKey = null, bool testMode = false) =>
        Admit([Wanted(variants)], idempotencyKey, testMode);

    public Work<Admitted> Admit(ImmutableArray<AdmitItem> items, string? idempotencyKey = null, bool testMode = false, Requester? requester = null)
    {
        var batch = items.Length > 1;
        var operation = Key(idempotencyKey, items.Length + " " + items[0].Price.Cost) is { } key ? batch ? key : key.OfAdmission() : null;
        var command = new Admit(operation is null || batch ? NextKey() : operation.AdmissionKey, items, TestMode: testMode) { Batch = batch, Requester = requester };
        return new Work<Admitted>((unit, catalog) => AdmitDecision.Decide(unit, catalog, command))
        {
            Operation = operation,
            Answer = admitted => AnswerOf(admitted.Items[0].Generation?.Id, admitted.Workspace.Balance),
            Replay = admission => AnswerOf(admission.Generations[0].Id, admission.Answered!.Left),
        };

        static Reply AnswerOf(string? id, Credits left) => new(201, JsonSerializer.Serialize(new { id, credits = left.ToDecimal() }));
    }

    public static AdmitItem Wanted(long variants)
    {
        var request = ObjectReader.Root(JsonSerializer.SerializeToElement(new { size = "2K", variant_count = variants }));
        var catalog = CatalogSet.Shipped["bloom"];
        var usage = ((Outcome<Usage>.Accepted)catalog.ParseUsage(request)).Value;
        return new AdmitItem(usage, catalog.Price(usage));
    }

    public Work<LedgerEntry> Give(long credits, DateTimeOffset? expiresAt = null) =>
        new((unit, _) => WorkspaceDecisions.Give(unit, new GiveCredits(Credits.Of(credits), expiresAt, "Goodwill")));

    public Work<TopUp> Buy(long credits, string reference) => new((unit, catalog) => TopUpDecisions.Buy(unit, catalog, new BuyCredits(Credits.Of(credits), reference)))
    {
        Reads = [TopUp.KeyOf(TopUp.IdOf(WorkspaceId, reference))],
        Operation = Key(reference, credits.ToString(CultureInfo.InvariantCulture)),
        Answer = topUp => new Reply(201, JsonSerializer.Serialize(new { id = topUp.Id, credits = topUp.Credits.ToDecimal() })),
    };

    /// <summary>One hit on a limit that counts generations, and nothing else.</summary>
    public static Work<bool> Hit(string keyId) => new((unit, _) =>
    {
        unit.RateTaken = 1;
        return true;
    })
    {
        Rate = new RateHit(keyId, null) { Generations = 1 },
        ReadsAccount = false,
    };

    public Work<Settled> Complete(string id, long? units = null) => Settle(id, (unit, catalog) => SettleDecisions.Complete(unit, catalog, new Complete(id, units)));

    public Work<Settled> Fail(string id, string reason = "server_error") => Settle(id, (unit, _) => SettleDecisions.Fail(unit, new Fail(id, reason)));

    public Work<Settled> Heartbeat(string id) => Settle(id, (unit, catalog) => SettleDecisions.Heartbeat(unit, id, catalog.GenerationTimeToLive));

    public Work<Refund> CarryOut(string refundId)
    {
        var generation = RefundDecisions.GenerationOf(refundId)!;
        Assert.True(Ids.TryParse("gen", generation, out _, out var key));
        return new Work<Refund>((unit, _) => RefundDecisions.CarryOut(unit, refundId))
        {
            Reads = [Admission.RowKeyOf(key), Refund.Prefix + refundId],
        };
    }

    /// <summary>Endpoints that want to hear of everything.</summary>
    public Work<bool> Listen(int endpoints) => new((unit, _) =>
    {
        unit.Workspace = unit.Workspace with
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
        Store.BeforeRead = null;
        Store.AfterRead = null;
        Store.BeforeCommit = null;
        Store.AfterCommit = null;
        Messages.BeforeSend = null;
        Messages.AfterSend = null;
        Messages.BeforeReveal = null;
    }

    public ImmutableArray<Row> Rows(string prefix) => [.. Store.RowsOf(Partition).Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal))];

    public Row WorkspaceRow => Rows(Workspace.RowKey).Single();

    public async Task<Workspace> AccountAsync() => (await WorkspaceRows.LoadAsync(Store, WorkspaceId, null, default))!.Workspace;

    public string NextKey() => Ids.TimeOrdered(Clock.Now, BitConverter.GetBytes(Interlocked.Increment(ref _keys)).Reverse().ToArray().Append((byte)0).ToArray());

    private Work<Settled> Settle(string id, Func<UnitOfWork, Catalog, Outcome<Settled>> decide)
    {
        Assert.True(Ids.TryParse("gen", id, out _, out var key));
        return new Work<Settled>(decide) { Reads = [Admission.RowKeyOf(key)] };
    }
}

internal static class WriterSteps
{
    /// <summary>Submits what must be accepted.</summary>
    public static async Task<T> DoAsync<T>(this WorkspaceWriter writer, Work<T> work, string workspaceId = World.WorkspaceId)
    {
        var done = await writer.SubmitAsync(workspaceId, work).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(done);
        return done.Value();
    }

    /// <summary>What was accepted, now or before.</summary>
    public static T Value<T>(this WorkResult<T> done) => done.Outcome switch
    {
        Outcome<T>.Accepted { Value: var value } => value,
        Outcome<T>.AlreadyApplied { Value: var value } => value,
        _ => throw new InvalidOperationException(done.ToString()),
    };

    /// <summary>Submits, again and again while storage is not to be had, as a client would.</summary>
    public static async Task<WorkResult<T>> InsistAsync<T>(this WorkspaceWriter writer, Func<Work<T>> work)
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

    public static string? CodeOf<T>(this WorkResult<T> done) => (done.Outcome as Outcome<T>.Declined)?.Refusal.Code;
}
