using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Writing;

namespace Billing.Webhooks;

/// <summary>One look at an endpoint: what is due there, and the attempts of it while the lane is held.</summary>
internal sealed class LaneRun(WebhookPorts ports, DeliveryLinks links, EndpointBell bell)
{
    private const int MostDue = 32;

    // Who kept us waiting this long may use only part of this process's senders.
    private static readonly TimeSpan SlowFrom = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7);
    private readonly Partition _partition = new(Table.Ledger, bell.WorkspaceId);
    private readonly LaneHold _hold = new(ports, new Partition(Table.Ledger, bell.WorkspaceId), bell.Key);

    /// <summary>The endpoint; null when it was deleted.</summary>
    public WebhookEndpoint? Endpoint { get; private set; }

    /// <summary>What is due, in order; part of it when it is much.</summary>
    public ImmutableArray<DueDelivery> Due { get; private set; } = [];

    /// <summary>When the first is due that is not due yet.</summary>
    public DateTimeOffset? NextAt { get; private set; }

    /// <summary>The lane.</summary>
    public EndpointLane Lane => _hold.Lane;

    /// <summary>Reads endpoint, lane and what is due: one round trip.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var endpoint = ports.Ledger.ReadAsync(_partition, WebhookEndpoint.Prefix + bell.Key, cancellation);
        var page = ports.Ledger.ListAsync(_partition, DueDelivery.Of(bell.Key), MostDue, null, null, cancellation);
        await Task.WhenAll(endpoint, page, _hold.ReadAsync(cancellation)).ConfigureAwait(false);
        Endpoint = await endpoint.ConfigureAwait(false) is { } row ? RowJson.Read<WebhookEndpoint>(row.Data) : null;
        var notes = (await page.ConfigureAwait(false)).Rows.Select(one => RowJson.Read<DueDelivery>(one.Data)).ToList();
        Due = [.. notes.TakeWhile(note => !(note.At > ports.Now))];
        NextAt = notes.Count > Due.Length ? notes[Due.Length].At : null;
    }

    /// <summary>Takes the lane.</summary>
    /// <returns>False when somebody else was faster.</returns>
    public Task<bool> TryTakeAsync() => _hold.TryTakeAsync();

    /// <summary>Attempts what is due, one after the other, until that took <paramref name="budget"/>, and gives the lane back with the last.</summary>
    /// <returns>How long it waited for answers.</returns>
    public async Task<TimeSpan> DeliverAsync(TimeSpan budget, CancellationToken stopping)
    {
        try
        {
            return await DeliverDueAsync(budget, stopping).ConfigureAwait(false);
        }
        catch
        {
            await GiveBackAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<TimeSpan> DeliverDueAsync(TimeSpan budget, CancellationToken stopping)
    {
        var waited = TimeSpan.Zero;
        for (var i = 0; i < Due.Length; i++)
        {
            var step = await StepAsync(Due[i]).ConfigureAwait(false);
            waited += step.Waited;
            var last = i == Due.Length - 1 || waited >= budget || stopping.IsCancellationRequested;
            if (!await StoreAsync(Due[i], step with { Lane = step.Lane with { Held = !last } }).ConfigureAwait(false))
            {
                // Either the lane is somebody else's by now, or the note was gone before we took it: then nobody but us gives it back.
                await _hold.ReleaseAsync().ConfigureAwait(false);
                break;
            }

            if (last)
            {
                break;
            }
        }

        return waited;
    }

    private async Task GiveBackAsync()
    {
        try
        {
            await _hold.ReleaseAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // what went wrong before is what is told; a lane that stays held is taken over
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>What becomes of one note.</summary>
    private async Task<Step> StepAsync(DueDelivery note)
    {
        var rows = await Task.WhenAll(
            ports.Ledger.ReadAsync(_partition, WebhookDelivery.KeyOf(note.EndpointKey, note.Sequence), default),
            ports.Ledger.ReadAsync(_partition, BillingEvent.KeyOf(note.Sequence), default)).ConfigureAwait(false);
        var former = rows[0] is { } row ? RowJson.Read<WebhookDelivery>(row.Data) : null;
        if (former is null || (!note.Replay && DueDelivery.Of(former)?.RowKey != note.RowKey))
        {
            // A note that says nothing any more.
            return new Step(null, null, null, Lane, TimeSpan.Zero);
        }

        var step = new Step(former, rows[0]!.ETag, note.Replay ? former.Replayed(ports.Now) : former, Lane, TimeSpan.Zero);
        if (rows[1] is not { } told)
        {
            return step with { Next = step.Next!.GivenUp(DeliveryFailure.EventExpired) };
        }

        return Endpoint!.Disabled is not null && former.EventType != EventTypes.Ping
            ? step with { Next = step.Next!.GivenUp(DeliveryFailure.EndpointDisabled) }
            : await AttemptAsync(step, RowJson.Read<BillingEvent>(told.Data)).ConfigureAwait(false);
    }

    private async Task<Step> AttemptAsync(Step step, BillingEvent told)
    {
        var sentAt = ports.Now;
        var body = told.ToBody();
        var headers = WebhookSignature.Headers(Ids.Of("evt", bell.WorkspaceId, told.Sequence), sentAt, body, Endpoint!.SecretsAt(sentAt).AsSpan());
        var answer = await ports.Send(new WebhookRequest(Endpoint.Url, headers, body)).ConfigureAwait(false);
        var attempt = new DeliveryAttempt(sentAt, answer.Status, answer.Duration.Ticks / TimeSpan.TicksPerMillisecond, answer.Text, answer.Error);
        var next = step.Next!.After(attempt, step.Next.IdIn(bell.WorkspaceId), ports.Now);
        var lane = Lane with { FailingSince = answer.Succeeded ? null : Lane.FailingSince ?? sentAt, Slow = answer.Duration >= SlowFrom };
        if (answer.Succeeded)
        {
            await (Endpoint.Disabled is null ? Task.CompletedTask : ChangeAsync((draft, _) => EndpointDecisions.Enable(draft, bell.EndpointId))).ConfigureAwait(false);
        }
        else if (answer.Gone || lane.IsGivenUp(ports.Now))
        {
            // Before the attempt is stored: should this process end in between, it is made again.
            var reason = answer.Gone ? DisabledReason.Gone : DisabledReason.Failing;
            await ChangeAsync((draft, _) => EndpointDecisions.Disable(draft, bell.EndpointId, reason)).ConfigureAwait(false);
            next = next.GivenUp(answer.Gone ? DeliveryFailure.EndpointGone : DeliveryFailure.EndpointDisabled);
        }
        else if (Endpoint.Disabled is not null)
        {
            next = next.GivenUp(DeliveryFailure.EndpointDisabled);
        }

        return step with { Next = next, Lane = lane, Waited = answer.Duration };
    }

    private async Task ChangeAsync(Func<Draft, Catalog, Outcome<WebhookEndpoint>> decide)
    {
        var work = new Work<WebhookEndpoint>(decide) { Reads = [WebhookEndpoint.Prefix + bell.Key] };
        var done = await ports.Writer.SubmitAsync(bell.WorkspaceId, work).ConfigureAwait(false);
        Endpoint = done?.Outcome switch
        {
            Outcome<WebhookEndpoint>.Accepted { Value: var changed } => changed,
            Outcome<WebhookEndpoint>.AlreadyApplied { Value: var stored } => stored,
            _ => Endpoint,
        };
    }

    /// <summary>Stores a step. What leads to the next attempt comes first: a link or a bell for nothing is harmless.</summary>
    /// <returns>False when the lane is somebody else's by now.</returns>
    private async Task<bool> StoreAsync(DueDelivery note, Step step)
    {
        if (step.Next is { } delivery)
        {
            var now = ports.Now;
            await ports.InsistAsync(() => links.EnsureRetentionAsync(bell.WorkspaceId, now)).ConfigureAwait(false);
            if (delivery.NextAttemptAt is { } next)
            {
                await ports.InsistAsync(() => links.EnsureDueAsync(bell.WorkspaceId, next)).ConfigureAwait(false);
                var delay = next < now ? TimeSpan.Zero : next - now < LongestDelay ? next - now : LongestDelay;
                await ports.InsistAsync(() => ports.Doorbell.RingAsync(Queues.Webhooks, bell.EndpointId, delay, default)).ConfigureAwait(false);
            }
        }

        return await _hold.TryWriteAsync([.. WritesOf(note, step)], step.Lane).ConfigureAwait(false);
    }

    private static IEnumerable<RowWrite> WritesOf(DueDelivery note, Step step)
    {
        yield return new RowWrite(WriteKind.Delete, new Row(note.RowKey, ""));
        if (step is not { Former: { } former, Next: { } delivery })
        {
            yield break;
        }

        yield return new RowWrite(WriteKind.Replace, RowJson.ToRow(delivery) with { ETag = step.ETag });

        // A replay comes in between: the delivery may have had a note of its own, and may get the very same again.
        var own = DueDelivery.Of(former);
        var next = DueDelivery.Of(delivery);
        if (own is not null && own.RowKey != note.RowKey && own.RowKey != next?.RowKey)
        {
            yield return new RowWrite(WriteKind.Delete, new Row(own.RowKey, ""));
        }

        if (next is not null && next.RowKey != own?.RowKey)
        {
            yield return new RowWrite(WriteKind.Insert, RowJson.ToRow(next));
        }
    }

    /// <summary>What a note comes to.</summary>
    /// <param name="Former">The delivery as stored; null when the note says nothing any more.</param>
    /// <param name="ETag">Its version.</param>
    /// <param name="Next">As it is to be stored.</param>
    /// <param name="Lane">The lane likewise.</param>
    /// <param name="Waited">How long the endpoint took.</param>
    private sealed record Step(WebhookDelivery? Former, string? ETag, WebhookDelivery? Next, EndpointLane Lane, TimeSpan Waited);
}
