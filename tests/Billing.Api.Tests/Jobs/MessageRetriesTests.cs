using Billing.Api.Jobs;
using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Api.Tests.Jobs;

public sealed class MessageRetriesTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z", null);
    private static readonly Exception Outage = new StorageUnavailableException("Storage did not answer.");
    private static readonly Exception Failure = new TimeoutException("No answer.");

    [Fact]
    public void A_message_that_fails_by_itself_is_tried_five_times_with_growing_pauses()
    {
        var attempts = Attempts.None;
        var pauses = new List<int>();
        while (After(attempts, Failure, Start) is Disposition.Again again)
        {
            pauses.Add((int)again.Pause.TotalSeconds);
            attempts = again.Attempts;
        }

        Assert.Equal([1, 4, 9, 16], pauses);
        Assert.Equal(new Disposition.Park("TimeoutException: No answer.", Failure), After(attempts, Failure, Start));
    }

    [Fact]
    public void Through_an_outage_a_message_is_tried_for_seven_days_ever_more_seldom_but_every_five_minutes()
    {
        var (attempts, now) = (Attempts.None, Start);
        var pauses = new List<int>();
        while (After(attempts, Outage, now) is Disposition.Again again)
        {
            pauses.Add((int)again.Pause.TotalSeconds);
            (attempts, now) = (again.Attempts, now + again.Pause);
        }

        Assert.Equal([5, 5, 10, 20, 40, 80, 160, 300, 300], pauses.Take(9));
        Assert.All(pauses.Skip(7), pause => Assert.Equal(300, pause));
        Assert.InRange(now - Start, TimeSpan.FromDays(7), TimeSpan.FromDays(7) + TimeSpan.FromMinutes(5));
        Assert.IsType<Disposition.Park>(After(attempts, Outage, now));
    }

    [Fact]
    public void One_failure_after_an_outage_of_days_is_the_first_and_a_new_outage_has_its_own_seven_days()
    {
        var late = new Attempts(0, Start);
        var failed = Assert.IsType<Disposition.Again>(After(late, Failure, Start.AddDays(6))).Attempts;

        Assert.Equal(new Attempts(1, null), failed);
        Assert.Equal(new Attempts(1, Start.AddDays(6)), Assert.IsType<Disposition.Again>(After(failed, Outage, Start.AddDays(6))).Attempts);
    }

    private static Disposition After(Attempts attempts, Exception exception, DateTimeOffset now) =>
        new MessageRetries().After(new ReceivedMessage("m1", "receipt", "rfd_1", 100, Start, IsText: true) { Attempts = attempts }, exception, now);
}
