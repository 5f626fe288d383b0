using System.Collections.Immutable;
using System.Text.Json;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Events;
using Billing.Generations;
using Billing.Keys;
using Billing.Overage;
using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Engine.Rows;

/// <param name="Prefix">What its row keys begin with; the whole key where a partition has one such row.</param>
/// <param name="Key">The form of its row key, for people.</param>
/// <param name="Holds">What it is for, for people.</param>
internal sealed record RowKind(Table Table, string Prefix, Type Type, string Key, string Holds, Keeping Kept)
{
    /// <summary>The type that has the names of its members.</summary>
    public Type Form { get; init; } = Type;

    /// <summary>Its prefix without what separates it from the rest of the key.</summary>
    public string Name => Prefix.TrimEnd(':', '_');
}

/// <summary>The place of rows that nobody writes yet: their keys are taken, so that nothing else moves in and they need no migration when they come.</summary>
/// <param name="Prefix">What their row keys will begin with.</param>
/// <param name="Key">The form of their row keys, for people.</param>
/// <param name="Holds">What they will be for, for people.</param>
internal sealed record ReservedRow(Table Table, string Prefix, string Key, string Holds);

/// <summary>How long a kind of row is kept.</summary>
/// <param name="Text">For people.</param>
/// <param name="IsOver">True of a row that has had its time; null where it is not time that ends it.</param>
internal sealed record Keeping(string Text, Func<Row, DateTimeOffset, bool>? IsOver = null)
{
    public static readonly Keeping ForEver = new("for ever");

    public static Keeping Until(string end) => new($"until {end}");

    public static Keeping For<T>(TimeSpan time, Func<T, DateTimeOffset, bool> isOver, string since = "") => new(
        $"at least {(time.Days > 1 ? $"{time.Days} days" : $"{time.TotalHours} hours")}{since}", (row, now) => isOver(RowJson.Read<T>(row.Data), now));
}

/// <summary>THE table of rows. docs/rows.md is made of it, and every kind has golden rows.</summary>
internal static class RowSchema
{
    public static readonly ImmutableArray<RowKind> All =
    [
        new(Table.Ledger, Workspace.RowKey, typeof(WorkspaceRow), "account", "the workspace's state; every commit rewrites it, so its version guards the partition",
            Keeping.ForEver),
        new(Table.Ledger, OverflowGrants.RowKey, typeof(OverflowGrants), "shelf", "the grants beyond the 24 that burn down first", Keeping.ForEver),
        new(Table.Ledger, LedgerPage.Prefix, typeof(LedgerPage), "txn:<inverted sequence of its oldest entry>", "the ledger entries of one commit; the newest page first", Keeping.ForEver) { Form = typeof(PageRow) },
        new(Table.Ledger, Admission.Prefix, typeof(Admission), "gen:<key>, of a batch also gen:<key>-<n>", "the generations of one admission, of a batch 25 a row and each as what differs from the one before it; and what its answer is made of", Keeping.ForEver),
        new(Table.Ledger, TestAdmission.Prefix, typeof(TestAdmission), "test:<inverted time>:<key>", "where an admission of a test key stands, which no ledger tells of; the newest first", Keeping.ForEver),
        new(Table.Ledger, Refund.Prefix, typeof(Refund), "refund:<id>", "a refund; tagged review, pending or ended", Keeping.ForEver),
        new(Table.Ledger, Invoice.Prefix, typeof(Invoice), "inv:<yyyy-MM>", "the overage of a month", Keeping.ForEver),
        new(Table.Ledger, TopUp.Prefix, typeof(TopUp), "top:<id>", "bought credits, by payment reference", Keeping.ForEver),
        new(Table.Ledger, Payment.Prefix, typeof(Payment), "pay:<hash of the reference>", "a payment for the subscription, by its reference", Keeping.ForEver),
        new(Table.Ledger, OwnTemplate.Prefix, typeof(OwnTemplate), "tpl:<id>", "a template that this workspace alone has", Keeping.Until("it is removed")),
        new(Table.Ledger, BillingEvent.Prefix, typeof(BillingEvent), "evt:<sequence>", "an event and the endpoints that it is for",
            Keeping.For<BillingEvent>(BillingEvent.KeptFor, (told, now) => told.IsOver(now))),
        new(Table.Ledger, FeedPosition.Prefix, typeof(FeedPosition), "fed:<workspace>, in a lane of the seller's feed", "how far the lane has the events of a workspace, and whose that is", Keeping.ForEver),
        new(Table.Ledger, WebhookEndpoint.Prefix, typeof(WebhookEndpoint), "hook:<endpoint>", "a webhook endpoint with its secrets", Keeping.Until("it is removed")),
        new(Table.Ledger, WebhookDelivery.Prefix, typeof(WebhookDelivery), "dlv:<endpoint>:<inverted sequence>", "the delivery of one event to one endpoint, newest first",
            Keeping.For<WebhookDelivery>(WebhookDelivery.KeptFor, (delivery, now) => delivery.IsOver(now), " after its last attempt")),
        new(Table.Ledger, ScheduledAttempt.Prefix, typeof(ScheduledAttempt), "out:<due time>:<sequence>:<endpoint>", "that an event is to be fanned out or a delivery attempted",
            Keeping.Until("it is")),
        new(Table.Ledger, EndpointHealth.Prefix, typeof(EndpointHealth), "health:<endpoint>", "since when an endpoint fails", Keeping.Until("the endpoint is removed")),
        new(Table.Ledger, KeyRing.Key, typeof(KeyRing), "keys", "the API keys of the account whose personal workspace it is, so that they are counted exactly", Keeping.ForEver),
        new(Table.Ledger, Operation.Prefix, typeof(Operation), "op:<hash of endpoint and Idempotency-Key>", "the answer that a repeat gets again; a long one packed (Brotli, base64url)",
            Keeping.For<Operation>(Operation.KeptFor, (operation, now) => operation.IsOver(now))),
        new(Table.People, "profile", typeof(Account), "profile", "an account", Keeping.ForEver),
        new(Table.People, "workspace:", typeof(Membership), "workspace:<id>", "an account's membership of a workspace", Keeping.Until("it leaves")),
        new(Table.People, "session:", typeof(Session), "session:<time-ordered key>", "that somebody is signed in", Keeping.Until("it is signed out, or the first that begins after its 12 hours")),
        new(Table.People, "external", typeof(ExternalLink), "ext:<product>, in partition ext:<hash of the seller's id>", "the account behind the seller's own id",
            Keeping.ForEver),
        new(Table.People, "listed", typeof(ListedAccount), "all:<place>, plan:<plan>:<place>, status:<status>:<place>, plan-status:<plan>:<status>:<place>, in partition accounts:<product>", "an account in the lists of its product, the newest first; its place is the inverted time of its creation and its id", Keeping.ForEver),
        new(Table.Keys, "key_", typeof(ApiKey), "<key id>", "an API key; of the key itself only its hash", Keeping.ForEver),
    ];

    public static readonly ImmutableArray<ReservedRow> Reserved =
    [
        new(Table.Ledger, "order:", "order:<id>", "payments: what was ordered, stored before the provider hears of it"),
        new(Table.Ledger, "auto", "auto", "payments: when credits are bought by themselves, and the purchase that is under way"),
        new(Table.Ledger, "budget:", "budget:<id>", "spending: a budget of the workspace, a key, a member or a tag"),
        new(Table.Ledger, "spent:", "spent:<page>", "spending: what was spent in the budgets' windows, many of them in one row"),
        new(Table.Ledger, "alert:", "alert:<id>", "spending: a threshold and whether it was crossed"),
        new(Table.Ledger, "log:", "log:<inverted number>", "operators: who changed what of the workspace and why, in the change's own transaction; the newest first"),
        new(Table.People, "operator:", "operator:<id>, in partition operators", "operators: a named operator, its role and what it may grant; of its key only the hash"),
        new(Table.People, "log:", "log:<inverted number>", "operators: the same of what is changed of an account; in partition log:<operator> the links by operator"),
    ];

    public static RowKind KindOf(string rowKey) =>
        All.FirstOrDefault(kind => kind.Table == Table.Ledger && kind.Type.IsAssignableTo(typeof(Record)) && rowKey.StartsWith(kind.Prefix, StringComparison.Ordinal))
        ?? throw new JsonException($"No record is stored under {rowKey}.");
}
