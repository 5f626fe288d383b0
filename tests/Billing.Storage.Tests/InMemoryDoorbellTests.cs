using Billing.Testing;

namespace Billing.Storage.Tests;

public sealed class InMemoryDoorbellTests : DoorbellContract
{
    private readonly InMemoryDoorbell _doorbell = new();

    protected override Task<IDoorbell> OpenAsync() => Task.FromResult<IDoorbell>(_doorbell);

    protected override Task<string[]> AnswerAsync(string queue) =>
        Task.FromResult(_doorbell.Drain(queue).Select(ring => ring.Message).ToArray());

    protected override Task PassAsync(TimeSpan time)
    {
        _doorbell.Advance(time);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Rings_are_counted_and_seen_hidden_or_visible()
    {
        var ring = await Doorbell.RingAsync(Queues.Refunds, "a", TimeSpan.FromMinutes(1), default);
        await Doorbell.RingAsync(Queues.Refunds, "b", TimeSpan.FromMinutes(2), default);
        Assert.Equal(["a", "b"], _doorbell.Hidden(Queues.Refunds).Select(hidden => hidden.Message));

        await Doorbell.RevealAsync(ring, default);

        Assert.Equal(["a"], _doorbell.Visible(Queues.Refunds).Select(visible => visible.Message));
        Assert.Equal((2, 1), (_doorbell.Rung, _doorbell.Revealed));
    }

    [Fact]
    public async Task A_door_before_fails_a_ring_and_a_door_after_loses_its_answer()
    {
        _doorbell.BeforeRing = (_, _) => throw new StorageUnavailableException("no");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Doorbell.RingAsync(Queues.Refunds, "a", TimeSpan.Zero, default));
        Assert.Empty(_doorbell.Visible(Queues.Refunds));

        _doorbell.BeforeRing = null;
        _doorbell.AfterRing = _ => throw new StorageUnavailableException("lost");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Doorbell.RingAsync(Queues.Refunds, "a", TimeSpan.Zero, default));
        Assert.Single(_doorbell.Visible(Queues.Refunds));
    }
}
