using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

/// <summary>What every implementation of <see cref="IMessageQueue"/> does. Each refusal ends in "nothing changed".</summary>
public abstract class MessageQueueContract : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The implementation under test.</summary>
    protected IMessageQueue Messages { get; private set; } = null!;

    /// <summary>Makes <see cref="Messages"/>.</summary>
    protected abstract Task<IMessageQueue> OpenAsync();

    /// <summary>Takes what a consumer can see off a queue.</summary>
    protected abstract Task<string[]> AnswerAsync(string queue);

    /// <summary>Lets time pass.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    public async Task InitializeAsync() => Messages = await OpenAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_ring_without_delay_is_heard_at_once_and_only_in_its_queue()
    {
        var message = await SendAsync(Queues.Refunds, "ws_1/refund:é😀", TimeSpan.Zero);

        Assert.Equal((Queues.Refunds, "ws_1/refund:é😀"), (message.Queue.Name, message.Message));
        foreach (var other in Queues.All.Remove(Queues.Refunds))
        {
            Assert.Empty(await AnswerAsync(other));
        }

        Assert.Equal(["ws_1/refund:é😀"], await AnswerAsync(Queues.Refunds));
        Assert.Empty(await AnswerAsync(Queues.Refunds));
    }

    [Fact]
    public async Task A_delayed_ring_is_heard_when_its_delay_is_over()
    {
        await SendAsync(Queues.Renewals, "later", TimeSpan.FromSeconds(1));
        await SendAsync(Queues.Renewals, "much later", Day);

        Assert.Empty(await AnswerAsync(Queues.Renewals));
        await PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["later"], await AnswerAsync(Queues.Renewals));
    }

    [Fact]
    public async Task A_revealed_ring_is_heard_at_once_and_says_what_it_said()
    {
        var message = await SendAsync(Queues.Webhooks, "ws_1/evt:1", Day);
        await SendAsync(Queues.Webhooks, "ws_1/evt:2", Day);

        await Messages.RevealAsync(message, default);

        Assert.Equal(["ws_1/evt:1"], await AnswerAsync(Queues.Webhooks));
    }

    [Fact]
    public async Task Revealing_a_ring_that_was_answered_changes_nothing()
    {
        var message = await SendAsync(Queues.Webhooks, "once", TimeSpan.Zero);
        Assert.Single(await AnswerAsync(Queues.Webhooks));

        await Messages.RevealAsync(message, default);

        Assert.Empty(await AnswerAsync(Queues.Webhooks));
    }

    [Fact]
    public async Task Revealing_twice_is_heard_once()
    {
        var message = await SendAsync(Queues.Webhooks, "once", Day);

        await Messages.RevealAsync(message, default);
        await Messages.RevealAsync(message, default);

        Assert.Single(await AnswerAsync(Queues.Webhooks));
        Assert.Empty(await AnswerAsync(Queues.Webhooks));
    }

    [Fact]
    public async Task The_same_message_rings_twice()
    {
        var first = await SendAsync(Queues.Expirations, "ws_1", TimeSpan.Zero);
        var second = await SendAsync(Queues.Expirations, "ws_1", TimeSpan.Zero);

        Assert.NotEqual(first.MessageId, second.MessageId);
        Assert.Equal(["ws_1", "ws_1"], await AnswerAsync(Queues.Expirations));
    }

    [Fact]
    public async Task Every_queue_takes_messages()
    {
        foreach (var queue in Queues.All)
        {
            await SendAsync(queue, queue, TimeSpan.Zero);
            Assert.Equal([queue], await AnswerAsync(queue));
        }
    }

    [Fact]
    public async Task A_message_has_up_to_48_KiB()
    {
        var message = new string('é', 24 * 1024);
        await SendAsync(Queues.OverageCharges, message, TimeSpan.Zero);
        Assert.Equal([message], await AnswerAsync(Queues.OverageCharges));

        await NothingRingsAsync(Queues.OverageCharges, message + "x", TimeSpan.Zero);
    }

    [Fact]
    public async Task Empty_messages_unknown_queues_and_impossible_delays_are_a_bug()
    {
        await NothingRingsAsync(Queues.Refunds, "", TimeSpan.Zero);
        await NothingRingsAsync(Queues.Refunds, "x", TimeSpan.FromSeconds(-1));
        await NothingRingsAsync(Queues.Refunds, "x", TimeSpan.FromDays(8));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SendAsync("others", "x", TimeSpan.Zero));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SendAsync(Queues.Refunds + Queues.PoisonSuffix, "x", TimeSpan.Zero));
    }

    private async Task NothingRingsAsync(string queue, string message, TimeSpan delay)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SendAsync(queue, message, delay));
        Assert.Empty(await AnswerAsync(queue));
    }

    private Task<QueuedMessage> SendAsync(string queue, string message, TimeSpan delay) => Messages.SendAsync(new ShardQueue(0, queue), message, delay, default);
}
