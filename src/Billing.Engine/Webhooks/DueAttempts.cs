using System.Collections.Immutable;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Events;

namespace Billing.Engine.Webhooks;

/// <summary>Sends messages for what is due in the workspaces of a message of the due index: messages are lost, and the development clock does not move the queue's.</summary>
internal sealed class DueAttempts(WebhookPorts ports)
{
    private const int WorkspacesAtOnce = 8;
    private const int MostOfWorkspace = 1_000;
    private const int MessagesAtOnce = 16;

    // Another instance whose clock is behind may still count on a entry of the hour that has just ended.
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

    /// <summary>Sends them, and removes the entries that are not needed any more.</summary>
    public async Task SendAsync(DueMessage due, CancellationToken cancellation)
    {
        var done = new List<string>();
        foreach (var some in due.WorkspaceIds.Chunk(WorkspacesAtOnce))
        {
            var idle = await Task.WhenAll(some.Select(id => SendAsync(id, due.Entry, cancellation))).ConfigureAwait(false);
            done.AddRange(some.Where((_, index) => idle[index]));
        }

        if (due.Entry.EndsAt + MostSkew <= ports.Now)
        {
            await DueIndex.RemoveAsync(ports.Store, due.Entry, done, cancellation).ConfigureAwait(false);
        }
    }

    /// <returns>True when nothing is left that is due before the hour of the entry ends.</returns>
    private async Task<bool> SendAsync(string workspaceId, DueIndexEntry entry, CancellationToken cancellation)
    {
        var now = ports.Now;
        var range = ScheduledAttempt.DueAt(now < entry.EndsAt ? entry.EndsAt : now);
        var list = await ports.Store.ListAsync(new Partition(Table.Ledger, workspaceId), range, MostOfWorkspace, cancellation).ConfigureAwait(false);
        var notes = list.Rows.Select(row => RowJson.Read<ScheduledAttempt>(row.Data)).ToImmutableArray();
        foreach (var some in notes.Where(note => !(note.At > now)).Chunk(MessagesAtOnce))
        {
            await Task.WhenAll(some.Select(note =>
                ports.Messages.SendAsync(ShardQueue.Of(workspaceId, Queues.Webhooks), note.MessageIn(workspaceId), TimeSpan.Zero, cancellation))).ConfigureAwait(false);
        }

        return !list.More && !notes.Any(note => !(note.At >= entry.EndsAt));
    }
}
