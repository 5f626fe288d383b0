using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Writing;

namespace Billing.Webhooks;

/// <summary>
/// Makes a delivery of each event for each endpoint that wants it, event by event, and then notes on the account how far it has come. Whoever does it
/// again, or at the same time, finds the deliveries there: an event's are made in one transaction, and never a second time.
/// </summary>
internal sealed class Handover(WebhookPorts ports, DeliveryLinks links)
{
    private const int MostEvents = 50;

    /// <summary>Hands over everything up to an event, and what came after it.</summary>
    /// <returns>False when there is no such event.</returns>
    public async Task<bool> RunAsync(string workspaceId, long sequence, CancellationToken cancellation)
    {
        if (await ports.Writer.ReadAsync(workspaceId, cancellation).ConfigureAwait(false) is not { } account)
        {
            return false;
        }

        var handedOver = account.EventsHandedOver;
        while (await NextAsync(workspaceId, handedOver, cancellation).ConfigureAwait(false) is { Count: > 0 } events)
        {
            await HandOverAsync(workspaceId, events).ConfigureAwait(false);
            handedOver = events[^1].Sequence;
        }

        return sequence <= handedOver;
    }

    /// <summary>The events after one, without gaps: a page need not have been read at one instant, and order must not depend on it.</summary>
    private async Task<List<BillingEvent>> NextAsync(string workspaceId, long handedOver, CancellationToken cancellation)
    {
        var range = KeyRange.StartingWith(BillingEvent.Prefix) with { From = BillingEvent.KeyOf(handedOver + 1) };
        string? continuation = null;
        do
        {
            var page = await ports.Ledger.ListAsync(
                new Partition(Table.Ledger, workspaceId), range, MostEvents, null, continuation, cancellation).ConfigureAwait(false);
            if (!page.Rows.IsEmpty)
            {
                var events = page.Rows.Select(row => RowJson.Read<BillingEvent>(row.Data)).TakeWhile((one, index) => one.Sequence == handedOver + 1 + index).ToList();
                return events.Count > 0 ? events : throw new StorageUnavailableException("An event was not there yet when the one after it was.");
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);

        return [];
    }

    private async Task HandOverAsync(string workspaceId, List<BillingEvent> events)
    {
        var now = ports.Now;
        await links.EnsureDueAsync(workspaceId, now).ConfigureAwait(false);
        await InsertAsync(
            new Partition(Table.Ledger, workspaceId),
            events.ConvertAll(one => one.Targets.SelectMany(id => InsertsOf(id, one, now)).ToImmutableArray())).ConfigureAwait(false);

        // Should this process end here, its own message comes again and all of this is found done.
        foreach (var id in events.SelectMany(one => one.Targets).Distinct())
        {
            await ports.Doorbell.RingAsync(Queues.Webhooks, id, TimeSpan.Zero, default).ConfigureAwait(false);
        }

        var last = events[^1].Sequence;
        await ports.Writer.SubmitAsync(workspaceId, new Work<long>((draft, _) => Note(draft, last))).ConfigureAwait(false);
    }

    private async Task InsertAsync(Partition partition, List<ImmutableArray<RowWrite>> deliveries)
    {
        var batch = ImmutableArray<RowWrite>.Empty;
        var first = 0;
        for (var i = 0; i <= deliveries.Count; i++)
        {
            if (i == deliveries.Count || batch.Length + deliveries[i].Length > ILedger.MaxWrites)
            {
                if (!await TryInsertAsync(partition, batch).ConfigureAwait(false))
                {
                    foreach (var one in deliveries[first..i])
                    {
                        await TryInsertAsync(partition, one).ConfigureAwait(false);
                    }
                }

                (batch, first) = ([], i);
            }

            batch = i < deliveries.Count ? batch.AddRange(deliveries[i]) : batch;
        }
    }

    /// <returns>False when some of it is there already.</returns>
    private async Task<bool> TryInsertAsync(Partition partition, ImmutableArray<RowWrite> inserts) => inserts.IsEmpty
        || await ports.Ledger.CommitUntilKnownAsync(partition, inserts, default).ConfigureAwait(false) is CommitResult.Committed;

    private static IEnumerable<RowWrite> InsertsOf(string endpointId, BillingEvent one, DateTimeOffset now)
    {
        Ids.TryParse("we", endpointId, out _, out var key);
        var delivery = WebhookDelivery.New(key, one.Sequence, one.Type, now);
        return [new(WriteKind.Insert, RowJson.ToRow(delivery)), new(WriteKind.Insert, RowJson.ToRow(DueDelivery.Of(delivery)!))];
    }

    private static Outcome<long> Note(Draft draft, long handedOver)
    {
        if (draft.Account.EventsHandedOver >= handedOver)
        {
            return new Outcome<long>.AlreadyApplied(draft.Account.EventsHandedOver);
        }

        draft.Account = draft.Account with { EventsHandedOver = handedOver };
        return handedOver;
    }
}
