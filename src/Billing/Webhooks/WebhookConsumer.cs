using Billing.Jobs;

namespace Billing.Webhooks;

/// <summary>
/// Consumes the webhook queue. Three kinds of messages: an event to hand over (<c>evt_…</c>), an endpoint to look at (<c>we_…</c>), and workspaces of the
/// due index. Rows are the truth; a message only says where to look, so one that is lost, doubled, early or late changes nothing.
/// </summary>
public sealed class WebhookConsumer : IConsumer, IDisposable
{
    private readonly Handover _handover;
    private readonly Lanes _lanes;
    private readonly DueDeliveries _due;

    /// <summary>One for a process: it bounds how much of the process slow endpoints use.</summary>
    public WebhookConsumer(WebhookPorts ports)
    {
        var links = new DeliveryLinks(ports.Ledger);
        _handover = new Handover(ports, links);
        _lanes = new Lanes(ports, links);
        _due = new DueDeliveries(ports);
    }

    /// <inheritdoc/>
    public string Queue => Queues.Webhooks;

    /// <inheritdoc/>
    /// <remarks>It takes at most 40 seconds: it stops for other endpoints' sake after 20, and an attempt takes up to 15.</remarks>
    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (Ids.TryParse("evt", message, out var workspaceId, out var key) && Ids.NumberOf(key) is { } sequence)
        {
            return await _handover.RunAsync(workspaceId, sequence, cancellation).ConfigureAwait(false)
                ? Consumption.Done
                : Consumption.Dropped("there is no such event");
        }

        if (EndpointBell.Parse(message) is { } bell)
        {
            await _lanes.RunAsync(bell, cancellation).ConfigureAwait(false);
            return Consumption.Done;
        }

        if (DueMessage.TryParse(message, Queue, out var due))
        {
            await _due.RingAsync(due, cancellation).ConfigureAwait(false);
            return Consumption.Done;
        }

        return Consumption.Parked("it names no event, endpoint or workspaces of the due index");
    }

    /// <inheritdoc/>
    public void Dispose() => _lanes.Dispose();
}
