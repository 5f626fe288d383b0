using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Billing.Accounts;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Events;
using Billing.Generations;
using Billing.Keys;
using Billing.Overage;
using Billing.Subscriptions;
using Billing.TopUps;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Engine.Rows;

/// <summary>
/// What every stored property and value is called in a row, whatever C# calls it: a renamed property keeps its stored name, and one without a name fails
/// the tests. Names only grow; tests/Billing.Tests/Rows/golden holds examples of each row.
/// </summary>
internal static class RowNames
{
    /// <summary>Properties of stored records; what is not here is not stored.</summary>
    public static readonly FrozenDictionary<Type, ImmutableArray<(string Property, string Name)>> Properties =
        new Dictionary<Type, ImmutableArray<(string, string)>>
        {
            [typeof(WorkspaceRow)] = [(nameof(WorkspaceRow.Workspace), "account"), (nameof(WorkspaceRow.Grants), "grants"),
            (nameof(WorkspaceRow.Overflowing), "shelved"), (nameof(WorkspaceRow.OverflowVersion), "shelf_version"),
            (nameof(WorkspaceRow.DecidedAt), "decided_at"), (nameof(WorkspaceRow.Commits), "commits")],
            [typeof(Workspace)] = [(nameof(Workspace.WorkspaceId), "workspace_id"), (nameof(Workspace.Product), "product"), (nameof(Workspace.Name), "name"),
            (nameof(Workspace.Type), "type"), (nameof(Workspace.Owner), "owner"), (nameof(Workspace.CreatedAt), "created_at"), (nameof(Workspace.Version), "version"),
            (nameof(Workspace.Entries), "entries"), (nameof(Workspace.EntriesByType), "entries_by_type"), (nameof(Workspace.Head), "head"),
            (nameof(Workspace.Debt), "debt"), (nameof(Workspace.Subscription), "subscription"), (nameof(Workspace.Overage), "overage"),
            (nameof(Workspace.RunningSpans), "running"),
            (nameof(Workspace.Usage), "usage"), (nameof(Workspace.PendingRefunds), "pending_refunds"), (nameof(Workspace.Subscribers), "subscribers"),
            (nameof(Workspace.Events), "events"), (nameof(Workspace.OwnTemplates), "own_templates"),
            (nameof(Workspace.ClosedAt), "closed_at"), (nameof(Workspace.SellerHeardLow), "sl"), (nameof(Workspace.SellerHeardExhausted), "sx")],
            [typeof(PeriodUsage)] = [(nameof(PeriodUsage.PeriodStartsAt), "period_starts_at"), (nameof(PeriodUsage.Spent), "spent"),
            (nameof(PeriodUsage.Generations), "generations")],
            [typeof(Subscription)] = [(nameof(Subscription.Current), "current"), (nameof(Subscription.Allowance), "allowance"),
            (nameof(Subscription.Next), "next"), (nameof(Subscription.AnchorAt), "anchor_at"), (nameof(Subscription.Period), "period"),
            (nameof(Subscription.Paused), "paused"), (nameof(Subscription.Canceled), "canceled"), (nameof(Subscription.Ended), "ended"),
            (nameof(Subscription.AllowanceGrant), "allowance_grant"), (nameof(Subscription.PaymentReference), "payment_reference"),
            (nameof(Subscription.Payments), "payments"), (nameof(Subscription.Paid), "paid"), (nameof(Subscription.PausesAt), "pauses_at")],
            [typeof(PaymentStanding)] = [(nameof(PaymentStanding.At), "at"), (nameof(PaymentStanding.Paid), "paid"), (nameof(PaymentStanding.Former), "former")],
            [typeof(Payment)] = [(nameof(Payment.Reference), "reference"), (nameof(Payment.Status), "status"), (nameof(Payment.Paid), "paid"), (nameof(Payment.Source), "source"), (nameof(Payment.FirstAt), "first_at"),
            (nameof(Payment.ReportedAt), "reported_at")],
            [typeof(PlanChoice)] = [(nameof(PlanChoice.Plan), "plan"), (nameof(PlanChoice.Allowance), "allowance"), (nameof(PlanChoice.Free), "free")],
            [typeof(OverageTab)] = [(nameof(OverageTab.Month), "month"), (nameof(OverageTab.Lines), "lines"), (nameof(OverageTab.Credit), "credit"), (nameof(OverageTab.Owed), "owed")],
            [typeof(OverageLine)] = [(nameof(OverageLine.Plan), "plan"), (nameof(OverageLine.UnitPrice), "unit_price"),
            (nameof(OverageLine.Units), "units")],
            [typeof(Subscriber)] = [(nameof(Subscriber.Id), "id"), (nameof(Subscriber.Events), "events"), (nameof(Subscriber.LowThreshold), "low"),
            (nameof(Subscriber.LowArmed), "l"), (nameof(Subscriber.ExhaustedArmed), "x")],
            [typeof(OverflowGrants)] = [(nameof(OverflowGrants.Grants), "grants"), (nameof(OverflowGrants.Version), "version")],
            [typeof(PageRow)] = [(nameof(PageRow.First), "n"), (nameof(PageRow.BalanceAfter), "left"), (nameof(PageRow.CreatedAt), "at"),
            (nameof(PageRow.Previous), "previous"), (nameof(PageRow.Entries), "entries")],
            [typeof(EntryRow)] = [(nameof(EntryRow.Type), "type"), (nameof(EntryRow.Amount), "amount"), (nameof(EntryRow.Text), "text"), (nameof(EntryRow.Metadata), "data"),
            (nameof(EntryRow.Written), "written"), (nameof(EntryRow.CreatedAt), "at"), (nameof(EntryRow.Draws), "draws"), (nameof(EntryRow.PriceVersion), "prices"),
            (nameof(EntryRow.AdmissionKey), "gen"), (nameof(EntryRow.Requester), "by")],
            [typeof(WrittenText)] = [(nameof(WrittenText.Description), "text"), (nameof(WrittenText.Metadata), "data"), (nameof(WrittenText.Salt), "salt"),
            (nameof(WrittenText.Erased), "erased")],
            [typeof(Requester)] = [(nameof(Requester.KeyId), "key"), (nameof(Requester.MemberId), "member")],
            [typeof(Admission)] = [(nameof(Admission.TestMode), "test"), (nameof(Admission.Entry), "n"), (nameof(Admission.Requester), "by"),
            (nameof(Admission.Entitlements), "grants"), (nameof(Admission.Answered), "answered"), (nameof(Admission.Generations), "gens")],
            [typeof(TestAdmission)] = [(nameof(TestAdmission.LastRow), "gen"), (nameof(TestAdmission.CreatedAt), "at")],
            [typeof(AdmissionAnswer)] = [(nameof(AdmissionAnswer.Fingerprint), "request"), (nameof(AdmissionAnswer.Left), "left"), (nameof(AdmissionAnswer.ExpiresAt), "until")],
            [typeof(Generation)] = [(nameof(Generation.Id), "id"), (nameof(Generation.Status), "status"), (nameof(Generation.Cost), "cost"),
            (nameof(Generation.Units), "units"), (nameof(Generation.Breakdown), "factors"), (nameof(Generation.Parameters), "data"),
            (nameof(Generation.Description), "text"), (nameof(Generation.Metadata), "meta"), (nameof(Generation.Draws), "draws"),
            (nameof(Generation.Overage), "overage"), (nameof(Generation.PeriodStartsAt), "period"),
            (nameof(Generation.CreatedAt), "at"), (nameof(Generation.ExpiresAt), "until"), (nameof(Generation.SettledAt), "settled"),
            (nameof(Generation.SucceededUnits), "made"), (nameof(Generation.Reason), "reason"), (nameof(Generation.Refunded), "refunded"),
            (nameof(Generation.OverageRefunded), "overage_refunded"), (nameof(Generation.Owed), "owed")],
            [typeof(OwedRefund)] = [(nameof(OwedRefund.Credits), "credits"), (nameof(OwedRefund.Overage), "overage")],
            [typeof(OverageUnit)] = [(nameof(OverageUnit.Month), "month"), (nameof(OverageUnit.Plan), "plan"), (nameof(OverageUnit.Price), "price")],
            [typeof(Refund)] = [(nameof(Refund.Id), "id"), (nameof(Refund.GenerationId), "generation_id"), (nameof(Refund.Reason), "reason"),
            (nameof(Refund.Note), "note"), (nameof(Refund.Status), "status"), (nameof(Refund.Credits), "credits"),
            (nameof(Refund.Overage), "overage"), (nameof(Refund.CreatedAt), "created_at"), (nameof(Refund.EndedAt), "ended_at")],
            [typeof(Invoice)] = [(nameof(Invoice.Month), "month"), (nameof(Invoice.Currency), "currency"), (nameof(Invoice.Lines), "lines"),
            (nameof(Invoice.Credit), "credit"), (nameof(Invoice.Total), "total"), (nameof(Invoice.CreatedAt), "created_at")],
            [typeof(Money)] = [(nameof(Money.AmountMinor), "amount_minor"), (nameof(Money.Currency), "currency")],
            [typeof(TopUp)] = [(nameof(TopUp.Id), "id"), (nameof(TopUp.Credits), "credits"), (nameof(TopUp.Reference), "reference"),
            (nameof(TopUp.Paid), "paid"), (nameof(TopUp.Source), "source"), (nameof(TopUp.GrantId), "grant_id"), (nameof(TopUp.CreatedAt), "created_at"), (nameof(TopUp.Reversals), "reversals")],
            [typeof(Reversal)] = [(nameof(Reversal.Reason), "reason"), (nameof(Reversal.Taken), "taken"), (nameof(Reversal.Debt), "debt"),
            (nameof(Reversal.At), "at"), (nameof(Reversal.Reference), "reference"), (nameof(Reversal.ReinstatedAt), "reinstated_at")],
            [typeof(OwnTemplate)] = [(nameof(OwnTemplate.Id), "id"), (nameof(OwnTemplate.Tier), "tier"), (nameof(OwnTemplate.Attributes), "attributes"),
            (nameof(OwnTemplate.UpdatedAt), "updated_at")],
            [typeof(BillingEvent)] = [(nameof(BillingEvent.Sequence), "sequence"), (nameof(BillingEvent.Type), "type"),
            (nameof(BillingEvent.Timestamp), "timestamp"), (nameof(BillingEvent.Data), "data"), (nameof(BillingEvent.Total), "total"),
            (nameof(BillingEvent.Targets), "targets"), (nameof(BillingEvent.Source), "source"), (nameof(BillingEvent.CreatedAt), "created_at")],
            [typeof(EventSource)] = [(nameof(EventSource.WorkspaceId), "workspace_id"), (nameof(EventSource.Sequence), "sequence"), (nameof(EventSource.ExternalId), "external_id")],
            [typeof(FeedPosition)] = [(nameof(FeedPosition.WorkspaceId), "workspace_id"), (nameof(FeedPosition.Sequence), "sequence"), (nameof(FeedPosition.Owner), "owner")],
            [typeof(EventOwner)] = [(nameof(EventOwner.AccountId), "account_id"), (nameof(EventOwner.ExternalId), "external_id")],
            [typeof(WebhookEndpoint)] = [(nameof(WebhookEndpoint.Id), "id"), (nameof(WebhookEndpoint.Url), "url"), (nameof(WebhookEndpoint.Owner), "owner"),
            (nameof(WebhookEndpoint.Events), "events"), (nameof(WebhookEndpoint.LowThreshold), "low_threshold"),
            (nameof(WebhookEndpoint.Secret), "secret"), (nameof(WebhookEndpoint.FormerSecrets), "former_secrets"),
            (nameof(WebhookEndpoint.CreatedAt), "created_at"), (nameof(WebhookEndpoint.Disabled), "disabled")],
            [typeof(Disabling)] = [(nameof(Disabling.Reason), "reason"), (nameof(Disabling.At), "at")],
            [typeof(FormerSecret)] = [(nameof(FormerSecret.Secret), "secret"), (nameof(FormerSecret.ValidUntil), "valid_until")],
            [typeof(WebhookDelivery)] = [(nameof(WebhookDelivery.EndpointKey), "endpoint_key"), (nameof(WebhookDelivery.Sequence), "sequence"),
            (nameof(WebhookDelivery.EventType), "event_type"), (nameof(WebhookDelivery.Status), "status"),
            (nameof(WebhookDelivery.NextAttemptAt), "next_attempt_at"), (nameof(WebhookDelivery.Tries), "tries"),
            (nameof(WebhookDelivery.AttemptCount), "attempt_count"), (nameof(WebhookDelivery.Attempts), "attempts"),
            (nameof(WebhookDelivery.Failure), "failure"), (nameof(WebhookDelivery.GivenUpAt), "given_up_at"),
            (nameof(WebhookDelivery.CreatedAt), "created_at")],
            [typeof(DeliveryAttempt)] = [(nameof(DeliveryAttempt.At), "at"), (nameof(DeliveryAttempt.Status), "status"),
            (nameof(DeliveryAttempt.DurationMs), "duration_ms"), (nameof(DeliveryAttempt.Answer), "answer"),
            (nameof(DeliveryAttempt.Error), "error")],
            [typeof(ScheduledAttempt)] = [(nameof(ScheduledAttempt.EndpointKey), "endpoint_key"), (nameof(ScheduledAttempt.Sequence), "sequence"), (nameof(ScheduledAttempt.At), "at"),
            (nameof(ScheduledAttempt.Replay), "replay")],
            [typeof(EndpointHealth)] = [(nameof(EndpointHealth.EndpointKey), "endpoint_key"), (nameof(EndpointHealth.FailingSince), "failing_since"),
            (nameof(EndpointHealth.RecoveredAt), "recovered_at")],
            [typeof(Operation)] = [(nameof(Operation.Key), "key"), (nameof(Operation.Fingerprint), "fingerprint"), (nameof(Operation.Answer), "reply"),
            (nameof(Operation.CreatedAt), "created_at")],
            [typeof(StoredReply)] = [(nameof(StoredReply.Status), "status"), (nameof(StoredReply.Body), "body"), (nameof(StoredReply.Packed), "packed")],
            [typeof(Account)] = [(nameof(Account.AccountId), "account_id"), (nameof(Account.Product), "product"), (nameof(Account.Name), "name"),
            (nameof(Account.Email), "email"), (nameof(Account.ExternalId), "external_id"), (nameof(Account.WorkspaceId), "workspace_id"),
            (nameof(Account.CreatedAt), "created_at"), (nameof(Account.OpenedOn), "opened_on"), (nameof(Account.ClosedAt), "closed_at")],
            [typeof(ListedAccount)] = [(nameof(ListedAccount.AccountId), "account_id"), (nameof(ListedAccount.WorkspaceId), "workspace_id"), (nameof(ListedAccount.Product), "product"),
            (nameof(ListedAccount.Name), "name"), (nameof(ListedAccount.Email), "email"), (nameof(ListedAccount.ExternalId), "external_id"), (nameof(ListedAccount.Plan), "plan"),
            (nameof(ListedAccount.PlanStatus), "status"), (nameof(ListedAccount.CreatedAt), "created_at"), (nameof(ListedAccount.ClosedAt), "closed_at")],
            [typeof(Membership)] = [(nameof(Membership.WorkspaceId), "workspace_id"), (nameof(Membership.Name), "name"),
            (nameof(Membership.Type), "type"), (nameof(Membership.Role), "role")],
            [typeof(Session)] = [(nameof(Session.Id), "id"), (nameof(Session.CreatedAt), "created_at"), (nameof(Session.KeyId), "key_id")],
            [typeof(ExternalLink)] = [(nameof(ExternalLink.AccountId), "account_id"), (nameof(ExternalLink.WorkspaceId), "workspace_id")],
            [typeof(ApiKey)] = [(nameof(ApiKey.Id), "id"), (nameof(ApiKey.Hash), "hash"), (nameof(ApiKey.Masked), "masked"),
            (nameof(ApiKey.Name), "name"), (nameof(ApiKey.Environment), "environment"), (nameof(ApiKey.AccountId), "account_id"),
            (nameof(ApiKey.HomeWorkspaceId), "home_workspace_id"), (nameof(ApiKey.Product), "product"), (nameof(ApiKey.CreatedAt), "created_at"),
            (nameof(ApiKey.RevokedAt), "revoked_at"), (nameof(ApiKey.LastUsedAt), "last_used_at"), (nameof(ApiKey.RateLimit), "rate_limit"),
            (nameof(ApiKey.ExpiresAt), "expires_at"), (nameof(ApiKey.Team), "team"), (nameof(ApiKey.Raised), "raised"),
            (nameof(ApiKey.SuccessorId), "successor_id"), (nameof(ApiKey.OverlapEndsAt), "overlap_ends_at")],
            [typeof(KeyRing)] = [(nameof(KeyRing.Keys), "keys")],
            [typeof(RingedKey)] = [(nameof(RingedKey.Id), "id"), (nameof(RingedKey.CreatedAt), "created_at"), (nameof(RingedKey.EndsAt), "ends_at")],
        }.ToFrozenDictionary();

    public static readonly StoredEnumJsonConverter<GrantKind> GrantKinds =
        new((GrantKind.Plan, "plan"), (GrantKind.Bonus, "bonus"), (GrantKind.TopUp, "top_up"));

    public static readonly ImmutableArray<JsonConverter> Enumerations =
    [
        new StoredEnumJsonConverter<EntryType>((EntryType.Deduction, "deduction"), (EntryType.Refund, "refund"), (EntryType.Purchase, "purchase"), (EntryType.Grant, "grant"), (EntryType.RenewalExpiry, "renewal_expiry"), (EntryType.Overage, "overage"), (EntryType.Adjustment, "adjustment")),
        new StoredEnumJsonConverter<WorkspaceType>((WorkspaceType.Personal, "personal"), (WorkspaceType.Team, "team"), (WorkspaceType.Feed, "feed")),
        new StoredEnumJsonConverter<GenerationStatus>((GenerationStatus.Running, "running"), (GenerationStatus.Completed, "completed"), (GenerationStatus.Failed, "failed"), (GenerationStatus.Expired, "expired")),
        new StoredEnumJsonConverter<RefundStatus>((RefundStatus.PendingReview, "pending_review"), (RefundStatus.Pending, "pending"), (RefundStatus.Succeeded, "succeeded"), (RefundStatus.Denied, "denied")),
        new StoredEnumJsonConverter<PaymentStatus>((PaymentStatus.Pending, "pending"), (PaymentStatus.Failed, "failed"), (PaymentStatus.Succeeded, "succeeded"), (PaymentStatus.Disputed, "disputed"), (PaymentStatus.Won, "won"), (PaymentStatus.Refunded, "refunded")),
        new StoredEnumJsonConverter<MemberRole>((MemberRole.Owner, "owner"), (MemberRole.Member, "member")),
        new StoredEnumJsonConverter<KeyEnvironment>((KeyEnvironment.Production, "production"), (KeyEnvironment.Test, "test")),
        new StoredEnumJsonConverter<DisabledReason>((DisabledReason.Gone, "gone"), (DisabledReason.Failing, "failing"), (DisabledReason.MemberLeft, "member_left")),
        new StoredEnumJsonConverter<DeliveryStatus>((DeliveryStatus.Pending, "pending"), (DeliveryStatus.Succeeded, "succeeded"), (DeliveryStatus.Failed, "failed")),
        new StoredEnumJsonConverter<DeliveryFailure>((DeliveryFailure.AttemptsUsedUp, "attempts_used_up"), (DeliveryFailure.EndpointGone, "endpoint_gone"), (DeliveryFailure.EndpointDisabled, "endpoint_disabled"), (DeliveryFailure.EventExpired, "event_expired")),
        GrantKinds,
    ];

    /// <summary>Gives the properties of a stored type their names, and leaves out those that have none.</summary>
    public static void Pin(JsonTypeInfo type)
    {
        if (!Properties.TryGetValue(type.Type, out var names))
        {
            return;
        }

        foreach (var property in type.Properties.ToList())
        {
            if (names.FirstOrDefault(one => one.Property == property.Name).Name is { } name)
            {
                property.Name = name;
            }
            else
            {
                type.Properties.Remove(property);
            }
        }

        if (type.Type == typeof(Admission) || type.Type == typeof(Generation))
        {
            LeaveOutNothings(type);
        }

        if (type.Type == typeof(Workspace))
        {
            LeaveOutNothings(type, "sl", "sx");
        }

        if (type.Type == typeof(Subscriber))
        {
            type.Properties.Single(property => property.Name == "events").CustomConverter = new EventMaskJsonConverter();
        }
    }

    /// <summary>What most of many rows do not have takes no room in them: false and zero are left out, and stand for what is not there.</summary>
    /// <param name="names">Which of them; none for all.</param>
    private static void LeaveOutNothings(JsonTypeInfo type, params ImmutableArray<string> names)
    {
        foreach (var property in type.Properties.Where(property =>
            (names.IsEmpty || names.Contains(property.Name)) && (property.PropertyType == typeof(bool) || property.PropertyType == typeof(long) || property.PropertyType == typeof(Credits))))
        {
            property.IsRequired = false;
            property.ShouldSerialize = static (_, value) => value is not (false or 0L or Credits { Thousandths: 0 });
        }
    }
}
