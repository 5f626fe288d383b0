using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>The messages of one batch, beside its workspace: sent hidden before the commit that they belong to, and revealed after it.</summary>
internal sealed class OutgoingMessages(IMessageQueue messages, string workspaceId)
{
    /// <summary>How long a message stays hidden when nobody reveals it: longer than any transaction takes to be stored or given up.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(60);

    private readonly Dictionary<OutgoingMessage, QueuedMessage> _hidden = [];

    /// <summary>The messages that the rows of a commit need: each points to one of them, so a rule that writes the row need not know of queues.</summary>
    public static List<OutgoingMessage> For(UnitOfWork unit)
    {
        var outgoing = new List<OutgoingMessage>();
        foreach (var key in unit.Keys.Where(unit.Written.ContainsKey))
        {
            foreach (var job in JobTable.All)
            {
                if (job.Message(unit.Workspace, key, unit.Written[key]) is { } message)
                {
                    outgoing.Add(new OutgoingMessage(job.Queue, message));
                }
            }
        }

        return outgoing;
    }

    public async Task SendAsync(IReadOnlyList<OutgoingMessage> outgoing)
    {
        var missing = outgoing.Distinct().Where(one => !_hidden.ContainsKey(one)).ToList();
        var sent = await Task.WhenAll(missing.Select(one => messages.SendAsync(ShardQueue.Of(workspaceId, one.Queue), one.Id, Delay, default))).ConfigureAwait(false);
        for (var i = 0; i < sent.Length; i++)
        {
            _hidden.Add(missing[i], sent[i]);
        }
    }

    /// <summary>Makes them visible. Nobody waits for this: one that is not revealed shows itself when its delay is over.</summary>
    public void Reveal(IReadOnlyList<OutgoingMessage> outgoing)
    {
        foreach (var one in outgoing)
        {
            if (_hidden.Remove(one, out var hidden))
            {
                _ = RevealAsync(hidden);
            }
        }
    }

    /// <summary>
    /// Forgets what was sent: a message that shows itself before its row is stored says nothing any more, so the next attempt sends again.
    /// </summary>
    public void Clear() => _hidden.Clear();

    private async Task RevealAsync(QueuedMessage message) =>
        await messages.RevealAsync(message, default).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

/// <summary>A queue message to be sent: look at this row.</summary>
/// <param name="Id">The id that names the row.</param>
internal sealed record OutgoingMessage(string Queue, string Id);
