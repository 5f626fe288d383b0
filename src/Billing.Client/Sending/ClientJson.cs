using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Billing.Client;

/// <summary>How the wire is read and written, without reflection: the client can be trimmed and compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(Generation))]
[JsonSerializable(typeof(GenerationPage))]
[JsonSerializable(typeof(Batch))]
[JsonSerializable(typeof(SettledItems))]
[JsonSerializable(typeof(Quote))]
[JsonSerializable(typeof(AdmitCheck))]
[JsonSerializable(typeof(CreditBalance))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(VerifiedKey))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(CreatedAccount))]
[JsonSerializable(typeof(CreatedWorkspace))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(AccountPage))]
[JsonSerializable(typeof(WorkspaceAnswer))]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(ReportedPayment))]
[JsonSerializable(typeof(TopUp))]
[JsonSerializable(typeof(Adjustment))]
[JsonSerializable(typeof(GivenGrant))]
[JsonSerializable(typeof(RefundList))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(InvoiceList))]
[JsonSerializable(typeof(Audit))]
[JsonSerializable(typeof(SellerWebhook))]
[JsonSerializable(typeof(SellerWebhookList))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(JobRun))]
[JsonSerializable(typeof(WireEvent))]
[JsonSerializable(typeof(WireEventPage))]
[JsonSerializable(typeof(CreditsLowEvent))]
[JsonSerializable(typeof(CreditsExhaustedEvent))]
[JsonSerializable(typeof(CreditsRenewedEvent))]
[JsonSerializable(typeof(CreditsToppedUpEvent))]
[JsonSerializable(typeof(GenerationRefundedEvent))]
[JsonSerializable(typeof(OverageChargedEvent))]
[JsonSerializable(typeof(SubscriptionPausedEvent))]
[JsonSerializable(typeof(SubscriptionResumedEvent))]
[JsonSerializable(typeof(WebhookDisabledEvent))]
[JsonSerializable(typeof(PingEvent))]
[JsonSerializable(typeof(AccountCreatedEvent))]
[JsonSerializable(typeof(SubscriptionChangedEvent))]
[JsonSerializable(typeof(SubscriptionEndedEvent))]
[JsonSerializable(typeof(RefundRequestedEvent))]
[JsonSerializable(typeof(AuditFailedEvent))]
internal sealed partial class ClientJson : JsonSerializerContext;
