using System.Collections.Immutable;
using Billing.Engine.Due;
using Billing.Simulation.Checking;
using Billing.Simulation.Clients;
using Billing.Simulation.Storage;
using Billing.Simulation.Time;

namespace Billing.Simulation.Runs;

/// <summary>One seeded run: clients, timers, consumers and crashes over storage that fails, then calm, then the proof.</summary>
internal sealed class SeededRun
{
    private const int MostBacklog = 40;

    /// <summary>Every third seed has the API before the writer, and clients that come over HTTP.</summary>
    private const int EveryOverHttp = 3;

    /// <summary>In every fourth, two releases of the catalogs run side by side.</summary>
    private const int EveryRolling = 4;

    /// <summary>Of those over HTTP, every second has customers who are members of a team.</summary>
    private const int EveryTeam = 2 * EveryOverHttp;

    /// <summary>In every fifth workspaces lie in two storage accounts, of which one is away at times; in every second of those nothing else goes wrong.</summary>
    private const int EverySharded = 5;
    private readonly RunOptions _options;
    private readonly SeededFates _fates;
    private readonly World _world;
    private readonly Proof _proof;
    private readonly ImmutableArray<Customer> _customers;
    private readonly Clients.Clients _clients;
    private readonly WebProof? _webProof;
    private readonly bool _skewed;
    private readonly int _haste;

    private SeededRun(RunOptions options)
    {
        _options = options;
        var dice = Dice.For(options.Seed, ulong.MaxValue);
        var sharded = options.Seed % EverySharded == 0;
        var onlyOutages = options.Seed % (2 * EverySharded) == 0;
        _fates = new SeededFates(new Dice(dice.Next()), options.MostFaults, none: onlyOutages);
        _skewed = dice.Chance(400);
        var skews = Enumerable.Range(0, dice.Between(1, 3)).Select(_ => _skewed ? TimeSpan.FromMilliseconds(dice.Between(0, 20_000)) : TimeSpan.Zero).ToList();
        _world = new World(new Dice(dice.Next()), _fates, skews, options.Traced, overHttp: options.Seed % EveryOverHttp == EveryOverHttp - 1, rolls: options.Seed % EveryRolling == EveryRolling - 1, shards: sharded ? 2 : 1)
        {
            Teams = options.Seed % EveryTeam == EveryTeam - 1,
            OnlyOutages = onlyOutages,
        };
        _proof = new Proof(_world);
        _customers = Customers.Of(dice, _world.Shards.Map);
        _webProof = _world.OverHttp ? new WebProof(_world, _proof) : null;
        var web = _webProof is null ? null : new WebClients(_world, _proof, _webProof);
        _clients = new Clients.Clients(_world, _proof, _customers, web);
        _haste = dice.Pick([0, 1, 2]);
        foreach (var customer in _customers)
        {
            _ = web?.OpenAsync(customer, new Dice(dice.Next())) ?? Customers.OpenAsync(_world, customer, new Dice(dice.Next()));
        }
    }

    /// <summary>Runs, on the calling thread.</summary>
    public static RunResult Run(RunOptions options)
    {
        var simulation = new SeededRun(options);
        try
        {
            simulation.Run();
        }
#pragma warning disable CA1031 // a failing check of the simulation's own is a failing run
        catch (Exception exception)
#pragma warning restore CA1031
        {
            simulation._world.Fail("The simulation itself is sound", exception.ToString());
        }

        var world = simulation._world;
        var figures = new RunFigures(world.Loop.Turns, world.Witness.Commits, simulation._fates.Faults, world.Crashes, simulation._proof.Answers, world.Shards.Outages);
        return new RunResult(options, world.Violation, figures, world.Trace.Digest, world.Trace.Lines);
    }

    private void Run()
    {
        _world.Loop.RunOut(100_000);
        for (var number = 0; number < _options.Operations && !_world.Loop.Stopped; number++)
        {
            if (_options.Only?.Contains(number) != false)
            {
                Step(number, Dice.For(_options.Seed, (ulong)number));
            }
        }

        _fates.Calm = true;
        _world.Shards.Return(_world.Loop.Now);
        _world.Receivers.Calm = true;
        _world.CalmAt = _world.Loop.Now + TimeSpan.FromMinutes(15);
        var last = Dice.For(_options.Seed, ulong.MaxValue - 1);
        Convergence.Reach(_world, last);
        if (_world.Loop.Stopped)
        {
            return;
        }

        _world.Require(_world.Unanswered == 0, "Every request is answered", () => $"{_world.Unanswered} are not");
        _webProof?.Close(_customers);
        foreach (var customer in _customers)
        {
            new Books(_world, _proof, customer.WorkspaceId).Prove();
            Deliveries.Prove(_world, customer.WorkspaceId);
            Feed.Prove(_world, customer.WorkspaceId);
        }

        if (!_skewed)
        {
            RateWindows.Prove(_world, _proof);
        }
    }

    /// <summary>Some time goes by, things happen around the clients, and one of them asks for something.</summary>
    private void Step(int number, Dice dice)
    {
        _world.Loop.RunUntil(_world.Loop.Now + Pause(dice));
        if (dice.Chance(25))
        {
            dice.Pick(_world.Instances).Crash();
        }

        if (_world.Shards.Map.Count > 1)
        {
            Switch(dice);
        }

        // A timer ticks not at all, once, twice or three times. What it rang for last is mostly done by then: else most of a run is messages.
        if (dice.Chance(80) && _world.Queues.Count < MostBacklog)
        {
            var (job, _) = dice.Pick(Schedules.All);
            for (var ticks = dice.Between(1, 3); ticks > 0; ticks--)
            {
                _ = dice.Pick(_world.Instances).TickAsync(job);
            }
        }

        foreach (var queue in _world.AllQueues.Where(queue => _world.Queues.Visible(queue) > 0 && dice.Chance(400)))
        {
            _ = dice.Pick(_world.Instances).PumpAsync(queue, dice.Between(1, 8));
        }

        _ = _clients.ActAsync(number, dice);
    }

    /// <summary>A shard goes away, or is back; the directory's as well as the other.</summary>
    private void Switch(Dice dice)
    {
        if (dice.Chance(60))
        {
            _world.Shards.Lose(dice.Below(_world.Shards.Map.Count), _world.Loop.Now);
        }
        else if (dice.Chance(120))
        {
            _world.Shards.Return(_world.Loop.Now);
        }
    }

    private TimeSpan Pause(Dice dice) => dice.Below(1000) switch
    {
        < 500 => TimeSpan.FromMicroseconds(dice.Between(0, 3_000)),
        < 750 => TimeSpan.FromMilliseconds(dice.Between(0, 100 << (_haste * 3))),
        < 880 => TimeSpan.FromMilliseconds(dice.Between(0, 20_000)),
        < 950 => TimeSpan.FromMinutes(dice.Between(1, 90)),
        < 985 => TimeSpan.FromHours(dice.Between(1, 30)),
        < 995 => TimeSpan.FromHours(dice.Between(24, 24 * 8)),
        _ => TimeSpan.FromDays(dice.Between(10, 70)),
    };
}
