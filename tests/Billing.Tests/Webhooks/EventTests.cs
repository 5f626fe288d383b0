using System.Collections.Immutable;
using Billing.Events;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Webhooks;

public sealed class EventTests
{
    private static readonly DateTimeOffset Noon = At("2025-11-01T12:00:00Z");

    [Fact]
    public void An_event_is_kept_for_35_days()
    {
        var told = new BillingEvent { Sequence = 1, Type = EventTypes.Ping, Timestamp = Noon.AddDays(-7), Data = ImmutableSortedDictionary<string, Scalar>.Empty, Targets = [], CreatedAt = Noon };
        Assert.False(told.IsOver(Noon.AddDays(35).AddMilliseconds(-1)));
        Assert.True(told.IsOver(Noon.AddDays(35)));
    }

    [Fact]
    public void What_is_due_is_found_by_its_key_at_its_instant_and_not_before()
    {
        var attempt = new ScheduledAttempt { EndpointKey = "key", Sequence = 7, At = Noon };
        Assert.Equal([false, true, true], new[] { -1, 0, 1 }.Select(milliseconds => Holds(ScheduledAttempt.DueAt(Noon.AddMilliseconds(milliseconds)), attempt)));
        Assert.False(Holds(ScheduledAttempt.DueAtOnce, attempt));
        foreach (var note in new[] { ScheduledAttempt.OfEvent(7), ScheduledAttempt.OfReplay("key", 7) })
        {
            Assert.True(Holds(ScheduledAttempt.DueAt(Noon), note));
            Assert.True(Holds(ScheduledAttempt.DueAtOnce, note));
        }
    }

    [Fact]
    public void No_two_notes_have_one_key() => Assert.Distinct(new[]
    {
        ScheduledAttempt.OfEvent(7), ScheduledAttempt.OfEvent(8), ScheduledAttempt.OfReplay("key", 7), ScheduledAttempt.OfReplay("other", 7),
        new ScheduledAttempt { EndpointKey = "key", Sequence = 7 }, new ScheduledAttempt { EndpointKey = "key", Sequence = 7, At = Noon },
    }.Select(note => note.RowKey));

    [Fact]
    public void A_message_names_the_event_or_its_delivery()
    {
        Assert.Equal("evt_0123456789abcdef000000007", ScheduledAttempt.OfEvent(7).MessageIn(Id));
        Assert.Equal("dlv_0123456789abcdefkey000000007", ScheduledAttempt.OfReplay("key", 7).MessageIn(Id));
        Assert.Equal(new DeliveryId(Id, "key", 7), DeliveryId.Parse("dlv_0123456789abcdefkey000000007"));
    }

    private static bool Holds(KeyRange range, ScheduledAttempt note) =>
        string.CompareOrdinal(range.From, note.RowKey) <= 0 && string.CompareOrdinal(note.RowKey, range.To) < 0;
}
