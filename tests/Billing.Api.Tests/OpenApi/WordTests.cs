using System.Text.Json;
using Billing.Accounts;
using Billing.Api.Health;
using Billing.Api.Webhooks;
using Billing.Engine.Due;
using Billing.Events;
using Billing.Generations;
using Billing.Keys;
using Billing.Subscriptions;
using Billing.Webhooks;
using Billing.Workspaces;

namespace Billing.Api.Tests.OpenApi;

/// <summary>Where the document lists words, it lists those that the rules know.</summary>
public sealed class WordTests
{
    [Fact]
    public void Types_of_ledger_entries() => AreTheSame(WordsOf<EntryType>(), "TransactionType");

    [Fact]
    public void Types_of_workspaces() => AreTheSame(WordsOf<WorkspaceType>().Except(["feed"]), "WorkspaceType");

    [Fact]
    public void Roles_of_members() => AreTheSame(WordsOf<MemberRole>(), "MemberRole");

    [Fact]
    public void Environments_of_keys() => AreTheSame(WordsOf<KeyEnvironment>(), "KeyEnvironment");

    [Fact]
    public void Where_generations_stand() => AreTheSame(WordsOf<GenerationStatus>(), "GenerationStatus");

    [Fact]
    public void Where_refunds_stand() => AreTheSame(WordsOf<RefundStatus>(), "Refund/properties/status");

    [Fact]
    public void How_payments_went() => AreTheSame(WordsOf<PaymentStatus>(), "PaymentRequest/properties/status");

    [Fact]
    public void Why_generations_fail() => AreTheSame([.. RefundReasons.Automatic, .. RefundReasons.CustomersOwn], "FailRequest/properties/reason");

    [Fact]
    public void Why_one_of_many_generations_fails() => AreTheSame([.. RefundReasons.Automatic, .. RefundReasons.CustomersOwn], "FailedItem/properties/reason");

    [Fact]
    public void Why_refunds_are_asked_for() => AreTheSame([.. RefundReasons.Reviewed, .. RefundReasons.NotEligible], "RefundRequest/properties/reason");

    [Fact]
    public void Queues_that_messages_can_be_given_up_in() => AreTheSame(Queues.All, "Queue");

    [Fact]
    public void Types_of_events() => AreTheSame(EventTypes.OfCustomers, "EventType");

    [Fact]
    public void Types_of_events_that_the_seller_hears() => AreTheSame(EventTypes.All.Remove(EventTypes.Ping), "SellerEventType");

    [Fact]
    public void How_checks_of_health_come_out() => AreTheSame(WordsOf<CheckStatus>(), "HealthCheck/properties/status");

    [Fact]
    public void Where_webhook_endpoints_stand() => AreTheSame(WordsOf<WebhookStatus>(), "Webhook/properties/status");

    [Fact]
    public void Why_webhook_endpoints_are_disabled() => AreTheSame(WordsOf<DisabledReason>(), "Webhook/properties/disabled_reason");

    [Fact]
    public void Where_deliveries_stand() => AreTheSame(WordsOf<DeliveryStatus>(), "Delivery/properties/status");

    [Fact]
    public void Why_deliveries_are_given_up() => AreTheSame(WordsOf<DeliveryFailure>(), "Delivery/properties/failure");

    [Fact]
    public void Each_type_of_event_is_a_webhook_that_says_so() => Assert.Equal(
        EventTypes.All.Order(),
        Documents.Current.Root.GetProperty("webhooks").EnumerateObject().Select(webhook =>
        {
            var schema = Documents.Json(webhook.Value.GetProperty("post").GetProperty("requestBody")).GetProperty("schema");
            Assert.Equal(webhook.Name, Documents.Current.Resolve(schema).GetProperty("properties").GetProperty("type").GetProperty("const").GetString());
            return webhook.Name;
        }).Order());

    [Fact]
    public void Why_admit_refuses()
    {
        // What check says in its body; the rest is a status of check's own.
        string[] ofTheRequest =
        [
            RefusalCodes.InvalidRequest, RefusalCodes.Unauthorized, RefusalCodes.Forbidden, RefusalCodes.NotFound, RefusalCodes.IdempotencyKeyReused,
            RefusalCodes.StorageUnavailable, RefusalCodes.UriTooLong, RefusalCodes.UnsupportedMediaType, RefusalCodes.HeadersTooLarge,
        ];
        var answered = Documents.Current.FindOperation("POST", "/api/v1/generations")!.Element.GetProperty("responses").EnumerateObject()
            .Where(response => response.Name[0] == '4' || response.Name == "503")
            .SelectMany(response => Documents.Codes(Documents.Current.Resolve(response.Value)));
        AreTheSame(answered.Except(ofTheRequest), "AdmitRefusal");
    }

    private static void AreTheSame(IEnumerable<string> known, string schema) => Assert.Equal(known.Order(), Documents.Words(schema).Order());

    private static IEnumerable<string> WordsOf<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);
}
