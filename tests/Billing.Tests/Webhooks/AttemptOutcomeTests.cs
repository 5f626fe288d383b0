using Billing.Events;
using Billing.Webhooks;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Webhooks;

public sealed class AttemptOutcomeTests
{
    private static readonly DateTimeOffset Noon = At("2025-11-01T12:00:00Z");
    private static readonly WebhookDelivery Delivery = WebhookDelivery.New("key", 1, EventTypes.CreditsLow, Noon);
    private static readonly EndpointHealth Healthy = new() { EndpointKey = "key" };

    [Theory]
    [InlineData(null, false)]
    [InlineData(199, false)]
    [InlineData(200, true)]
    [InlineData(299, true)]
    [InlineData(300, false)]
    public void What_is_answered_with_2xx_is_delivered(int? status, bool delivered)
    {
        var outcome = Of(status);
        Assert.Equal(delivered ? DeliveryStatus.Succeeded : DeliveryStatus.Pending, outcome.Delivery.Status);
        Assert.Equal(delivered, outcome.Delivery.NextAttemptAt is null);
        Assert.Equal(delivered ? null : Noon, outcome.Health.FailingSince);
        Assert.Equal((null, false), (outcome.Disables, outcome.Enables));
    }

    [Theory]
    [InlineData(200, 0, null, true)]
    [InlineData(410, 0, DisabledReason.Gone, false)]
    [InlineData(500, 4, null, false)]
    [InlineData(500, 5, DisabledReason.Failing, false)]
    public void An_endpoint_is_disabled_when_it_is_gone_or_failed_for_five_days_and_enabled_by_what_it_takes(int status, int days, DisabledReason? disables, bool enables)
    {
        var outcome = Of(status, disabled: true, Healthy with { FailingSince = Noon.AddDays(-days) });
        Assert.Equal((disables, enables), (outcome.Disables, outcome.Enables));
        Assert.Equal(enables ? DeliveryStatus.Succeeded : DeliveryStatus.Failed, outcome.Delivery.Status);
        Assert.Equal(enables ? null : status == 410 ? DeliveryFailure.EndpointGone : DeliveryFailure.EndpointDisabled, outcome.Delivery.Failure);
    }

    [Fact]
    public void Five_days_are_five_days() =>
        Assert.Null(Of(500, health: Healthy with { FailingSince = Noon.AddDays(-5).AddMilliseconds(1) }).Disables);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_failure_that_began_before_the_last_recovery_says_nothing_of_what_came_after_it(int secondsLater, bool counts)
    {
        var recovered = Healthy with { RecoveredAt = Noon };
        var sentAt = Noon.AddSeconds(secondsLater);
        Assert.Equal(counts ? sentAt : null, recovered.After(succeeded: false, sentAt, Noon.AddSeconds(2)).FailingSince);
    }

    [Fact]
    public void Health_changes_only_with_the_first_failure_and_the_success_after_it()
    {
        Assert.Same(Healthy, Healthy.After(succeeded: true, Noon, Noon));
        var failing = Healthy.After(succeeded: false, Noon, Noon);
        Assert.Same(failing, failing.After(succeeded: false, Noon.AddSeconds(1), Noon.AddSeconds(1)));
        Assert.Equal(Healthy with { RecoveredAt = Noon.AddSeconds(2) }, failing.After(succeeded: true, Noon.AddSeconds(1), Noon.AddSeconds(2)));
    }

    [Fact]
    public void A_delivery_is_over_30_days_after_its_last_attempt_and_never_while_it_is_pending()
    {
        var done = Of(200).Delivery;
        Assert.False(done.IsOver(Noon.AddDays(30).AddMilliseconds(-1)));
        Assert.True(done.IsOver(Noon.AddDays(30)));
        Assert.True((done with { Attempts = [] }).IsOver(Noon.AddDays(30)));
        Assert.False(Of(500).Delivery.IsOver(Noon.AddYears(1)));
    }

    [Fact]
    public void An_attempt_is_kept_as_it_was()
    {
        var attempt = Assert.Single(Of(500).Delivery.Attempts);
        Assert.Equal(new DeliveryAttempt(Noon, 500, 1_234, "text", "error"), attempt);
    }

    private static AttemptOutcome Of(int? status, bool disabled = false, EndpointHealth? health = null) => AttemptOutcome.Of(
        Delivery, new DeliveryId("ws_0123456789abcdef", "key", 1), disabled, health ?? Healthy, Noon, new WebhookAnswer(status, "text", "error", TimeSpan.FromMilliseconds(1_234.5)), Noon);
}
