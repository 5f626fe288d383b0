using System.Collections.Immutable;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Events;

namespace Billing.Engine.Webhooks;

/// <summary>
/// Consumes the webhook queue. Four kinds of messages: an event to fan out (<c>evt_…</c>), a delivery to attempt (<c>dlv_…</c>), a removed endpoint to tidy up
/// after (<c>we_…</c>), and workspaces of the due index. Rows are the truth; a message only says where to look, so one that is lost, doubled, early or late
/// changes nothing. One for a process: it bounds how much of the process slow endpoints use.
/// </summary>
public sealed class WebhookConsumer(WebhookPorts ports) : IConsumer, IAsyncDisposable, IDisposable
{
    /// <summary>How many messages wait for their attempts: fewer than a host works on at once, so that receivers that hang leave it the others.</summary>
    private const int MostPatient = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);
    private readonly EventFanOut _fanOut = new(ports);
    private readonly DueAttempts _due = new(ports);
    private readonly AttemptDispatcher _dispatcher = new(new DeliveryAttempts(ports).RunAsync);
    private int _patient;

    public string Queue => Queues.Webhooks;

    public int InFlight => _dispatcher.InFlight;

    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (Ids.TryParse("evt", message, out var workspaceId, out var key) && Ids.NumberOf(key) is { } sequence)
        {
            return await FanOutAsync(workspaceId, sequence, cancellation).ConfigureAwait(false);
        }

        if (DeliveryId.Parse(message) is { } delivery)
        {
            await StartAsync([delivery]).ConfigureAwait(false);
            return Consumption.Done;
        }

        if (Ids.TryParse("we", message, out workspaceId, out key))
        {
            if (!await EndpointRemoval.RunAsync(ports.Store, workspaceId, key, cancellation).ConfigureAwait(false))
            {
                await ports.Messages.SendAsync(ShardQueue.Of(workspaceId, Queue), message, TimeSpan.Zero, default).ConfigureAwait(false);
            }

            return Consumption.Done;
        }

        if (DueMessage.TryParse(message, Queue, out var due))
        {
            await _due.SendAsync(due, cancellation).ConfigureAwait(false);
            return Consumption.Done;
        }

        return Consumption.Parked("it names no event, delivery, endpoint or workspaces of the due index");
    }

    /// <summary>Lets the attempts that are under way come to their end, for a while.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAny(_dispatcher.StopAsync(), ports.Wait(LongestStop)).ConfigureAwait(false);

    /// <summary>Begins no more attempts. Those that are under way are left to themselves.</summary>
    public void Dispose() => _ = _dispatcher.StopAsync();

    private async Task<Consumption> FanOutAsync(string workspaceId, long sequence, CancellationToken cancellation)
    {
        if (await _fanOut.RunAsync(workspaceId, sequence, cancellation).ConfigureAwait(false) is not { } deliveries)
        {
            return Consumption.Dropped("there is no such event");
        }

        await StartAsync(deliveries).ConfigureAwait(false);
        return Consumption.Done;
    }

    private async Task StartAsync(ImmutableArray<DeliveryId> deliveries)
    {
        var started = new List<Task>();
        foreach (var id in deliveries)
        {
            if (_dispatcher.Start(id) is { } attempt)
            {
                started.Add(attempt);
            }
            else
            {
                await ports.Messages.SendAsync(ShardQueue.Of(id.WorkspaceId, Queue), id.ToString(), WhenFull, default).ConfigureAwait(false);
            }
        }

        await WaitAWhileAsync(Task.WhenAll(started)).ConfigureAwait(false);
    }

    private async Task WaitAWhileAsync(Task attempts)
    {
        try
        {
            if (Interlocked.Increment(ref _patient) <= MostPatient && !attempts.IsCompleted)
            {
                await Task.WhenAny(attempts, ports.Wait(Patience)).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _patient);
        }

        if (attempts.IsCompleted)
        {
            await attempts.ConfigureAwait(false);
        }
    }
}
