using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.InMemory;

namespace Billing.Storage.Tests;

public sealed class InMemoryMessageQueueTests : MessageQueueContract
{
    private readonly InMemoryMessageQueue _queue = new();

    protected override Task<IMessageQueue> OpenAsync() => Task.FromResult<IMessageQueue>(_queue);

    protected override Task<string[]> AnswerAsync(string queue) =>
        Task.FromResult(_queue.Drain(queue).Select(message => message.Message).ToArray());

    protected override Task PassAsync(TimeSpan time)
    {
        _queue.Advance(time);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Messages_are_counted_and_seen_hidden_or_visible()
    {
        var message = await Messages.SendAsync(new(0, Queues.Refunds), "a", TimeSpan.FromMinutes(1), default);
        await Messages.SendAsync(new(0, Queues.Refunds), "b", TimeSpan.FromMinutes(2), default);
        Assert.Equal(["a", "b"], _queue.Hidden(Queues.Refunds).Select(hidden => hidden.Message));

        await Messages.RevealAsync(message, default);

        Assert.Equal(["a"], _queue.Visible(Queues.Refunds).Select(visible => visible.Message));
        Assert.Equal((2, 1), (_queue.Sent, _queue.Revealed));
    }

    [Fact]
    public async Task A_door_before_fails_a_ring_and_a_door_after_loses_its_answer()
    {
        _queue.BeforeSend = (_, _) => throw new StorageUnavailableException("no");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Messages.SendAsync(new(0, Queues.Refunds), "a", TimeSpan.Zero, default));
        Assert.Empty(_queue.Visible(Queues.Refunds));

        _queue.BeforeSend = null;
        _queue.AfterSend = _ => throw new StorageUnavailableException("lost");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Messages.SendAsync(new(0, Queues.Refunds), "a", TimeSpan.Zero, default));
        Assert.Single(_queue.Visible(Queues.Refunds));
    }
}
