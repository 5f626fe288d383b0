using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Development;
using Billing.Api.Generations;
using Billing.Api.Health;
using Billing.Api.Http;
using Billing.Api.Keys;
using Billing.Api.Plans;
using Billing.Api.Refunds;
using Billing.Api.Webhooks;
using Billing.Api.Workspaces;
using Billing.Catalogs;
using Billing.TopUps;

namespace Billing.Api.Tests.OpenApi;

/// <summary>What the API serializes has the fields that the document says, no others, and null only where it says so.</summary>
public sealed class ShapeTests
{
    private static readonly JsonSerializerOptions Options = new(ApiJson.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        RespectNullableAnnotations = true,
    };

    private static readonly JsonElement Null = JsonSerializer.SerializeToElement<string?>(null);

    public static TheoryData<string, Type> Shapes => new()
    {
        { "WorkspaceCredits", typeof(CreditsView) }, { "WorkspaceCredits/properties/grants/items", typeof(GrantLeftView) }, { "Balance", typeof(BalanceView) }, { "Balance/properties/usage", typeof(UsageView) },
        { "History", typeof(HistoryView) }, { "Transaction", typeof(TransactionView) }, { "Workspaces", typeof(WorkspacesView) }, { "Workspace", typeof(WorkspaceView) },
        { "Catalogs", typeof(CatalogsView) }, { "Catalog", typeof(CatalogView) }, { "Plan", typeof(PlanView) }, { "AllowanceRange", typeof(Allowance) },
        { "RateLimit", typeof(RateLimitView) }, { "Catalog/properties/without_plan", typeof(LimitsView) }, { "Catalog/properties/pricing", typeof(PricingView) },
        { "TopUpOffer", typeof(TopUpOffer) }, { "Contact", typeof(Contact) }, { "Field", typeof(FieldView) }, { "Factor", typeof(FactorView) }, { "Template", typeof(Template) },
        { "Quote", typeof(QuoteView) }, { "Check", typeof(CheckView) }, { "Generation", typeof(GenerationView) }, { "Charged", typeof(ChargedView) }, { "Generation/properties/refund", typeof(GenerationRefundView) },
        { "PriceFactor", typeof(PriceFactor) }, { "Money", typeof(Money) }, { "Batch", typeof(BatchView) }, { "SettledGenerations", typeof(SettleView) }, { "Refund", typeof(RefundView) },
        { "CreatedApiKey", typeof(ApiKeyView) }, { "ApiKeys", typeof(ApiKeysView) }, { "VerifiedKey", typeof(VerifiedView) },
        { "CreatedAccount", typeof(CreatedAccountView) }, { "Account", typeof(AccountView) }, { "Accounts", typeof(AccountsView) }, { "Session", typeof(SessionView) },
        { "CreatedWorkspace", typeof(CreatedWorkspaceView) }, { "Member", typeof(MemberView) }, { "Subscription", typeof(SubscriptionView) }, { "PaymentReport", typeof(PaymentReportView) },
        { "TopUp", typeof(TopUpView) }, { "TopUp/properties/reversals/items", typeof(Reversal) }, { "Grant", typeof(GrantView) },
        { "Adjustment", typeof(AdjustmentView) }, { "OwnTemplate", typeof(TemplateView) }, { "DeletedTemplate", typeof(DeletedTemplateView) },
        { "Invoice", typeof(InvoiceView) }, { "Invoice/properties/lines/items", typeof(InvoiceLineView) }, { "Invoices", typeof(InvoicesView) }, { "Audit", typeof(AuditView) },
        { "RotatedWebhook", typeof(WebhookView) }, { "Webhooks", typeof(WebhooksView) }, { "DeletedWebhook", typeof(DeletedWebhookView) },
        { "Deliveries", typeof(DeliveriesView) }, { "RecoveredWebhook", typeof(RecoveredView) }, { "Delivery", typeof(DeliveryView) }, { "Attempt", typeof(AttemptView) },
        { "WorkspaceAccount", typeof(WorkspaceAccountView) }, { "WorkspaceAccount/properties/account", typeof(WorkspaceAccount) }, { "Refunds", typeof(RefundsView) },
        { "PoisonMessages", typeof(PoisonView) }, { "PoisonMessage", typeof(PoisonMessageView) }, { "RetriedMessage", typeof(RetriedView) }, { "DiscardedMessage", typeof(DiscardedView) }, { "JobRun", typeof(JobRunView) },
        { "Health", typeof(HealthView) }, { "HealthCheck", typeof(HealthCheckView) }, { "Clock", typeof(ClockView) },
        { "Problem", typeof(Problem) }, { "ProblemData", typeof(ProblemData) }, { "Problem/properties/error", typeof(ProblemError) },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Its_fields_are_documented(string schema, Type type) =>
        Assert.Equal(Fields(type).Select(field => field.Name).Concat(LimitsIn(type)).Order(), Documented(schema).Select(field => field.Name).Order());

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_is_always_there_is_required(string schema, Type type)
    {
        var required = Documents.Required(Documents.Schema(schema));
        // What is left out of some answers is required where a schema is for the others: a new key, a new secret.
        Assert.Equal(
            Fields(type).Where(field => !IsLeftOut(field)).Select(field => field.Name).Concat(LimitsIn(type)).Order(),
            required.Except(Fields(type).Where(IsLeftOut).Select(field => field.Name)).Order());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_can_be_null_is_documented_to_be(string schema, Type type)
    {
        var nullable = Documented(schema).Where(field => Documents.Current.Schemas.Check(field.Value, Null).Count == 0).Select(field => field.Name);
        Assert.Equal(Fields(type).Where(field => field.IsGetNullable && !IsLeftOut(field)).Select(field => field.Name).Concat(LimitsIn(type)).Order(), nullable.Order());
    }

    [Fact]
    public void A_batch_has_a_shape_for_each_thing_that_can_become_of_an_item() => Assert.Equal(
        Fields(typeof(BatchResult)).Select(field => field.Name).Order(),
        new[] { 0, 1 }.SelectMany(index => Documented($"BatchResult/oneOf/{index}")).Select(field => field.Name).Distinct().Order());

    private static IEnumerable<JsonProperty> Documented(string schema) => Documents.Schema(schema).GetProperty("properties").EnumerateObject();

    private static IEnumerable<JsonPropertyInfo> Fields(Type type) => Options.GetTypeInfo(type).Properties.Where(field => field.Get is not null && !field.IsExtensionData);

    // A limit of plans is a field of theirs, null where there is none.
    private static IEnumerable<string> LimitsIn(Type type) => typeof(LimitsView).IsAssignableFrom(type) ? PlanLimit.All.Select(limit => limit.Name) : [];

    private static bool IsLeftOut(JsonPropertyInfo field) => field.AttributeProvider!.GetCustomAttributes(typeof(JsonIgnoreAttribute), true)
        .OfType<JsonIgnoreAttribute>()
        .Any(one => one.Condition == JsonIgnoreCondition.WhenWritingNull);
}
