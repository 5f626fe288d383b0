using Billing.Engine.Due;
using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public sealed class QueueReceiverTests : IAsyncLifetime
{
    private const string Queue = Queues.Refunds;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private StorageClients _clients = null!;
    private QueueReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _clients = await TestStorage.WithQueuesAsync();
        _receiver = new QueueReceiver(_clients);
    }

    public Task DisposeAsync()
    {
        _clients.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_message_is_given_to_one_consumer_at_a_time()
    {
        await SendAsync("ws_1");

        var delivery = Assert.Single(await ReceiveAsync(Minute));

        Assert.Equal(("ws_1", 1L, true), (delivery.Body, delivery.DequeueCount, delivery.IsText));
        Assert.InRange(delivery.InsertedAt, DateTimeOffset.UtcNow - Minute, DateTimeOffset.UtcNow + Minute);
        Assert.Empty(await ReceiveAsync(Minute));
        Assert.True(await _receiver.DeleteAsync(new ShardQueue(0, Queue), delivery, default));
        Assert.False(await _receiver.DeleteAsync(new ShardQueue(0, Queue), delivery, default));
        Assert.Equal(0, await _receiver.ApproximateCountAsync(new ShardQueue(0, Queue), default));
    }

    [Fact]
    public async Task A_message_that_was_not_dealt_with_comes_again_and_its_old_receipt_is_worth_nothing()
    {
        await SendAsync("ws_1");
        var first = Assert.Single(await ReceiveAsync(TimeSpan.FromSeconds(1)));
        await Task.Delay(1_500);
        var second = Assert.Single(await ReceiveAsync(Minute));

        Assert.Equal((first.Id, 2L, first.InsertedAt), (second.Id, second.DequeueCount, second.InsertedAt));
        Assert.False(await _receiver.DeleteAsync(new ShardQueue(0, Queue), first, default));
        Assert.Null(await _receiver.ExtendAsync(new ShardQueue(0, Queue), first, Minute, default));
        Assert.True(await _receiver.DeleteAsync(new ShardQueue(0, Queue), second, default));
    }

    [Fact]
    public async Task What_came_of_a_messages_tries_travels_with_it_whether_it_is_given_back_or_sent_again()
    {
        await SendAsync("ws_1");
        var first = Assert.Single(await ReceiveAsync(Minute));
        Assert.Equal(Attempts.None, first.Attempts);
        var attempts = new Attempts(3, DateTimeOffset.Parse("2026-01-01T00:00:00Z", null));

        var kept = await _receiver.ExtendAsync(new ShardQueue(0, Queue), first with { Attempts = attempts }, TimeSpan.Zero, default);
        var second = Assert.Single(await ReceiveAsync(Minute));
        await _receiver.SendAgainAsync(new ShardQueue(0, Queue), second, TimeSpan.Zero, default);
        var third = Assert.Single(await ReceiveAsync(Minute));

        Assert.Equal(attempts, kept!.Attempts);
        Assert.Equal(("ws_1", attempts, first.InsertedAt), (second.Body, second.Attempts, second.InsertedAt));
        Assert.Equal(("ws_1", attempts, first.InsertedAt, 1L), (third.Body, third.Attempts, third.InsertedAt, third.DequeueCount));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"tried_failures": 1, "tried_body": "ws_1"}""")]
    [InlineData("""{"tried_failures": 1, "tried_away_since": null, "tried_rung_at": "2026-01-01T00:00:00Z", "tried_body": ""}""")]
    public async Task What_only_looks_like_a_message_that_was_tried_is_left_as_it_is(string text)
    {
        await SendAsync(text);

        var delivery = Assert.Single(await ReceiveAsync(Minute));

        Assert.Equal((text, Attempts.None), (delivery.Body, delivery.Attempts));
    }

    [Fact]
    public async Task A_message_that_was_tried_is_parked_as_it_was_sent()
    {
        await SendAsync("ws_1");
        var delivery = Assert.Single(await ReceiveAsync(Minute)) with { Attempts = new Attempts(4, null) };

        await _receiver.PoisonAsync(new ShardQueue(0, Queue), delivery, "it failed", default);

        Assert.Equal("ws_1", Assert.Single(await _receiver.PeekPoisonAsync(new ShardQueue(0, Queue), 32, default)).Body);
    }

    [Fact]
    public async Task An_extended_message_stays_away_from_others_and_keeps_its_body()
    {
        await SendAsync("ws_1");
        var delivery = Assert.Single(await ReceiveAsync(TimeSpan.FromSeconds(1)));

        var extended = await _receiver.ExtendAsync(new ShardQueue(0, Queue), delivery, Minute, default);
        await Task.Delay(1_500);

        Assert.Empty(await ReceiveAsync(Minute));
        var back = await _receiver.ExtendAsync(new ShardQueue(0, Queue), extended!, TimeSpan.Zero, default);
        Assert.NotNull(back);
        Assert.Equal("ws_1", Assert.Single(await ReceiveAsync(Minute)).Body);
    }

    [Fact]
    public async Task No_more_than_asked_for_are_given()
    {
        for (var i = 0; i < 35; i++)
        {
            await SendAsync($"ws_{i}");
        }

        Assert.Equal(35, await _receiver.ApproximateCountAsync(new ShardQueue(0, Queue), default));
        Assert.Single(await _receiver.ReceiveAsync(new ShardQueue(0, Queue), 1, Minute, default));
        Assert.Equal(32, (await _receiver.ReceiveAsync(new ShardQueue(0, Queue), 32, Minute, default)).Length);
        Assert.Equal(2, (await _receiver.ReceiveAsync(new ShardQueue(0, Queue), 32, Minute, default)).Length);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _receiver.ReceiveAsync(new ShardQueue(0, Queue), 0, Minute, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _receiver.ReceiveAsync(new ShardQueue(0, Queue), 33, Minute, default));
    }

    [Theory]
    [InlineData("not Base64 at all {}")]
    [InlineData("ws_1")]
    [InlineData("/w==")]
    [InlineData("{\"a\":\"<b>\"}")]
    public async Task A_body_that_is_no_text_of_ours_is_given_as_it_is_and_can_be_poisoned_and_retried(string raw)
    {
        await _clients.QueueOf(new ShardQueue(0, Queue)).SendMessageAsync(raw);
        var delivery = Assert.Single(await ReceiveAsync(Minute));
        Assert.Equal((raw, false), (delivery.Body, delivery.IsText));

        await _receiver.PoisonAsync(new ShardQueue(0, Queue), delivery, "It is no text.", default);

        var poisoned = Assert.Single(await _receiver.PeekPoisonAsync(new ShardQueue(0, Queue), 32, default));
        Assert.Equal((delivery.Id, raw, "It is no text.", false), (poisoned.OriginalId, poisoned.Body, poisoned.Reason, poisoned.IsText));
        Assert.True(await _receiver.RetryPoisonAsync(new ShardQueue(0, Queue), poisoned.Id, default));
        Assert.Equal((raw, false), Assert.Single((await ReceiveAsync(Minute)).Select(again => (again.Body, again.IsText))));
    }

    [Fact]
    public async Task A_poisoned_message_leaves_its_queue_and_says_why()
    {
        await SendAsync("ws_1/refund:é");
        var delivery = Assert.Single(await ReceiveAsync(Minute));

        await _receiver.PoisonAsync(new ShardQueue(0, Queue), delivery, "The provider says no.", default);

        Assert.Equal(0, await _receiver.ApproximateCountAsync(new ShardQueue(0, Queue), default));
        Assert.Equal(1, await _receiver.ApproximateCountAsync(new ShardQueue(0, Queue + Queues.PoisonSuffix), default));
        var poisoned = Assert.Single(await _receiver.PeekPoisonAsync(new ShardQueue(0, Queue), 32, default));
        Assert.Equal(
            (delivery.Id, "ws_1/refund:é", "The provider says no.", true),
            (poisoned.OriginalId, poisoned.Body, poisoned.Reason, poisoned.IsText));
        Assert.Equal(poisoned, Assert.Single(await _receiver.PeekPoisonAsync(new ShardQueue(0, Queue), 32, default)));
    }

    [Fact]
    public async Task Of_many_poisoned_messages_the_one_asked_for_is_retried_and_the_others_stay()
    {
        for (var i = 0; i < 40; i++)
        {
            await SendAsync($"ws_{i}");
        }

        for (var taken = await ReceiveAsync(Minute); taken.Length > 0; taken = await ReceiveAsync(Minute))
        {
            await Task.WhenAll(taken.Select(delivery => _receiver.PoisonAsync(new ShardQueue(0, Queue), delivery, "no", default)));
        }

        var chosen = (await _receiver.PeekPoisonAsync(new ShardQueue(0, Queue), 32, default))[^1];

        Assert.True(await _receiver.RetryPoisonAsync(new ShardQueue(0, Queue), chosen.Id, default));

        Assert.Equal(chosen.Body, Assert.Single(await ReceiveAsync(Minute)).Body);
        Assert.Equal(39, await _receiver.ApproximateCountAsync(new ShardQueue(0, Queue + Queues.PoisonSuffix), default));
        Assert.Equal(32, (await _receiver.PeekPoisonAsync(new ShardQueue(0, Queue), 32, default)).Length);
        Assert.False(await _receiver.RetryPoisonAsync(new ShardQueue(0, Queue), chosen.Id, default));
        Assert.Equal(32, (await _receiver.PeekPoisonAsync(new ShardQueue(0, Queue), 32, default)).Length);
    }

    [Fact]
    public async Task A_bare_message_that_the_Functions_host_poisoned_is_listed_and_retried()
    {
        await _clients.QueueOf(new ShardQueue(0, Queue + Queues.PoisonSuffix)).SendMessageAsync(QueueText.Encode("""{"workspace":"ws_1"}"""));

        var poisoned = Assert.Single(await _receiver.PeekPoisonAsync(new ShardQueue(0, Queue), 32, default));

        Assert.Equal(
            (null, """{"workspace":"ws_1"}""", null, true),
            (poisoned.OriginalId, poisoned.Body, poisoned.Reason, poisoned.IsText));
        Assert.True(await _receiver.RetryPoisonAsync(new ShardQueue(0, Queue), poisoned.Id, default));
        Assert.Equal("""{"workspace":"ws_1"}""", Assert.Single(await ReceiveAsync(Minute)).Body);
    }

    [Fact]
    public async Task A_message_too_long_for_an_envelope_is_poisoned_bare()
    {
        var body = new string('x', QueueText.MaxBytes);
        await SendAsync(body);

        await _receiver.PoisonAsync(new ShardQueue(0, Queue), Assert.Single(await ReceiveAsync(Minute)), new string('r', 5_000), default);

        var poisoned = Assert.Single(await _receiver.PeekPoisonAsync(new ShardQueue(0, Queue), 32, default));
        Assert.Equal((body, null), (poisoned.Body, poisoned.Reason));
    }

    [Fact]
    public async Task A_missing_queue_is_unavailable()
    {
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _receiver.ReceiveAsync(new ShardQueue(0, "missing"), 1, Minute, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _receiver.ApproximateCountAsync(new ShardQueue(0, "missing"), default));
    }

    private Task SendAsync(string message) => new MessageQueue(_clients).SendAsync(new ShardQueue(0, Queue), message, TimeSpan.Zero, default);

    private Task<System.Collections.Immutable.ImmutableArray<ReceivedMessage>> ReceiveAsync(TimeSpan visibility) =>
        _receiver.ReceiveAsync(new ShardQueue(0, Queue), QueueReceiver.MaxBatch, visibility, default);
}
