using System.Collections.Concurrent;

namespace Billing.Webhooks;

/// <summary>Delivers what is due at endpoints: one attempt at a time for each endpoint, and never so long that other endpoints wait for their turn.</summary>
internal sealed class Lanes(WebhookPorts ports, DeliveryLinks links) : IDisposable
{
    private const int MostLooks = 8;
    private const int MostSlow = 6;
    private const int MostGuarded = 10_000;

    /// <summary>How long one message may keep its consumer waiting for answers; the attempt that exceeds it is the last.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    /// <summary>Longer than any attempt takes to be made and stored.</summary>
    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan SlowTurn = TimeSpan.FromSeconds(5);

    // Instances' clocks differ a little: a bell that comes this early is rung again.
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _slow = new(MostSlow);
    private readonly ConcurrentDictionary<string, string> _guarded = new(StringComparer.Ordinal);

    /// <summary>Answers a bell.</summary>
    public async Task RunAsync(EndpointBell bell, CancellationToken stopping)
    {
        var budget = Budget;
        for (var look = 0; look < MostLooks && budget > TimeSpan.Zero; look++)
        {
            var run = new LaneRun(ports, links, bell);
            await run.LookAsync(stopping).ConfigureAwait(false);
            if (run.Endpoint is null)
            {
                await RemoveAsync(bell, stopping).ConfigureAwait(false);
                return;
            }

            if (run.Due.IsEmpty)
            {
                await RingAgainAsync(bell, run.NextAt).ConfigureAwait(false);
                return;
            }

            if (run.Lane.Held && run.Lane.Token != bell.Token)
            {
                await GuardAsync(bell with { Token = run.Lane.Token }).ConfigureAwait(false);
                return;
            }

            if (run.Lane.Slow && !_slow.Wait(0, CancellationToken.None))
            {
                await ports.Doorbell.RingAsync(Queues.Webhooks, bell.EndpointId, SlowTurn, default).ConfigureAwait(false);
                return;
            }

            budget -= await DeliverAsync(run, budget, stopping).ConfigureAwait(false);
        }

        // Others want their turn, too.
        await ports.Doorbell.RingAsync(Queues.Webhooks, bell.EndpointId, TimeSpan.Zero, default).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _slow.Dispose();

    private async Task<TimeSpan> DeliverAsync(LaneRun run, TimeSpan budget, CancellationToken stopping)
    {
        var slow = run.Lane.Slow;
        try
        {
            return await run.TryTakeAsync().ConfigureAwait(false) ? await run.DeliverAsync(budget, stopping).ConfigureAwait(false) : TimeSpan.Zero;
        }
        finally
        {
            if (slow)
            {
                _slow.Release();
            }
        }
    }

    /// <summary>Comes back to a lane that is held: its holder looks again when it is done, but it may be dead.</summary>
    private async Task GuardAsync(EndpointBell bell)
    {
        if (_guarded.TryGetValue(bell.EndpointId, out var token) && token == bell.Token)
        {
            return;
        }

        await ports.Doorbell.RingAsync(Queues.Webhooks, bell.ToText(), DeadAfter, default).ConfigureAwait(false);
        if (_guarded.Count >= MostGuarded)
        {
            _guarded.Clear();
        }

        _guarded[bell.EndpointId] = bell.Token!;
    }

    private async Task RingAgainAsync(EndpointBell bell, DateTimeOffset? nextAt)
    {
        if (nextAt - ports.Now is { } early && early <= MostSkew)
        {
            await ports.Doorbell.RingAsync(Queues.Webhooks, bell.EndpointId, early, default).ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(EndpointBell bell, CancellationToken cancellation)
    {
        if (!await new EndpointRemoval(ports.Ledger, bell).RunAsync(cancellation).ConfigureAwait(false))
        {
            await ports.Doorbell.RingAsync(Queues.Webhooks, bell.EndpointId, TimeSpan.Zero, default).ConfigureAwait(false);
        }
    }
}
