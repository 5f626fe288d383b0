using System.Collections.Immutable;
using Billing.Catalogs;
using Billing.Simulation.Checking;
using Billing.Simulation.Instances;
using Billing.Simulation.Storage;
using Billing.Simulation.Time;

namespace Billing.Simulation.Runs;

/// <summary>One storage account and everybody around it.</summary>
internal sealed class World
{
    public static readonly DateTimeOffset Start = new(2025, 1, 30, 21, 17, 0, TimeSpan.Zero);

    /// <param name="dice">Of the world itself.</param>
    /// <param name="fates">What becomes of calls.</param>
    /// <param name="skews">How far each instance's clock is off; one instance for each.</param>
    /// <param name="traced">Whether a trace is kept.</param>
    /// <param name="overHttp">Whether the instances have the API, too.</param>
    public World(Dice dice, IFates fates, IReadOnlyList<TimeSpan> skews, bool traced, bool overHttp = false)
    {
        OverHttp = overHttp;
        Fates = fates;
        Loop = new Loop(Start, new Dice(dice.Next()));
        Trace = new Trace(traced);
        Queues = new QueueService(Loop);
        Receivers = new Receivers(this, new Dice(dice.Next()));
        Witness = new Witness(this);
        Tables.Stored = Witness.OnStored;
        Instances = [.. skews.Select((skew, number) => new Instance(this, $"{(char)('A' + number)}", skew, new Dice(dice.Next())))];
        MostSkew = skews.Max();
    }

    /// <summary>True when the instances have the API, too.</summary>
    public bool OverHttp { get; }

    public Loop Loop { get; }

    public Trace Trace { get; }

    public IFates Fates { get; }

    public TableService Tables { get; } = new();

    public QueueService Queues { get; }

    public Witness Witness { get; }

    public Receivers Receivers { get; }

    public CatalogSet Catalogs { get; } = Stock.Catalogs;

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
