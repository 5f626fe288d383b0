using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.RateLimits;
using Billing.Simulation.Clients;
using Billing.Simulation.Runs;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Simulation.Checking;

/// <summary>What clients were told. Each answer is proven when it is given; what it promises is kept, and proven again at the end.</summary>
internal sealed class Proof(World world)
{
    private readonly Dictionary<(string, string), Reply> _replies = [];

    /// <summary>Admissions that were sent, by key, whether answered or not.</summary>
    public Dictionary<string, Attempt> Attempts { get; } = [];

    /// <summary>Grants that were asked for, by their reasons, and whether one was answered with success.</summary>
    public Dictionary<(string WorkspaceId, string Reason), (Credits Credits, bool Answered)> Grants { get; } = [];

    /// <summary>Top-ups that were asked for, by reference, and whether one was answered with success.</summary>
    public Dictionary<(string WorkspaceId, string Reference), (Credits Credits, bool Answered, bool Reversed)> TopUps { get; } = [];

    /// <summary>The furthest news of each payment that was answered with success.</summary>
    public Dictionary<(string WorkspaceId, string Reference), PaymentStatus> Payments { get; } = [];

    /// <summary>How settlements were answered.</summary>
    public Dictionary<string, Settlement> Settled { get; } = [];

    /// <summary>Refund requests and reviews as answered last: what can never be otherwise again.</summary>
    public Dictionary<string, RefundStatus> Refunds { get; } = [];

    /// <summary>Hits that were let in, by key.</summary>
    public Dictionary<RateHit, List<DateTimeOffset>> Hits { get; } = [];

    /// <summary>How many answers were proven.</summary>
    public long Answers { get; set; }

    /// <summary>Proves an answer against what is stored at this very moment.</summary>
    public void Hear<T>(Answered asked, WorkResult<T>? done)
    {
        Answers++;
        if (!Require(done is not null, "A workspace that is there is found", asked))
        {
            return;
        }

        Count(asked, done!);
        if (done!.Outcome is null && !done.Replayed)
        {
            Require(done.Rate is { Accepted: false }, "Every request is decided", asked);
            return;
        }

        Require(
            !asked.ReadsAccount || done.Workspace.Version >= asked.VersionWhenAsked,
            "Every decision rests on what was stored when it was asked for",
            asked,
            () => $"version {done.Workspace.Version}; {asked.VersionWhenAsked} was stored before");
        ProveLedger(asked, done.Workspace);
        ProveReply(asked, done);
    }

    /// <summary>Notes what an answer says of a generation.</summary>
    public void Settle(string id, Settlement settlement)
    {
        if (settlement.Status != GenerationStatus.Running)
        {
            Settled[id] = settlement;
        }
    }

    private void ProveLedger(Answered asked, Workspace workspace)
    {
        if (workspace.Entries == 0)
        {
            return;
        }

        var newest = world.Tables.Rows(new Partition(Table.Ledger, asked.WorkspaceId), LedgerPage.Prefix)
            .Select(row => RowJson.Read<LedgerPage>(row.Data)).SkipWhile(page => page.First > workspace.Entries).FirstOrDefault();
        Require(newest is not null && newest.Entries.SingleOrDefault(entry => entry.Sequence == workspace.Entries)?.Hash() == workspace.Head, "Each answered success is stored", asked, () => $"entry {workspace.Entries} is not the one that was answered");
    }

    private void ProveReply<T>(Answered asked, WorkResult<T> done)
    {
        if (asked.Operation is not { } operation)
        {
            return;
        }

        if (done.Answer is not { } reply)
        {
            // A refusal for want of something: no earlier copy of the request may have been carried out.
            var stored = world.Tables.Read(new Partition(Table.Ledger, asked.WorkspaceId), operation.RowKey);
            var code = (done.Outcome as Outcome<T>.Declined)?.Refusal.Code;
            Require(
                stored is null || code == RefusalCodes.IdempotencyKeyReused,
                "A repeat is never refused what was accepted",
                asked,
                () => $"{code}, but {stored!.Data} is stored");
            return;
        }

        var row = world.Tables.Read(new Partition(Table.Ledger, asked.WorkspaceId), operation.RowKey);
        Require(row is not null && RowJson.Read<Operation>(row.Data).Reply == reply, "Each answered success is stored", asked, () => "its answer is not stored");
        var first = _replies.TryGetValue((asked.WorkspaceId, operation.RowKey), out var known) ? known : _replies[(asked.WorkspaceId, operation.RowKey)] = reply;
        Require(first == reply, "Replays are byte-identical", asked, () => $"{first} and {reply}");
    }

    private void Count<T>(Answered asked, WorkResult<T> done)
    {
        if (asked.Rate is not { Counts: true, Override: { } limit } hit || done.Rate is not { Accepted: true } decision)
        {
            return;
        }

        var key = hit with { Generations = 0, EachAlone = false };
        if (!Hits.TryGetValue(key, out var hits))
        {
            Hits.Add(key, hits = []);
        }

        hits.AddRange(Enumerable.Repeat(decision.Headers.Now, HitsOf(done, limit)));
    }

    /// <summary>What an answer costs of its key's limit: nothing for a repeat and for want of a slot.</summary>
    private static int HitsOf<T>(WorkResult<T> done, RateLimit limit) => done switch
    {
        { Replayed: true } => 0,
        { Outcome: Outcome<T>.Declined { Refusal.Code: RefusalCodes.ConcurrencyLimit or RefusalCodes.IdempotencyKeyReused } } => 0,
        _ when limit.Counts == RateUnit.Requests => 1,
        { Outcome: Outcome<Admitted>.Accepted { Value: var admitted } } => admitted.Items.Count(item => item.Generation is not null),
        _ => 0,
    };

    private bool Require(bool so, string invariant, Answered asked, Func<string>? detail = null) =>
        world.Require(so, invariant, () => $"{asked.Label}{(detail is null ? "" : ": " + detail())}");
}

/// <summary>An admission as it was sent to one instance.</summary>
/// <param name="WorkspaceId">Whose.</param>
/// <param name="Key">The admission's key, should it be stored.</param>
/// <param name="Batch">Whether it was sent as a batch.</param>
/// <param name="IdempotencyKey">Of all that have the same only one may be stored; null for no such bond.</param>
internal sealed record Attempt(string WorkspaceId, string Key, bool Batch, string? IdempotencyKey)
{
    /// <summary>The generations that were answered, and what each was charged; null until they were.</summary>
    public IReadOnlyList<(string Id, Credits Charged)>? Answered { get; set; }

    /// <summary>True when it was answered with a refusal.</summary>
    public bool Refused { get; set; }
}

/// <summary>How a generation ended.</summary>
internal sealed record Settlement(GenerationStatus Status, long? SucceededUnits, string? Reason)
{
    public static Settlement Of(Generation generation) => new(generation.Status, generation.SucceededUnits, generation.Reason);
}
