using Billing.Api.Callers;
using Billing.Api.Plans;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Webhooks;
using Billing.Simulation.Runs;
using Billing.Simulation.Storage;
using Billing.Simulation.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Billing.Simulation.Instances;

/// <summary>
/// One process of the backend: the real writer, jobs and consumers over a line of its own. It can die at any moment; a new one, which remembers nothing,
/// takes its place.
/// </summary>
internal sealed class Instance
{
    private const int MostTries = 5;
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(30);
    private readonly World _world;
    private readonly InstanceClock _clock;
    private readonly Dice _dice;
    private readonly int _number;
    private Life _life = null!;
    private Line _line = null!;
    private DueJob _job = null!;
    private Dictionary<string, IConsumer> _consumers = null!;
    private int _lives;

    public Instance(World world, int number, TimeSpan skew, Dice dice)
    {
        (_world, _number, _dice) = (world, number, dice);
        _clock = new InstanceClock(world.Loop, skew);
        Begin();
    }

    public Life Life => _life;

    public WorkspaceWriter Writer { get; private set; } = null!;

    public WorkspaceOpener Opener { get; private set; } = null!;

    /// <summary>The API; null in runs that do without it.</summary>
    public Door? Door { get; private set; }

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Ends all that is under way here, and begins anew with an empty memory.</summary>
    public void Crash()
    {
        _world.Trace.Say(_world.Loop.Now, _life.Name, "crashes");
        _world.Crashes++;
        var ended = _life;
        Begin();
        ended.End();
    }

    /// <summary>A timer of one of the jobs.</summary>
    public async Task TickAsync(string job)
    {
        var life = _life;
        try
        {
            await _job.RunAsync(job, default).ConfigureAwait(false);
        }
        catch (StorageUnavailableException)
        {
            // The next tick tries again.
        }
#pragma warning disable CA1031 // whatever it is, it is what the simulation looks for
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _world.Fail("Timers never throw", $"{life.Name} {job}: {exception}");
        }
    }

    /// <summary>Takes messages off a queue, and works on all of them at once.</summary>
    public async Task PumpAsync(ShardQueue queue, int most)
    {
        try
        {
            var taken = await _line.SendAsync(CallKind.Receive, queue.Shard, $"{queue}", () => _world.Queues.Take(queue, most, Visibility, _dice)).ConfigureAwait(false);
            taken.ForEach(delivered => _ = HandleAsync(delivered));
        }
        catch (StorageUnavailableException)
        {
            // Nothing was received, or it shows itself again.
        }
    }

    private async Task HandleAsync(Delivered delivered)
    {
        var line = _line;
        try
        {
            var consumption = await _consumers[delivered.Queue.Name].ConsumeAsync(delivered.Text, default).ConfigureAwait(false);
            if (consumption.Kind == ConsumptionKind.Parked)
            {
                _world.Fail("Every message is understood", $"{delivered.Queue}: {delivered.Text}: {consumption.Reason}");
            }

            await line.SendAsync(CallKind.Delete, delivered.Queue.Shard, $"{delivered.Queue} {delivered.Text}", () =>
            {
                _world.Queues.Delete(delivered);
                return delivered;
            }).ConfigureAwait(false);
        }
        catch (StorageUnavailableException)
        {
            RefundPosting(delivered);
        }
#pragma warning disable CA1031 // whatever it is, it is what the simulation looks for
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _world.Fail("Consumers never throw", $"{delivered.Queue} {delivered.Text}: {exception}");
        }
    }

    private void RefundPosting(Delivered delivered)
    {
        if (delivered.DequeueCount >= MostTries)
        {
            // To the poison queue, where it waits for an operator: as good as lost.
            _world.Queues.Delete(delivered);
        }
        else
        {
            _world.Queues.Return(delivered, TimeSpan.FromSeconds(delivered.DequeueCount * delivered.DequeueCount));
        }
    }

    private void Begin()
    {
        var life = new Life($"{(char)('A' + _number)}{++_lives}");
        _life = life;
        _line = new Line(_world.Loop, _world.Fates, _world.Shards, life, _world.Trace) { Crash = Crash };
        var ledger = new LineTableStore(_world.Tables, _line);
        var messages = new LineMessageQueue(_world.Queues, _line);
        var catalogs = _world.CatalogsOf(_number + _lives);
        var plans = new PlanMemory(ledger, catalogs, new CacheTime(_clock), NullLogger<PlanMemory>.Instance);
        var ports = new WriterPorts(ledger, messages, catalogs, _clock, attempt => Wait(life, attempt))
        {
            Learn = plans.LearnAsync,
            Start = work => Later(life, TimeSpan.FromMicroseconds(_dice.Between(0, 300)), work),
        };
        Writer = new WorkspaceWriter(ports);
        Opener = new WorkspaceOpener(ports);
        _job = new DueJob(ledger, messages, _world.Shards.Map, _clock);
        var webhooks = new WebhookPorts(ledger, messages, Writer, _clock, request => _world.Receivers.SendAsync(life, request), ports.Backoff, time => After(life, time));
        Door = _world.OverHttp ? new Door(ports, _world.Shards.Map, plans, Writer, Opener, webhooks, bytes => _dice.Bytes(bytes.Length).CopyTo(bytes)) : null;
        var jobs = new JobPorts(ledger, messages, Writer, _clock, webhooks);
        _consumers = JobTable.All.Select(job => job.Consumer(jobs)).ToDictionary(consumer => consumer.Queue);
    }

    private Task Wait(Life life, int attempt)
    {
        var most = 5_000 << Math.Min(attempt, 5);
        return After(life, TimeSpan.FromMicroseconds(most / 2 + _dice.Below(most / 2)));
    }

    private Task After(Life life, TimeSpan delay)
    {
        var over = new TaskCompletionSource();
        Later(life, delay, over.SetResult);
        return over.Task;
    }

    private void Later(Life life, TimeSpan delay, Action work) => _world.Loop.After(delay, () =>
    {
        if (!life.Over)
        {
            work();
        }
    });
}
