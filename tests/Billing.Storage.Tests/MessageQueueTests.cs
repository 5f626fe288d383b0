using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public sealed class MessageQueueTests : MessageQueueContract
{
    private StorageClients _clients = null!;
    private QueueReceiver _receiver = null!;

    public override Task DisposeAsync()
    {
        _clients.Dispose();
        return Task.CompletedTask;
    }

    protected override async Task<IMessageQueue> OpenAsync()
    {
        _clients = await TestStorage.WithQueuesAsync();
        _receiver = new QueueReceiver(_clients);
        return new MessageQueue(_clients);
    }

    protected override async Task<string[]> AnswerAsync(string queue)
    {
        var deliveries = await _receiver.ReceiveAsync(new ShardQueue(0, queue), QueueReceiver.MaxBatch, TimeSpan.FromMinutes(5), default);
        foreach (var delivery in deliveries)
        {
            Assert.True(await _receiver.DeleteAsync(new ShardQueue(0, queue), delivery, default));
        }

        return [.. deliveries.Select(delivery => delivery.Body)];
    }

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time);

    [Fact]
    public async Task Queues_may_be_created_twice() => await new MessageQueue(_clients).EnsureCreatedAsync(0, default);

    [Fact]
    public async Task A_ring_never_expires_and_is_Base64_as_the_Functions_host_reads_it()
    {
        await Messages.SendAsync(new(0, Queues.Refunds), "ws_1", TimeSpan.Zero, default);

        var message = Assert.Single((await _clients.QueueOf(new ShardQueue(0, Queues.Refunds)).PeekMessagesAsync(32)).Value);

        Assert.Equal("d3NfMQ==", message.MessageText);
        Assert.True(message.ExpiresOn > DateTimeOffset.UtcNow.AddYears(100));
    }

    [Fact]
    public async Task A_message_whose_answer_is_lost_is_sent_again()
    {
        using var clients = new StorageClients((await TestStorage.OptionsAsync()) with { Policies = [Fault.AnswerLost().Only(1)] });
        await TestStorage.Clients;
        var receiver = new QueueReceiver(clients);

        await new MessageQueue(clients).SendAsync(new(0, Queues.OverageCharges), "twice", TimeSpan.Zero, default);

        var heard = await receiver.ReceiveAsync(new ShardQueue(0, Queues.OverageCharges), 32, TimeSpan.FromMinutes(1), default);
        Assert.Equal(["twice", "twice"], heard.Select(delivery => delivery.Body));
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_unavailable()
    {
        using var clients = StubStorage.ConnectToNobody();
        var messages = new MessageQueue(clients);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => messages.SendAsync(new(0, Queues.Refunds), "x", TimeSpan.Zero, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            messages.RevealAsync(new QueuedMessage(new(0, Queues.Refunds), "x", "id", "receipt"), default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => messages.EnsureCreatedAsync(0, default));
        Assert.Equal(6 + (3 * 2 * Queues.All.Length), clients.Meters[0].Snapshot().QueueOperations);
    }
}
