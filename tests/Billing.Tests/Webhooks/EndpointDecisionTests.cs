using Billing.Events;
using Billing.Tests.Workspaces;
using Billing.Webhooks;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Webhooks;

public sealed class EndpointDecisionTests
{
    private static readonly DateTimeOffset Noon = At("2025-11-01T12:00:00Z");

    [Fact]
    public void Who_leaves_takes_the_endpoints_along_that_they_made_and_the_others_are_told()
    {
        var unit = Unit();
        var (mine, failing, theirs) = (Create(unit, 1, "acct_ada"), Create(unit, 2, "acct_ada"), Create(unit, 3, "acct_eve"));
        Accepted(EndpointDecisions.Disable(unit, failing, DisabledReason.Failing));

        var before = unit.Workspace.Events;

        Assert.Equal([mine, failing], EndpointDecisions.Leave(unit, "acct_ada", [mine, failing, theirs, IdOf(4)]).AsEnumerable());

        Assert.Equal(
            [new Disabling(DisabledReason.MemberLeft, Noon), new Disabling(DisabledReason.MemberLeft, Noon), null],
            new[] { mine, failing, theirs }.Select(id => Find(unit, id).Disabled));
        Assert.Equal([true, true, false], unit.Workspace.Subscribers.Select(one => one.Events.IsEmpty));
        var told = unit.Written.Values.OfType<BillingEvent>().Where(one => !one.Targets.IsEmpty).ToList();
        Assert.Equal([mine, failing], told.Select(one => one.Data["webhook_id"].Text));
        Assert.All(told, one => Assert.Equal((EventTypes.WebhookDisabled, "member_left", theirs, Noon), (one.Type, one.Data["reason"].Text, one.Targets.Single(), one.Timestamp)));

        Assert.Empty(EndpointDecisions.Leave(unit, "acct_ada", [mine, failing, theirs]));
        Assert.Equal(before + 2, unit.Workspace.Events);
    }

    [Fact]
    public void What_somebody_left_behind_is_neither_tested_nor_enabled()
    {
        var unit = Unit();
        var id = Create(unit, 1, "acct_ada");
        EndpointDecisions.Leave(unit, "acct_ada", [id]);
        Assert.Equal("Who made this endpoint has left the workspace; delete it, and make one of your own.", Declined(RefusalCodes.Conflict, EndpointDecisions.Test(unit, id)).Detail);
        Repeated(EndpointDecisions.Enable(unit, id));
        Repeated(EndpointDecisions.Disable(unit, id, DisabledReason.Gone));
        Assert.Equal(DisabledReason.MemberLeft, Find(unit, id).Disabled!.Reason);
    }

    [Fact]
    public void A_disabled_endpoint_keeps_its_place_and_what_it_wants_to_hear_for_a_recovery()
    {
        var unit = Unit();
        var (id, other) = (Create(unit, 1, "acct_ada"), Create(unit, 2, "acct_ada"));
        Repeated(EndpointDecisions.Enable(unit, id));
        Accepted(EndpointDecisions.Disable(unit, id, DisabledReason.Gone));
        Assert.Equal([(id, false), (other, false)], unit.Workspace.Subscribers.Select(one => (one.Id, one.Events.IsEmpty)));
        Assert.Null(Accepted(EndpointDecisions.Enable(unit, id)).Disabled);
        Assert.Equal([false, false], unit.Workspace.Subscribers.Select(one => one.Events.IsEmpty));
    }

    [Fact]
    public void A_delivery_is_replayed_once_however_often_it_is_asked_for_and_of_a_disabled_endpoint_pings_only()
    {
        var unit = Unit();
        var id = Create(unit, 1, "acct_ada");
        var (sold, ping) = (Delivered(unit, id, 1, EventTypes.CreditsToppedUp), Delivered(unit, id, 2, EventTypes.Ping));

        var replayed = Accepted(sold.Decide(unit));
        Assert.Equal((DeliveryStatus.Pending, Noon, 0, null), (replayed.Status, replayed.NextAttemptAt, replayed.Tries, replayed.Failure));
        Assert.Equal(DeliveryStatus.Pending, Repeated(sold.Decide(unit)).Status);
        Assert.Single(unit.Written.Values.OfType<ScheduledAttempt>());

        Accepted(EndpointDecisions.Disable(unit, id, DisabledReason.Gone));
        Assert.Equal("The endpoint is disabled since 2025-11-01T12:00:00Z; a test that arrives or a recovery enables it.", Declined(RefusalCodes.Conflict, sold.Decide(unit)).Detail);
        Accepted(ping.Decide(unit));
    }

    [Fact]
    public void What_is_not_there_is_not_replayed()
    {
        var unit = Unit();
        var id = Create(unit, 1, "acct_ada");
        Assert.Equal("There is no such delivery.", Declined(RefusalCodes.NotFound, Replay(id, 9).Decide(unit)).Detail);
        Assert.Equal("There is no such webhook.", Declined(RefusalCodes.NotFound, Replay(IdOf(2), 9).Decide(unit)).Detail);
    }

    private static UnitOfWork Unit() => new(LiveWorkspace.Of("bluma").Account, Noon);

    private static string IdOf(int number) => Ids.Of("we", LiveWorkspace.Id, $"{number}");

    private static string Create(UnitOfWork unit, int number, string owner) =>
        Accepted(EndpointDecisions.Create(unit, Catalogs.Request.Bluma, new CreateEndpoint(IdOf(number), "https://example.com", [EventTypes.CreditsLow], null, "whsec_") { Owner = owner })).Id;

    private static WebhookEndpoint Find(UnitOfWork unit, string id) => unit.TryFind<WebhookEndpoint>(WebhookEndpoint.KeyOf(id), out var endpoint) ? endpoint : null!;

    private static ReplayDecision Delivered(UnitOfWork unit, string id, long sequence, string type)
    {
        var delivery = WebhookDelivery.New(Find(unit, id).Key, sequence, type, Noon.AddDays(-1)) with { Tries = 3, AttemptCount = 3 };
        unit.Put(delivery.GivenUp(DeliveryFailure.AttemptsUsedUp, Noon.AddDays(-1)));
        return Replay(id, sequence);
    }

    private static ReplayDecision Replay(string id, long sequence) => ReplayDecision.Of(id, DeliveryId.Of(id, sequence).ToString())!;
}
