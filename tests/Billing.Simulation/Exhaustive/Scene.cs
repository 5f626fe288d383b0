using System.Collections.Immutable;
using Billing.Engine.Due;
using Billing.Simulation.Checking;
using Billing.Simulation.Clients;
using Billing.Simulation.Runs;
using Billing.Simulation.Storage;
using Billing.Simulation.Time;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Simulation.Exhaustive;

/// <summary>One small story, played once for each plan of faults, and proven as every run is.</summary>
internal sealed class Scene
{
    private static readonly string[] Jobs = [Queues.Expirations, Queues.Renewals, Queues.OverageCharges, Queues.Webhooks];
    private readonly ScriptedFates _fates;
    private readonly Dice _dice = new(7);

    /// <param name="plan">What goes wrong.</param>
    /// <param name="traced">Whether a trace is kept.</param>
    public Scene(ImmutableArray<Planned> plan, bool traced)
    {
        _fates = new ScriptedFates(plan) { Calm = true };
        World = new World(new Dice(1), _fates, [TimeSpan.Zero, TimeSpan.Zero], traced);
        World.Receivers.Calm = true;
        Proof = new Proof(World);
        Customer = new Customer(new OpenWorkspace("ws_0123456789abcdef", Stock.Loom, "Studio", WorkspaceType.Team, "basic"));
        Clients = new Clients.Clients(World, Proof, [Customer]);
        _ = Customers.OpenAsync(World, Customer, _dice);
        World.Loop.RunOut(10_000);
    }

    public World World { get; }

    public Proof Proof { get; }

    public Customer Customer { get; }

    public Clients.Clients Clients { get; }

    /// <summary>Dice for a request; the same ones in every run of the scene.</summary>
    public static Dice Dice(ulong number) => new(number);

    /// <summary>Does something while nothing goes wrong.</summary>
    public void Prepare(Func<Task> act)
    {
        _ = act();
        World.Loop.RunOut(100_000);
        Convergence.Drain(World, _dice);
    }

    /// <summary>Lets time go by.</summary>
    public void Pass(TimeSpan time) => World.Loop.RunUntil(World.Loop.Now + time);

    /// <summary>Does what the scene is about: from here on calls are counted.</summary>
    public void Act(Func<Task> act)
    {
        _fates.Calm = false;
        _ = act();
        World.Loop.RunUntil(World.Loop.Now + TimeSpan.FromSeconds(5));
    }

    /// <summary>Timers tick once, twice for one of them, and consumers work.</summary>
    public void Work(params string[] jobs)
    {
        foreach (var job in jobs.Length == 0 ? Jobs : jobs)
        {
            _ = World.Instances[0].TickAsync(job);
        }

        for (var round = 0; round < 3; round++)
        {
            World.Loop.RunUntil(World.Loop.Now + TimeSpan.FromSeconds(1));
            foreach (var queue in World.AllQueues.Where(queue => World.Queues.Visible(queue) > 0))
            {
                _ = World.Instances[round % 2].PumpAsync(queue, 4);
            }
        }
    }

    /// <summary>Ends the faults, and proves everything.</summary>
    /// <returns>What each counted call asked for.</returns>
    public List<CallKind> End()
    {
        World.Loop.RunUntil(World.Loop.Now + TimeSpan.FromSeconds(30));
        var calls = _fates.Calls.ToList();
        _fates.Calm = true;
        World.CalmAt = World.Loop.Now + TimeSpan.FromMinutes(1);
        Convergence.Reach(World, _dice);
        if (!World.Loop.Stopped)
        {
            World.Require(World.Unanswered == 0, "Every request is answered", () => $"{World.Unanswered} are not");
            new Books(World, Proof, Customer.WorkspaceId).Prove();
            Deliveries.Prove(World, Customer.WorkspaceId);
            Feed.Prove(World, Customer.WorkspaceId);
        }

        return calls;
    }
}
