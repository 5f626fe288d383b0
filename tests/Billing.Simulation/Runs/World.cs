using System.Collections.Immutable;
using Billing.Api.Callers;
using Billing.Api.Plans;
using Billing.Catalogs;
using Billing.Engine.Ports;
using Billing.Simulation.Checking;
using Billing.Simulation.Instances;
using Billing.Simulation.Storage;
using Billing.Simulation.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Billing.Simulation.Runs;

/// <summary>Storage and everybody around it.</summary>
internal sealed class World
{
    public static readonly DateTimeOffset Start = new(2025, 1, 30, 21, 17, 0, TimeSpan.Zero);

    /// <param name="dice">Of the world itself.</param>
    /// <param name="fates">What becomes of calls.</param>
    /// <param name="skews">How far each instance's clock is off; one instance for each.</param>
    /// <param name="traced">Whether a trace is kept.</param>
    /// <param name="overHttp">Whether the instances have the API, too.</param>
    /// <param name="rolls">Whether the instances have two releases of the catalogs.</param>
    /// <param name="shards">How many storage accounts there are.</param>
    public World(Dice dice, IFates fates, IReadOnlyList<TimeSpan> skews, bool traced, bool overHttp = false, bool rolls = false, int shards = 1)
    {
        Shards = new Shards(new ShardMap([.. Enumerable.Repeat(1, shards)]));
        OverHttp = overHttp;
        Rolls = rolls;
        Catalogs = rolls ? Stock.Rolling.Union : Stock.Catalogs;
        Fates = fates;
        Loop = new Loop(Start, new Dice(dice.Next()));
        Trace = new Trace(traced);
        Queues = new QueueService(Loop);
        Receivers = new Receivers(this, new Dice(dice.Next()));
        Witness = new Witness(this);
        Tables.Stored = Witness.OnStored;
        if (rolls)
        {
            // Each of them has sold before.
            Array.ForEach([0, 1], life => new PlanMemory(new DirectTableStore(Tables) { MayWrite = true }, CatalogsOf(life), new CacheTime(TimeProvider.System), NullLogger<PlanMemory>.Instance)
                .ReadyAsync(default).AsTask().GetAwaiter().GetResult());
        }

        Instances = [.. skews.Select((skew, number) => new Instance(this, number, skew, new Dice(dice.Next())))];
        MostSkew = skews.Max();
    }

    /// <summary>True when the instances have the API, too.</summary>
    public bool OverHttp { get; }

    /// <summary>True when the customers over HTTP are members of a team, who may leave it.</summary>
    public bool Teams { get; init; }

    public Loop Loop { get; }

    public Shards Shards { get; }

    /// <summary>True when nothing goes wrong but that a shard is away.</summary>
    public bool OnlyOutages { get; init; }

    /// <summary>Fails when a request found no storage and nothing explains it: neither other faults nor an outage of where it has to go.</summary>
    public void RequireReason(string label, string workspaceId, DateTimeOffset askedAt)
    {
        var own = ShardMap.ShardOf(workspaceId);
        // Over HTTP accounts and keys are looked up; a member has a workspace elsewhere; a release asks for the plans of the other.
        IEnumerable<int> needed = own < 0 || Teams ? Shards.Map.All : OverHttp || Rolls ? [own, Shards.Directory] : [own];
        Require(!OnlyOutages || Shards.WasAway(askedAt, needed), "A shard that is away stops its own workspaces only", () => $"{label} of {workspaceId}");
    }

    /// <summary>The queues of all shards.</summary>
    public IEnumerable<ShardQueue> AllQueues => Shards.Map.All.SelectMany(shard => Engine.Due.Queues.All.Select(name => new ShardQueue(shard, name)));

    public Trace Trace { get; }

    public IFates Fates { get; }

    public TableService Tables { get; } = new();

    public QueueService Queues { get; }

    public Witness Witness { get; }

    public Receivers Receivers { get; }

    /// <summary>True when the instances have two releases of the catalogs.</summary>
    public bool Rolls { get; }

    /// <summary>All that is sold.</summary>
    public CatalogSet Catalogs { get; }

    /// <summary>What an instance sells: with each life it may be the other release.</summary>
    public CatalogSet CatalogsOf(int life) => (!Rolls ? Catalogs : life % 2 == 0 ? Stock.Rolling.Older : Stock.Rolling.Younger).Own();

    public ImmutableArray<Instance> Instances { get; }

    public TimeSpan MostSkew { get; }

    public long Crashes { get; set; }

    /// <summary>Requests that have no answer yet.</summary>
    public int Unanswered { get; set; }

    /// <summary>From then on nothing may go unanswered; null until the faults are over.</summary>
    public DateTimeOffset? CalmAt { get; set; }

    /// <summary>The first thing that went wrong; the run ends with it.</summary>
    public Violation? Violation { get; private set; }

    public void Fail(string invariant, string detail)
    {
        Violation ??= new Violation(invariant, detail);
        Loop.Stopped = true;
    }

    /// <summary>Fails unless something is so.</summary>
    public bool Require(bool so, string invariant, Func<string> detail)
    {
        if (!so)
        {
            Fail(invariant, detail());
        }

        return so;
    }
}
