namespace Billing.Storage.Tests;

/// <summary>What every implementation of <see cref="IDoorbell"/> does. Each refusal ends in "nothing changed".</summary>
public abstract class DoorbellContract : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The implementation under test.</summary>
    protected IDoorbell Doorbell { get; private set; } = null!;

    /// <summary>Makes <see cref="Doorbell"/>.</summary>
    protected abstract Task<IDoorbell> OpenAsync();

    /// <summary>Takes what a consumer can see off a queue.</summary>
    protected abstract Task<string[]> AnswerAsync(string queue);

    /// <summary>Lets time pass.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    public async Task InitializeAsync() => Doorbell = await OpenAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_ring_without_delay_is_heard_at_once_and_only_in_its_queue()
    {
        var ring = await RingAsync(Queues.Refunds, "ws_1/refund:é😀", TimeSpan.Zero);

        Assert.Equal((Queues.Refunds, "ws_1/refund:é😀"), (ring.Queue, ring.Message));
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
        await RingAsync(Queues.Renewals, "later", TimeSpan.FromSeconds(1));
        await RingAsync(Queues.Renewals, "much later", Day);

        Assert.Empty(await AnswerAsync(Queues.Renewals));
        await PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["later"], await AnswerAsync(Queues.Renewals));
    }

    [Fact]
    public async Task A_revealed_ring_is_heard_at_once_and_says_what_it_said()
    {
        var ring = await RingAsync(Queues.Webhooks, "ws_1/evt:1", Day);
        await RingAsync(Queues.Webhooks, "ws_1/evt:2", Day);

        await Doorbell.RevealAsync(ring, default);

        Assert.Equal(["ws_1/evt:1"], await AnswerAsync(Queues.Webhooks));
    }

    [Fact]
    public async Task Revealing_a_ring_that_was_answered_changes_nothing()
    {
        var ring = await RingAsync(Queues.Webhooks, "once", TimeSpan.Zero);
        Assert.Single(await AnswerAsync(Queues.Webhooks));

        await Doorbell.RevealAsync(ring, default);

        Assert.Empty(await AnswerAsync(Queues.Webhooks));
    }

    [Fact]
    public async Task Revealing_twice_is_heard_once()
    {
        var ring = await RingAsync(Queues.Webhooks, "once", Day);

        await Doorbell.RevealAsync(ring, default);
        await Doorbell.RevealAsync(ring, default);

        Assert.Single(await AnswerAsync(Queues.Webhooks));
        Assert.Empty(await AnswerAsync(Queues.Webhooks));
    }

    [Fact]
    public async Task The_same_message_rings_twice()
    {
        var first = await RingAsync(Queues.Expirations, "ws_1", TimeSpan.Zero);
        var second = await RingAsync(Queues.Expirations, "ws_1", TimeSpan.Zero);

        Assert.NotEqual(first.MessageId, second.MessageId);
        Assert.Equal(["ws_1", "ws_1"], await AnswerAsync(Queues.Expirations));
    }

    [Fact]
    public async Task Every_queue_can_be_rung()
    {
        foreach (var queue in Queues.All)
        {
            await RingAsync(queue, queue, TimeSpan.Zero);
            Assert.Equal([queue], await AnswerAsync(queue));
        }
    }

    [Fact]
    public async Task A_message_has_up_to_48_KiB()
    {
        var message = new string('é', 24 * 1024);
        await RingAsync(Queues.OverageCharges, message, TimeSpan.Zero);
        Assert.Equal([message], await AnswerAsync(Queues.OverageCharges));

        await NothingRingsAsync(Queues.OverageCharges, message + "x", TimeSpan.Zero);
    }

    [Fact]
    public async Task Empty_messages_unknown_queues_and_impossible_delays_are_a_bug()
    {
        await NothingRingsAsync(Queues.Refunds, "", TimeSpan.Zero);
        await NothingRingsAsync(Queues.Refunds, "x", TimeSpan.FromSeconds(-1));
        await NothingRingsAsync(Queues.Refunds, "x", TimeSpan.FromDays(8));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => RingAsync("others", "x", TimeSpan.Zero));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => RingAsync(Queues.Refunds + Queues.PoisonSuffix, "x", TimeSpan.Zero));
    }

    private async Task NothingRingsAsync(string queue, string message, TimeSpan delay)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => RingAsync(queue, message, delay));
        Assert.Empty(await AnswerAsync(queue));
    }

    private Task<Ring> RingAsync(string queue, string message, TimeSpan delay) => Doorbell.RingAsync(queue, message, delay, default);
}
