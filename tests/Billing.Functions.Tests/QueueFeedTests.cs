using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Billing.Functions.QueueTriggers;
using Billing.Jobs;
using Billing.Storage;
using Billing.Testing;
using Microsoft.Extensions.Logging;

namespace Billing.Functions.Tests;

public sealed class QueueFeedTests : IAsyncLifetime
{
    private readonly LogBook _log = new();
    private StorageClients _clients = null!;
    private QueueReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _clients = new StorageClients(new StorageOptions
        {
            ConnectionString = (await Azurite.Shared).ConnectionString,
            QueuePrefix = $"q{Guid.NewGuid().ToString("N")[..8]}-",
        });
        await new QueueDoorbell(_clients).EnsureCreatedAsync(default);
        _receiver = new QueueReceiver(_clients);
    }

    public Task DisposeAsync()
    {
        _clients.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_message_reaches_the_consumer_of_its_queue_as_it_was_rung()
    {
        var heard = "";
        var other = new Answers(Queues.Renewals, _ => throw new InvalidOperationException("Not mine."));

        await Feed(new Answers(Queues.Refunds, message => Say(heard = message, Consumption.Done)), other).ConsumeAsync(Queues.Refunds, Raw("rfd_é"), Triggers.Message("m1", 1));

        Assert.Equal("rfd_é", heard);
        Assert.Empty(_log.Lines);
        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task A_message_is_as_old_as_the_Functions_host_says()
    {
        var ages = new ConcurrentQueue<double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, all) => Listen(instrument, all) };
        listener.SetMeasurementEventCallback<double>((_, age, _, _) => ages.Enqueue(age));
        listener.Start();
        var feed = Feed(new Answers(Queues.Refunds, _ => Consumption.Done));

        await feed.ConsumeAsync(Queues.Refunds, Raw("rfd_1"), Triggers.Message("m1", 1, DateTimeOffset.UtcNow.AddHours(-5)));

        Assert.Single(ages, age => age is >= 18_000 and < 18_100);

        static void Listen(Instrument instrument, MeterListener listener)
        {
            if (instrument.Name == "billing.queue.age")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }
    }

    [Fact]
    public async Task A_dropped_message_leaves_a_log_line_and_nothing_else()
    {
        await Feed(new Answers(Queues.Refunds, _ => Consumption.Dropped("there is no such refund"))).ConsumeAsync(Queues.Refunds, Raw("rfd_1"), Triggers.Message("m1", 1));

        Assert.Equal((LogLevel.Information, "refunds: message m1 was dropped: there is no such refund"), Assert.Single(_log.Lines));
        Assert.Empty(await PoisonAsync());
        Assert.Empty(_log.Metrics);
    }

    [Fact]
    public async Task Rubbish_waits_for_an_operator_with_its_reason_and_is_counted()
    {
        await Feed(new Answers(Queues.Refunds, _ => Consumption.Parked("it is not the id of a refund"))).ConsumeAsync(Queues.Refunds, Raw("nonsense"), Triggers.Message("m1", 1));

        var kept = Assert.Single(await PoisonAsync());
        Assert.Equal(("m1", "nonsense", "it is not the id of a refund", true), (kept.OriginalId, kept.Body, kept.Reason, kept.IsText));
        Assert.Equal((LogLevel.Error, "refunds: message m1 is poison: it is not the id of a refund"), Assert.Single(_log.Lines));
        Assert.Equal((QueueFeed.PoisonMetric, 1d, Queues.Refunds), Assert.Single(_log.Metrics));
    }

    [Fact]
    public async Task What_is_not_text_never_reaches_a_consumer_and_is_not_lost()
    {
        var consumer = new Answers(Queues.Refunds, _ => throw new InvalidOperationException("It reached one."));

        await Feed(consumer).ConsumeAsync(Queues.Refunds, "not Base64!", Triggers.Message("m1", 1));

        var kept = Assert.Single(await PoisonAsync());
        Assert.Equal(("not Base64!", "it is not text", false), (kept.Body, kept.Reason, kept.IsText));
    }

    [Theory, InlineData(1), InlineData(4)]
    public async Task A_failure_is_left_to_the_Functions_host_which_delivers_the_message_again(int tries)
    {
        var feed = Feed(new Answers(Queues.Refunds, _ => throw new StorageUnavailableException("Storage did not answer.")));

        await Assert.ThrowsAsync<StorageUnavailableException>(() => feed.ConsumeAsync(Queues.Refunds, Raw("rfd_1"), Triggers.Message("m1", tries)));

        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task A_message_that_failed_often_enough_waits_for_an_operator_with_its_last_failure()
    {
        var feed = Feed(new Answers(Queues.Refunds, _ => throw new TimeoutException("No answer.")));

        await feed.ConsumeAsync(Queues.Refunds, Raw("rfd_1"), Triggers.Message("m1", QueueFeed.MostTries));

        Assert.Equal(("rfd_1", "TimeoutException: No answer."), (Assert.Single(await PoisonAsync()).Body, (await PoisonAsync())[0].Reason));
        Assert.Single(_log.Metrics);
    }

    [Fact]
    public async Task What_the_Functions_host_gave_up_waits_for_an_operator_and_can_be_retried()
    {
        await Feed().GiveUpAsync(Queues.Refunds, Raw("rfd_1"), Triggers.Message("m1", 1));

        var kept = Assert.Single(await PoisonAsync());
        Assert.Equal("rfd_1", kept.Body);
        Assert.NotNull(kept.Reason);
        Assert.Single(_log.Metrics);

        Assert.True(await _receiver.RetryPoisonAsync(Queues.Refunds, kept.Id, default));

        Assert.Equal("rfd_1", Assert.Single(await _receiver.ReceiveAsync(Queues.Refunds, 32, TimeSpan.FromMinutes(1), default)).Body);
        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task Without_its_metadata_a_message_counts_as_new()
    {
        var feed = Feed(new Answers(Queues.Refunds, _ => throw new TimeoutException()));
        var bare = new Moq.Mock<Microsoft.Azure.Functions.Worker.FunctionContext>();
        bare.Setup(it => it.InvocationId).Returns("invocation");
        bare.Setup(it => it.BindingContext.BindingData).Returns(new Dictionary<string, object?>());

        await Assert.ThrowsAsync<TimeoutException>(() => feed.ConsumeAsync(Queues.Refunds, Raw("rfd_1"), bare.Object));
    }

    private static Consumption Say(string _, Consumption consumption) => consumption;

    private static string Raw(string message) => Convert.ToBase64String(Encoding.UTF8.GetBytes(message));

    private QueueFeed Feed(params IConsumer[] consumers) => _log.Feed(_receiver, consumers);

    private async Task<IReadOnlyList<PoisonedDelivery>> PoisonAsync() => await _receiver.PeekPoisonAsync(Queues.Refunds, 32, default);

    private sealed class Answers(string queue, Func<string, Consumption> answer) : IConsumer
    {
        public string Queue => queue;

        public Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation) => Task.FromResult(answer(message));
    }
}
