using System.Collections.Immutable;
using System.Globalization;
using Billing.Catalogs;
using Billing.Events;
using Billing.Generations;
using Billing.Subscriptions;
using Billing.Tests.Catalogs;
using Billing.TopUps;
using Billing.Workspaces;

namespace Billing.Tests.Workspaces;

/// <summary>What can happen to a workspace. Steps named like the deed expect it to be done; those that begin with Try give back what became of it.</summary>
internal sealed partial class LiveWorkspace
{
    private static readonly Dictionary<string, string> Requests = new()
    {
        ["bloom"] = """{"size": "2K"}""",
        ["bluma"] = """{"template_id": "product-showcase"}""",
        ["gleam"] = "{}",
    };

    /// <summary>Moves the clock and carries out what is due then.</summary>
    public LiveWorkspace On(string instant) => On(At(instant));

    public LiveWorkspace On(DateTimeOffset instant)
    {
        Now = instant;
        return CatchUp();
    }

    public LiveWorkspace After(TimeSpan time) => On(Now + time);

    public LiveWorkspace CatchUp()
    {
        Keep(Open([]), _stored);
        return this;
    }

    public LiveWorkspace Subscribe(string plan, decimal? credits = null, string? startedAt = null)
    {
        Accepted(TrySubscribe(plan, credits, startedAt));
        return this;
    }

    public Outcome<Subscription> TrySubscribe(string plan, decimal? credits = null, string? startedAt = null) =>
        Decide(unit => SubscriptionDecisions.Subscribe(unit, Catalog, new Subscribe(plan, Amount(credits), startedAt is null ? null : At(startedAt))));

    public LiveWorkspace Cancel()
    {
        Accepted(TryCancel());
        return this;
    }

    public Outcome<Subscription> TryCancel() => Decide(unit => SubscriptionDecisions.Cancel(unit, Catalog));

    public LiveWorkspace Pay(PaymentStatus status, string reference = "pay_1", string? occurredAt = null, long? cents = null)
    {
        Accepted(TryPay(status, reference, occurredAt, cents));
        return this;
    }

    public Outcome<PaymentReport> TryPay(PaymentStatus status, string reference = "pay_1", string? occurredAt = null, long? cents = null) => Decide(
        unit => PaymentDecisions.Report(unit, Catalog, new ReportPayment(status, reference, occurredAt is null ? null : At(occurredAt), Dollars(cents))),
        Payment.KeyOf(reference));

    public LiveWorkspace Give(decimal credits, string? expiresAt = null)
    {
        Accepted(TryGive(credits, expiresAt));
        return this;
    }

    public Outcome<LedgerEntry> TryGive(decimal credits, string? expiresAt = null) =>
        Decide(unit => WorkspaceDecisions.Give(unit, new GiveCredits(Amount(credits), expiresAt is null ? null : At(expiresAt), "Goodwill")));

    public Outcome<LedgerEntry> TryAdjust(decimal credits) =>
        Decide(unit => WorkspaceDecisions.Adjust(unit, Catalog, new AdjustCredits(Amount(credits), "Corrected")));

    public TopUp Buy(decimal credits, string reference, long? cents = null) => Accepted(TryBuy(credits, reference, cents));

    public Outcome<TopUp> TryBuy(decimal credits, string reference, long? cents = null) =>
        Decide(unit => TopUpDecisions.Buy(unit, Catalog, new BuyCredits(Amount(credits), reference, Dollars(cents))), TopUp.KeyOf(TopUp.IdOf(Id, reference)));

    private static Money? Dollars(long? cents) => cents is { } some ? new Money(some, "USD") : null;

    public TopUp Reverse(string topUpId, string? reference = null, decimal? credits = null) => Accepted(TryReverse(topUpId, reference, credits));

    public Outcome<TopUp> TryReverse(string topUpId, string? reference = null, decimal? credits = null) =>
        Decide(unit => TopUpDecisions.Reverse(unit, Catalog, new ReverseTopUp(topUpId, "Charge-back", reference, Amount(credits))), TopUp.KeyOf(topUpId));

    public TopUp Reinstate(string topUpId, string reference) => Accepted(TryReinstate(topUpId, reference));

    public Outcome<TopUp> TryReinstate(string topUpId, string reference) =>
        Decide(unit => TopUpDecisions.Reinstate(unit, new ReinstateTopUp(topUpId, reference)), TopUp.KeyOf(topUpId));

    public string Admit(decimal cost, long units = 1) => Accepted(TryAdmit(cost, units)).Items.Single().Generation!.Id;

    /// <summary>Admits and delivers.</summary>
    public Generation Make(decimal cost) => Complete(Admit(cost));

    public Outcome<Admitted> TryAdmit(decimal cost, long units = 1, bool testMode = false) =>
        TryAdmit(new Admit(NextKey(), [Wanted(cost, units)], TestMode: testMode));

    public Outcome<Admitted> TryBatch(bool allOrNothing, params decimal[] costs) =>
        TryAdmit(new Admit(NextKey(), [.. costs.Select(cost => Wanted(cost))], allOrNothing) { Batch = true });

    public Outcome<Admitted> TryAdmit(Admit command) => Decide(unit => AdmitDecision.Decide(unit, Catalog, command));

    public AdmitItem Wanted(decimal cost, long units = 1) =>
        new(Request.Parse(Catalog, Requests[Catalog.Product]), new Price(Amount(cost), [new PriceFactor("cost", cost)], units, "prices-1"));

    /// <summary>A generation at its catalog price.</summary>
    public AdmitItem Wanted(string request)
    {
        var usage = Request.Parse(Catalog, request);
        return new AdmitItem(usage, Catalog.Price(usage));
    }

    public Generation Complete(string id, long? succeeded = null) => Accepted(TryComplete(id, succeeded)).Generation;

    public Outcome<Settled> TryComplete(string id, long? succeeded = null) =>
        Decide(unit => SettleDecisions.Complete(unit, Catalog, new Complete(id, succeeded)), RowKeysOf(id));

    public Generation Fail(string id, string reason) => Accepted(TryFail(id, reason)).Generation;

    public Outcome<Settled> TryFail(string id, string reason) =>
        Decide(unit => SettleDecisions.Fail(unit, new Fail(id, reason)), RowKeysOf(id));

    public Outcome<Settled> TryHeartbeat(string id) =>
        Decide(unit => SettleDecisions.Heartbeat(unit, id, Catalog.GenerationTimeToLive), RowKeysOf(id));

    public Refund RequestRefund(string id, string reason = "quality_issue") => Accepted(TryRequestRefund(id, reason));

    public Outcome<Refund> TryRequestRefund(string id, string reason = "quality_issue") =>
        Decide(
            unit => RefundDecisions.Request(unit, new RequestRefund(id, reason, "Blurred")),
            RowKeysOf(id) is { IsEmpty: false } keys ? [.. keys, RefundDecisions.RowKeyOf(id)] : []);

    public Refund Review(Refund refund, bool approve) => Accepted(TryReview(refund.Id, approve));

    public Outcome<Refund> TryReview(string refundId, bool approve) =>
        Decide(unit => RefundDecisions.Review(unit, refundId, approve), RefundDecisions.RowKeysOfRefund(refundId));

    public Outcome<Refund> TryCarryOut(string refundId) =>
        Decide(unit => RefundDecisions.CarryOut(unit, refundId), RefundDecisions.RowKeysOfRefund(refundId));

    /// <summary>Carries out every message of the refunds queue, each one twice: a message can be delivered twice.</summary>
    public LiveWorkspace CarryOutRefunds()
    {
        while (_refunds.TryDequeue(out var id))
        {
            Accepted(TryCarryOut(id));
            Repeated(TryCarryOut(id));
        }

        return this;
    }

    /// <summary>Fails a generation for the server's sake and gives its credits back.</summary>
    public LiveWorkspace FailAndRefund(string id)
    {
        Fail(id, "server_error");
        return CarryOutRefunds();
    }

    public Outcome<OwnTemplate> TryPutTemplate(string id, string? tier = null)
    {
        var body = Request.Reader(tier is null ? """{"attributes": {"base": 4, "complexity": "ai"}}""" : $$$"""{"attributes": {"base": 4, "complexity": "ai"}, "tier": "{{{tier}}}"}""");
        return Decide(unit => OwnTemplateDecisions.Put(unit, Catalog, Catalog.ReadTemplate(id, body)!), OwnTemplate.KeyOf(id));
    }

    public Outcome<string> TryDeleteTemplate(string id) => Decide(unit => OwnTemplateDecisions.Delete(unit, id), OwnTemplate.KeyOf(id));

    public LiveWorkspace Hear(params string[] types) => Hear(null, types);

    public LiveWorkspace Hear(decimal? lowThreshold, params string[] types)
    {
        var subscriber = new Subscriber($"we_{Account.Subscribers.Length}", [.. types], Amount(lowThreshold), LowArmed: true, ExhaustedArmed: true);
        Accepted(Decide<Workspace>(unit => unit.Workspace = unit.Workspace with { Subscribers = unit.Workspace.Subscribers.Add(subscriber) }));
        return this;
    }

    public string NextKey() => Ids.TimeOrdered(Now, Convert.FromHexString((++_admissions).ToString("x10", CultureInfo.InvariantCulture)));

    private static ImmutableArray<string> RowKeysOf(string generationId) =>
        Ids.TryParse("gen", generationId, out _, out var key) ? [Billing.Generations.Admission.RowKeyOf(key)] : [];
}
