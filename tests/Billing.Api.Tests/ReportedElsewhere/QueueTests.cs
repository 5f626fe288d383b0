using System.Globalization;
using Billing.Api.Jobs;
using Billing.Api.Tests.Drift;
using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Api.Tests.ReportedElsewhere;

public sealed class QueueTests
{
    private static readonly DateTimeOffset Now = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly StorageUnavailableException Outage = new("Storage did not answer.");

    // What the handler wrote to was away for ten minutes, and every message of the queue was poison after it.
    [Fact]
    public void Ten_minutes_of_outage_are_no_reason_to_give_a_message_up()
    {
        var (message, now) = (Message(), Now);
        for (var tries = 0; now < Now + TimeSpan.FromMinutes(10); tries++)
        {
            Assert.InRange(tries, 0, 20);
            var again = Assert.IsType<Disposition.Again>(new MessageRetries().After(message, Outage, now));
            message = message with { Attempts = again.Attempts, DequeueCount = message.DequeueCount + 1 };
            now += again.Pause;
        }

        Assert.Equal(0, message.Attempts.Failures);
    }

    // All five tries were made within a second, because what failed was visible again at once.
    [Fact]
    public void A_message_of_its_own_fault_is_not_tried_again_at_once()
    {
        var (message, pauses) = (Message(), new List<TimeSpan>());
        while (new MessageRetries().After(message, new InvalidOperationException(), Now) is Disposition.Again again)
        {
            pauses.Add(again.Pause);
            message = message with { Attempts = again.Attempts };
        }

        Assert.Equal([1, 4, 9, 16], pauses.Select(pause => pause.TotalSeconds));
    }

    // Between two outages a message failed for its own reason; the second began as if the first had never ended, and was over its time at once.
    [Fact]
    public void An_outage_that_ended_is_not_added_to_the_next()
    {
        var retries = new MessageRetries();
        var first = Assert.IsType<Disposition.Again>(retries.After(Message(), Outage, Now)).Attempts;
        var own = Assert.IsType<Disposition.Again>(retries.After(Message() with { Attempts = first }, new InvalidOperationException(), Now.AddDays(1))).Attempts;
        var second = Assert.IsType<Disposition.Again>(retries.After(Message() with { Attempts = own }, Outage, Now.AddDays(8)));
        Assert.Equal((1, Now.AddDays(8), TimeSpan.FromSeconds(5)), (second.Attempts.Failures, second.Attempts.AwaySince, second.Pause));
    }

    // A message whose work ran the process out of memory was given out again after every restart, for ever.
    [Fact]
    public void A_message_that_takes_its_process_along_is_given_up_after_ten_deliveries()
    {
        Assert.Null(MessageRetries.KillsProcesses(Message() with { DequeueCount = MessageRetries.MostUnended }));
        Assert.IsType<Disposition.Park>(MessageRetries.KillsProcesses(Message() with { DequeueCount = MessageRetries.MostUnended + 1 }));

        // What came to an end, be it a failure, is not counted, and is remembered with the message.
        var tried = Message() with { DequeueCount = 30, Attempts = new Attempts(3, null) { Ended = 25 } };
        Assert.Null(MessageRetries.KillsProcesses(tried));
        Assert.IsType<Disposition.Park>(MessageRetries.KillsProcesses(tried with { DequeueCount = 36 }));
    }

    // A schedule was written with five fields, and the host, which reads six, ran it every second of one minute.
    [Fact]
    public void Every_schedule_names_its_second()
    {
        var schedules = FunctionsSource.Of("Timer").Select(trigger => trigger.Subject).ToList();
        Assert.NotEmpty(schedules);
        Assert.All(schedules, schedule => Assert.Matches("^([0-9]|[1-5][0-9])( [0-9*/,-]+){5}$", schedule));
    }

    // The host's limit for a function was shorter than the work it was given, so it was killed and began again, for ever.
    [Fact]
    public void A_function_has_longer_than_any_message_is_hidden_for()
    {
        using var file = HostJson.Open();
        var limit = TimeSpan.Parse(file.RootElement.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture);
        var hidden = TimeSpan.Parse(file.RootElement.GetProperty("extensions").GetProperty("queues").GetProperty("visibilityTimeout").GetString()!, CultureInfo.InvariantCulture);
        Assert.True(hidden > TimeSpan.Zero && limit >= 4 * hidden);
    }

    private static ReceivedMessage Message() => new("1", "r", "ws_1", 1, Now, IsText: true);
}
