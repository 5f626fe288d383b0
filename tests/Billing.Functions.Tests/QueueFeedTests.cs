using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Azure.Storage.Queues;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;
using Billing.Testing;
using Microsoft.Extensions.Logging;

namespace Billing.Functions.Tests;

public sealed class QueueFeedTests : IAsyncLifetime
{
    private readonly LogBook _log = new();
    private readonly string _prefix = $"q{Guid.NewGuid().ToString("N")[..8]}-";
    private StorageClients _clients = null!;
    private QueueReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _clients = new StorageClients(new StorageOptions
        {
            ConnectionString = (await Azurite.Shared).ConnectionString,
            QueuePrefix = _prefix,
        });
        await new MessageQueue(_clients).EnsureCreatedAsync(0, default);
        _receiver = new QueueReceiver(_clients);
    }

    public Task DisposeAsync()
    {
        _clients.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_message_reaches_the_consumer_of_its_queue_as_it_was_sent()
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

    [Fact]
    public async Task Through_an_outage_a_message_is_tried_again_and_again_and_done_when_storage_is_back()
    {
        var tries = 0;
        var feed = Feed(new Answers(Queues.Refunds, _ => ++tries <= 30 ? throw new StorageUnavailableException("Storage did not answer.") : Consumption.Done));

        await RunAsync(feed, "rfd_1");

        Assert.Equal(31, tries);
        Assert.Empty(await PoisonAsync());
        Assert.Empty(_log.Metrics);
    }

    [Fact]
    public async Task A_message_that_fails_for_a_reason_of_its_own_waits_for_an_operator_after_five_tries_with_its_last_failure()
    {
        var tries = 0;
        var feed = Feed(new Answers(Queues.Refunds, _ => throw new TimeoutException($"No answer to try {++tries}.")));

        await RunAsync(feed, "rfd_1");

        var kept = Assert.Single(await PoisonAsync());
        Assert.Equal(("rfd_1", "TimeoutException: No answer to try 5."), (kept.Body, kept.Reason));
        Assert.Single(_log.Metrics);
    }

    [Fact]
    public async Task An_outage_before_between_and_after_failures_is_not_counted_against_a_message()
    {
        var tries = 0;
        var feed = Feed(new Answers(Queues.Refunds, _ => ++tries % 10 == 0 ? throw new TimeoutException() : tries < 45 ? throw new StorageUnavailableException("Away.") : Consumption.Done));

        await RunAsync(feed, "rfd_1");

        Assert.Equal(45, tries);
        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task While_the_queue_is_away_too_a_message_is_left_to_the_Functions_host_which_delivers_it_again()
    {
        using var away = new StorageClients(new StorageOptions
        {
            ConnectionString = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a",
        });
        var outage = new Answers(Queues.Refunds, _ => throw new StorageUnavailableException("Away."));
        var rubbish = new Answers(Queues.Renewals, _ => Consumption.Parked("it is rubbish"));
        var feed = _log.Feed(new QueueReceiver(away), outage, rubbish);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => feed.ConsumeAsync(Queues.Refunds, Raw("rfd_1"), Triggers.Message("m1", 1)));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => feed.ConsumeAsync(Queues.Renewals, Raw("rubbish"), Triggers.Message("m2", QueueFeed.MostDeliveries)));
    }

    [Fact]
    public async Task What_the_Functions_host_gave_up_waits_for_an_operator_and_can_be_retried()
    {
        await new MessageQueue(_clients).EnsureCreatedAsync(0, default, PoisonDrain.HostSuffix);
        foreach (var message in Enumerable.Range(0, QueueReceiver.MaxBatch + 1).Select(i => $"rfd_{i}"))
        {
            await _receiver.SendAgainAsync(new ShardQueue(0, Queues.Refunds + PoisonDrain.HostSuffix), QueueReceiver.Open("m", "", Raw(message), 1, DateTimeOffset.UtcNow), TimeSpan.Zero, default);
        }

        await new PoisonDrain(Feed(), _receiver, ShardMap.One).RunAsync(default);

        Assert.Equal(QueueReceiver.MaxBatch + 1, await _receiver.ApproximateCountAsync(new ShardQueue(0, Queues.Refunds + Queues.PoisonSuffix), default));
        Assert.Equal(0, await _receiver.ApproximateCountAsync(new ShardQueue(0, Queues.Refunds + PoisonDrain.HostSuffix), default));
        Assert.Equal(QueueReceiver.MaxBatch + 1, _log.Metrics.Count);
        var kept = (await PoisonAsync())[0];
        Assert.Equal(("rfd_0", true), (kept.Body, kept.Reason?.Contains("gave it up", StringComparison.Ordinal)));
        Assert.True(await _receiver.RetryPoisonAsync(new ShardQueue(0, Queues.Refunds), kept.Id, default));
        Assert.Equal("rfd_0", Assert.Single(await _receiver.ReceiveAsync(new ShardQueue(0, Queues.Refunds), 32, TimeSpan.FromMinutes(1), default)).Body);
    }

    [Fact]
    public async Task Without_its_metadata_a_message_counts_as_new()
    {
        var feed = Feed(new Answers(Queues.Refunds, _ => throw new TimeoutException()));
        var bare = new Moq.Mock<Microsoft.Azure.Functions.Worker.FunctionContext>();
        bare.Setup(it => it.FunctionDefinition.Name).Returns("RefundsQueue");
        bare.Setup(it => it.InvocationId).Returns("invocation");
        bare.Setup(it => it.BindingContext.BindingData).Returns(new Dictionary<string, object?>());

        await feed.ConsumeAsync(Queues.Refunds, Raw("rfd_1"), bare.Object);

        Assert.Equal(1, Assert.Single(await _receiver.ReceiveAsync(new ShardQueue(0, Queues.Refunds), 32, TimeSpan.FromMinutes(1), default)).Attempts.Failures);
    }

    /// <summary>Sends a message, and does what the Functions host does until the queue is empty: what ends without an exception is deleted.</summary>
    private async Task RunAsync(QueueFeed feed, string message)
    {
        await new MessageQueue(_clients).SendAsync(new(0, Queues.Refunds), message, TimeSpan.Zero, default);
        var queue = new QueueClient((await Azurite.Shared).ConnectionString, _prefix + Queues.Refunds, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        while ((await queue.ReceiveMessageAsync()).Value is { } given)
        {
            await feed.ConsumeAsync(Queues.Refunds, given.MessageText, Triggers.Message(given.MessageId, (int)given.DequeueCount, given.InsertedOn));
            await queue.DeleteMessageAsync(given.MessageId, given.PopReceipt);
        }
    }

    private static Consumption Say(string _, Consumption consumption) => consumption;

    private static string Raw(string message) => Convert.ToBase64String(Encoding.UTF8.GetBytes(message));

    private QueueFeed Feed(params IConsumer[] consumers) => _log.Feed(_receiver, consumers);

    private async Task<IReadOnlyList<PoisonedDelivery>> PoisonAsync() => await _receiver.PeekPoisonAsync(new ShardQueue(0, Queues.Refunds), 32, default);

    private sealed class Answers(string queue, Func<string, Consumption> answer) : IConsumer
    {
        public string Queue => queue;

        public Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation) => Task.FromResult(answer(message));
    }
}
