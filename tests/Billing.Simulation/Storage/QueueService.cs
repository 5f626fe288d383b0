using Billing.Engine.Ports;
using Billing.Simulation.Time;

namespace Billing.Simulation.Storage;

/// <summary>A message as it was handed to a consumer.</summary>
internal sealed record Delivered(string Id, ShardQueue Queue, string Text, int DequeueCount, long Receipt);

/// <summary>What the simulated Queue service holds: visibility, receipts, dequeue counts; no order.</summary>
internal sealed class QueueService(Loop loop)
{
    private readonly List<Held> _held = [];
    private long _numbers;

    private sealed class Held(ShardQueue queue, string text)
    {
        public ShardQueue Queue => queue;

        public string Text => text;

        public DateTimeOffset VisibleAt { get; set; }

        public int DequeueCount { get; set; }

        public long Id { get; init; }

        public long Receipt { get; set; }
    }

    /// <summary>Messages of a queue that a consumer could get now.</summary>
    public int Visible(ShardQueue queue) => _held.Count(held => held.Queue == queue && held.VisibleAt <= loop.Now);

    /// <summary>Messages that wait or are being worked on.</summary>
    public int Count => _held.Count;

    /// <summary>When the next hidden message shows itself; null when none is hidden.</summary>
    public DateTimeOffset? NextVisibleAt => _held.Count == 0 ? null : _held.Min(held => held.VisibleAt);

    public QueuedMessage Add(ShardQueue queue, string text, TimeSpan delay)
    {
        var held = new Held(queue, text) { Id = ++_numbers, Receipt = ++_numbers, VisibleAt = loop.Now + delay };
        _held.Add(held);
        return new QueuedMessage(queue, text, $"{held.Id}", $"{held.Receipt}");
    }

    public void Reveal(QueuedMessage message)
    {
        if (_held.Find(held => $"{held.Receipt}" == message.Receipt) is { } found)
        {
            found.VisibleAt = loop.Now;
        }
    }

    /// <summary>Takes messages in any order.</summary>
    /// <param name="queue">Where.</param>
    /// <param name="most">How many.</param>
    /// <param name="visibility">How long nobody else gets them.</param>
    /// <param name="dice">Choose them, and sometimes show one again at once, so that two consumers have it.</param>
    public List<Delivered> Take(ShardQueue queue, int most, TimeSpan visibility, Dice dice)
    {
        var visible = _held.Where(held => held.Queue == queue && held.VisibleAt <= loop.Now).ToList();
        var taken = new List<Delivered>();
        while (taken.Count < most && visible.Count > 0)
        {
            var held = dice.Pick(visible);
            visible.Remove(held);
            held.DequeueCount++;
            held.Receipt = ++_numbers;
            held.VisibleAt = loop.Now + (dice.Chance(150) ? TimeSpan.Zero : visibility);
            taken.Add(new Delivered($"{held.Id}", queue, held.Text, held.DequeueCount, held.Receipt));
        }

        return taken;
    }

    /// <summary>Deletes a message, if it is still the consumer's that took it.</summary>
    public void Delete(Delivered delivered) => _held.RemoveAll(held => held.Receipt == delivered.Receipt);

    /// <summary>Gives a message back for later.</summary>
    public void Return(Delivered delivered, TimeSpan delay)
    {
        if (_held.Find(held => held.Receipt == delivered.Receipt) is { } found)
        {
            found.VisibleAt = loop.Now + delay;
        }
    }
}
