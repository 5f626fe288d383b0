using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Events;
using Billing.Webhooks;

namespace Billing.Engine.Webhooks;

/// <summary>
/// Attempts a delivery that is due: claims it, sends it, stores what came of it. A claim is a lease: the delivery's note moves ahead by more than any
/// attempt takes, so others leave it alone meanwhile, and who dies over it is replaced when the lease ends.
/// </summary>
internal sealed class DeliveryAttempts(WebhookPorts ports)
{
    /// <summary>Longer than any attempt takes to be made and stored.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private const int MostStores = 8;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7);

    // Instances' clocks differ a little: a message that comes this early is sent again.
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(2);
    private readonly DeliveryStore _store = new(ports);

    /// <summary>Attempts a delivery if it is due. Does nothing when it is not, or is somebody else's.</summary>
    public async Task RunAsync(DeliveryId id)
    {
        try
        {
            await AttemptIfDueAsync(id).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Nobody may wait for it any more.
            ports.Failed?.Invoke(id.ToString(), exception);
            throw;
        }
    }

    private async Task AttemptIfDueAsync(DeliveryId id)
    {
        var found = await _store.FindAsync(id).ConfigureAwait(false);
        if (found.Endpoint is null || found.Delivery is null)
        {
            await _store.TryWriteAsync(found, null).ConfigureAwait(false);
        }
        else if (!found.IsDue(ports.Now))
        {
            await SendAgainAsync(found.Delivery, id).ConfigureAwait(false);
        }
        else if (found.Hopeless is { } failure)
        {
            await GiveUpAsync(found, failure).ConfigureAwait(false);
        }
        else if (await ClaimAsync(found).ConfigureAwait(false) is { } claimed)
        {
            await AttemptAsync(claimed).ConfigureAwait(false);
        }
    }

    private async Task GiveUpAsync(FoundDelivery found, DeliveryFailure failure)
    {
        await ports.Index.EnsureRetentionAsync(found.Id.WorkspaceId, ports.Now).ConfigureAwait(false);
        var next = found.Delivery!.GivenUp(failure, ports.Now).NotGivenUpBefore(found.Endpoint!.Disabled?.At);
        if (await _store.TryWriteAsync(found, next).ConfigureAwait(false) is not null && failure == DeliveryFailure.EndpointDisabled)
        {
            await PutBackAsync(found.Id).ConfigureAwait(false);
        }
    }

    /// <summary>Whoever enabled the endpoint while it was being given up saw it pending and left it alone.</summary>
    private async Task PutBackAsync(DeliveryId id)
    {
        if (await _store.FindAsync(id).ConfigureAwait(false) is { Endpoint.Disabled: null, Delivery: { Failure: DeliveryFailure.EndpointDisabled } given } found)
        {
            var next = given.Replayed(ports.Now);
            await LinkAsync(id, next).ConfigureAwait(false);
            await _store.TryWriteAsync(found, next).ConfigureAwait(false);
        }
    }

    private async Task SendAgainAsync(WebhookDelivery delivery, DeliveryId id)
    {
        if (delivery.NextAttemptAt - ports.Now is { } early && early > TimeSpan.Zero && early <= MostSkew)
        {
            await ports.Messages.SendAsync(ShardQueue.Of(id.WorkspaceId, Queues.Webhooks), id.ToString(), early, default).ConfigureAwait(false);
        }
    }

    /// <returns>Null when somebody else was faster.</returns>
    private async Task<FoundDelivery?> ClaimAsync(FoundDelivery found)
    {
        var until = ports.Now + Lease;
        await ports.Index.EnsureDueAsync(found.Id.WorkspaceId, until).ConfigureAwait(false);
        var begun = found.Replay ? found.Delivery!.Replayed(until) : found.Delivery! with { NextAttemptAt = until };
        return await _store.TryWriteAsync(found, begun).ConfigureAwait(false);
    }

    private async Task AttemptAsync(FoundDelivery claimed)
    {
        var sentAt = ports.Now;
        var (body, eventId) = (claimed.Event!.ToBody(), claimed.Event!.IdIn(claimed.Id.WorkspaceId));
        var headers = WebhookSignature.Headers(eventId, sentAt, body, claimed.Endpoint!.SecretsAt(sentAt).AsSpan());
        var answer = await ports.Send(new WebhookRequest(claimed.Endpoint.Url, headers, body)).ConfigureAwait(false);
        for (var tries = 1; !await TryStoreAsync(claimed, sentAt, answer, last: tries == MostStores).ConfigureAwait(false); tries++)
        {
            await ports.Backoff(tries).ConfigureAwait(false);
        }
    }

    /// <summary>Stores what came of an attempt. An attempt that was made and is not stored is made twice, so storage is asked again and again.</summary>
    /// <returns>False when it is to be tried again.</returns>
    private async Task<bool> TryStoreAsync(FoundDelivery claimed, DateTimeOffset sentAt, WebhookAnswer answer, bool last)
    {
        try
        {
            // When it is refused, either the delivery is somebody else's by now, or another attempt has changed the endpoint's health.
            return await StoreAsync(claimed, sentAt, answer).ConfigureAwait(false)
                || (await _store.FindAsync(claimed.Id).ConfigureAwait(false)).ETag != claimed.ETag
                || (last ? throw new StorageUnavailableException("An endpoint's health changes too often to store an attempt.") : false);
        }
        catch (StorageUnavailableException) when (!last)
        {
            return false;
        }
    }

    private async Task<bool> StoreAsync(FoundDelivery claimed, DateTimeOffset sentAt, WebhookAnswer answer)
    {
        var (health, etag) = await _store.HealthAsync(claimed.Id).ConfigureAwait(false);
        var outcome = AttemptOutcome.Of(claimed.Delivery!, claimed.Id, claimed.Endpoint!.Disabled is not null, health, sentAt, answer, ports.Now);

        // Before the attempt is stored: should this process end in between, it is made again.
        var disabledAt = await SwitchAsync(claimed.Endpoint, claimed.Id.WorkspaceId, outcome).ConfigureAwait(false);
        await LinkAsync(claimed.Id, outcome.Delivery).ConfigureAwait(false);
        return await _store.TryWriteAsync(claimed, outcome.Delivery.NotGivenUpBefore(disabledAt), outcome.Health == health ? null : outcome.Health, etag).ConfigureAwait(false) is not null;
    }

    /// <returns>Since when the endpoint is disabled; null while it is not, or was before.</returns>
    private async Task<DateTimeOffset?> SwitchAsync(WebhookEndpoint endpoint, string workspaceId, AttemptOutcome outcome)
    {
        if (outcome is { Enables: false, Disables: null })
        {
            return null;
        }

        var work = new Work<WebhookEndpoint>((unit, _) => outcome.Disables is { } reason
            ? EndpointDecisions.Disable(unit, endpoint.Id, reason)
            : EndpointDecisions.Enable(unit, endpoint.Id))
        { Reads = [endpoint.RowKey] };
        var done = await ports.Writer.SubmitAsync(workspaceId, work).ConfigureAwait(false);
        return done?.Outcome is { } decided && decided.TryGet(out var switched, out _) ? switched.Disabled?.At : null;
    }

    /// <summary>What leads to the next attempt comes before it: an entry or a message for nothing is harmless.</summary>
    private async Task LinkAsync(DeliveryId id, WebhookDelivery delivery)
    {
        var now = ports.Now;
        await ports.Index.EnsureRetentionAsync(id.WorkspaceId, now).ConfigureAwait(false);
        if (delivery.NextAttemptAt is not { } next)
        {
            return;
        }

        var delay = next < now ? TimeSpan.Zero : next - now < LongestDelay ? next - now : LongestDelay;
        await ports.Index.EnsureDueAsync(id.WorkspaceId, next).ConfigureAwait(false);
        await ports.Messages.SendAsync(ShardQueue.Of(id.WorkspaceId, Queues.Webhooks), id.ToString(), delay, default).ConfigureAwait(false);
    }
}
