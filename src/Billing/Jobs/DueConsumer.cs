using Billing.Accounts;
using Billing.Refunds;
using Billing.Writing;

namespace Billing.Jobs;

/// <summary>
/// Touches the workspaces that a message names: whatever is due in them, whichever job found it, is carried out. A link whose hour is over goes when
/// nothing is left of what it was written for.
/// </summary>
public sealed class DueConsumer(string queue, ILedger ledger, IDoorbell doorbell, AccountWriter writer, TimeProvider clock) : IConsumer
{
    private const int AtOnce = 8;
    private const int MostRungAgain = 200;

    /// <inheritdoc/>
    public string Queue => queue;

    /// <inheritdoc/>
    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (!DueMessage.TryParse(message, queue, out var due))
        {
            return Consumption.Parked("it does not name workspaces of the due index");
        }

        var done = new List<string>();
        foreach (var some in due.WorkspaceIds.Chunk(AtOnce))
        {
            var touched = await Task.WhenAll(some.Select(id => TouchAsync(id, due.Link, cancellation))).ConfigureAwait(false);
            done.AddRange(some.Where((_, index) => touched[index]));
        }

        await DueLinks.RemoveAsync(ledger, due.Link, done, cancellation).ConfigureAwait(false);
        return Consumption.Done;
    }

    /// <returns>True when the link is not needed any more.</returns>
    private async Task<bool> TouchAsync(string workspaceId, DueLink link, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (await writer.SubmitAsync(workspaceId, Touch.Work).ConfigureAwait(false) is not { Account: var account })
        {
            return link.EndsAt <= now;
        }

        if (queue == Queues.Expirations)
        {
            await RingAgainAsync(account, cancellation).ConfigureAwait(false);
        }

        return link.IsDone(account, now);
    }

    /// <summary>Doorbells are lost with the process that rang them; rows that still wait get new ones.</summary>
    private async Task RingAgainAsync(Account account, CancellationToken cancellation)
    {
        var partition = new Partition(Table.Ledger, account.WorkspaceId);
        if (account.PendingRefunds > 0)
        {
            var page = await ledger.ListAsync(partition, KeyRange.StartingWith(Refund.Prefix), MostRungAgain, "pending", null, cancellation).ConfigureAwait(false);
            await Task.WhenAll(page.Rows.Select(row =>
                doorbell.RingAsync(Queues.Refunds, row.Key[Refund.Prefix.Length..], TimeSpan.Zero, cancellation))).ConfigureAwait(false);
        }

        if (account.PendingEvents > 0)
        {
            // One bell is enough: whoever hands an event over begins with those before it.
            await doorbell.RingAsync(Queues.Webhooks, Ids.Of("evt", account.WorkspaceId, account.EventsHandedOver + 1), TimeSpan.Zero, cancellation).ConfigureAwait(false);
        }
    }
}
