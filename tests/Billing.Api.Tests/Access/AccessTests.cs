using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Access;

/// <summary>Every endpoint of <see cref="EndpointTable"/> × every kind of caller. An endpoint that is added without a row fails here.</summary>
public sealed class AccessTests
{
    private const string Video = """{"template_id": "consumerclub-discord-zoomed", "workspace_id": "{ws}"}""";

    /// <summary>
    /// What ada's key, session and service get, what the service gets without her key and the operator, and what bob's key, session and service get.
    /// Names in braces are hers, made anew for each request.
    /// </summary>
    private static readonly ImmutableArray<Row> Rows =
    [
        new("GetCredits", "GET credits?workspaceId={ws}", null, "200 200 200 401 403 404 404 404"),
        new("GetBalance", "GET credits/balance?workspaceId={ws}", null, "200 200 200 401 403 404 404 404"),
        new("GetHistory", "GET credits/history?workspaceId={ws}", null, "200 200 200 401 403 404 404 404"),
        new("GetInvoices", "GET invoices?workspaceId={ws}", null, "200 200 200 401 403 404 404 404"),
        new("GetWorkspaces", "GET workspaces", null, "200 200 200 401 403 200 200 200"),
        new("GetPlans", "GET plans?product=bluma", null, "200 200 200 200 200 200 200 200"),
        new("QuoteGeneration", "POST generations/quote", Video, "200 200 200 401 403 404 404 404"),
        new("CheckGeneration", "POST generations/check", Video, "200 200 200 401 403 404 404 404"),
        new("AdmitGeneration", "POST generations", Video, "403 403 201 401 403 403 403 404"),
        new("AdmitBatch", "POST generations/batch", """{"items": [{"template_id": "news-anchor"}], "workspace_id": "{ws}"}""", "403 403 201 401 403 403 403 404"),
        new("GetGeneration", "GET generations/{running}", null, "200 200 200 401 403 404 404 404"),
        new("CompleteGeneration", "POST generations/{running}/complete", null, "403 403 200 200 403 403 403 404"),
        new("FailGeneration", "POST generations/{running}/fail", """{"reason": "user_error"}""", "403 403 200 200 403 403 403 404"),
        new("HeartbeatGeneration", "POST generations/{running}/heartbeat", null, "403 403 200 200 403 403 403 404"),
        new("RequestRefund", "POST refunds", """{"generation_id": "{completed}", "reason": "quality_issue"}""", "202 202 202 401 403 404 404 404"),
        new("GetRefund", "GET refunds/{refund}", null, "200 200 200 401 403 404 404 404"),
        new("CreateWebhook", "POST webhooks", """{"url": "http://127.0.0.1:9/", "events": ["ping"], "workspace_id": "{ws}"}""", "201 201 201 401 403 404 404 404"),
        new("ListWebhooks", "GET webhooks?workspaceId={ws}", null, "200 200 200 401 403 404 404 404"),
        new("DeleteWebhook", "DELETE webhooks/{webhook}", null, "2xx 2xx 2xx 401 403 404 404 404"),
        new("TestWebhook", "POST webhooks/{webhook}/test", null, "2xx 2xx 2xx 401 403 404 404 404"),
        new("RotateWebhook", "POST webhooks/{webhook}/rotate", null, "2xx 2xx 2xx 401 403 404 404 404"),
        new("ListDeliveries", "GET webhooks/{webhook}/deliveries", null, "200 200 200 401 403 404 404 404"),
        new("ReplayDelivery", "POST webhooks/{webhook}/deliveries/{delivery}/replay", null, "2xx 2xx 2xx 401 403 404 404 404"),
        new("CreateApiKey", "POST api-keys", """{"name": "Key", "environment": "test"}""", "403 201 403 403 403 403 201 403"),
        new("ListApiKeys", "GET api-keys", null, "403 200 403 403 403 403 200 403"),
        new("RevokeApiKey", "DELETE api-keys/{key}", null, "403 200 403 403 403 403 404 403"),
        new("VerifyKey", "POST keys/verify", """{"key": "{secret}"}""", "403 403 200 200 403 403 403 200"),
        Admin("CreateAccount", "POST admin/accounts", """{"product": "bluma", "name": "Eve", "email": "eve@example.com"}""", 201),
        Admin("FindAccount", "GET admin/accounts?external_id=nobody", null, 200),
        Admin("CreateSession", "POST admin/sessions", """{"account_id": "{account}"}""", 201),
        Admin("CreateWorkspace", "POST admin/workspaces", """{"account_id": "{account}", "name": "Team"}""", 201),
        Admin("GetWorkspaceAccount", "GET admin/workspaces/{ws}", null, 200),
        Admin("GetWorkspaceLedger", "GET admin/workspaces/{ws}/ledger", null, 200),
        Admin("ListRefunds", "GET admin/workspaces/{ws}/refunds", null, 200),
        Admin("AddMember", "POST admin/workspaces/{team}/members", """{"account_id": "{account}"}""", 201),
        Admin("RemoveMember", "DELETE admin/workspaces/{team}/members", """{"account_id": "{member}"}""", 204),
        Admin("PutSubscription", "PUT admin/workspaces/{ws}/subscription", """{"plan": "pro"}""", 200),
        Admin("CancelSubscription", "DELETE admin/workspaces/{team}/subscription", null, 200),
        Admin("ReportPayment", "POST admin/workspaces/{ws}/payments", """{"status": "succeeded", "reference": "pi"}""", 200),
        Admin("CreateTopUp", "POST admin/workspaces/{ws}/top-ups", """{"credits": 20, "reference": "ch"}""", 201),
        Admin("ReverseTopUp", "POST admin/workspaces/{ws}/top-ups/{topup}/reverse", """{"reason": "Charge-back"}""", 200),
        Admin("CreateGrant", "POST admin/workspaces/{ws}/grants", """{"credits": 5, "reason": "Sorry"}""", 201),
        Admin("SetKeyLimit", "PUT admin/api-keys/{key}/rate-limit", """{"limit": 500}""", 200),
        Admin("ListInvoices", "GET admin/workspaces/{ws}/invoices", null, 200),
        Admin("AuditWorkspace", "GET admin/workspaces/{ws}/audit", null, 200),
        Admin("ApproveRefund", "POST admin/refunds/{refund}/approve", null, 200),
        Admin("DenyRefund", "POST admin/refunds/{refund}/deny", null, 200),
        Admin("ListPoison", "GET admin/poison", null, 200),
        Admin("RetryPoison", "POST admin/poison/{poison}/retry", null, 202),
        Admin("RunRenewals", "POST admin/jobs/renewals", null, 200),
        Admin("RunOverageCharges", "POST admin/jobs/overage-charges", null, 200),
        Admin("RunExpirations", "POST admin/jobs/expirations", null, 200),
        Open("GetHealth", "GET /health"),
        Open("GetOpenApi", "GET openapi.json"),
        Open("GetDashboard", "GET /dashboard"),
        Open("GetOperatorPage", "GET /operator"),
        Open("GetReference", "GET /reference"),
        Open("GetAsset", "GET /assets/dashboard.js"),
        Open("MoveClock", "PUT /dev/clock", """{"now": "2025-11-01T12:00:00Z"}"""),
    ];

    public static TheoryData<string> Endpoints() => new(Rows.Select(row => row.Endpoint));

    [Fact]
    public void Every_endpoint_has_a_row() =>
        Assert.Equal(
            EndpointTable.All.Concat(EndpointTable.Development).Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal),
            Rows.Select(row => row.Endpoint).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Every_kind_of_caller_gets_what_is_due(string endpoint)
    {
        var row = Rows.Single(one => one.Endpoint == endpoint);
        var stage = await Stage.Shared;
        var expected = row.Statuses.Split(' ');
        var callers = stage.Callers;
        for (var i = 0; i < callers.Length; i++)
        {
            await ExpectAsync(row, stage, callers[i].Client, callers[i].Name, expected[i]);
        }

        foreach (var (name, client) in stage.Strangers)
        {
            await ExpectAsync(row, stage, client, name, row.Open ? expected[0] : "401");
        }
    }

    private static async Task ExpectAsync(Row row, Stage stage, Client client, string caller, string expected)
    {
        var words = row.Request.Split(' ', 2);
        var path = await stage.FillAsync(words[1], expected);
        var body = row.Body is null ? null : await stage.FillAsync(row.Body, expected);
        var answer = await client.SendAsync(new HttpMethod(words[0]), path, body);
        var met = expected == "2xx" ? answer.Status is >= 200 and < 300 : $"{answer.Status}" == expected;
        Assert.True(met, $"{row.Endpoint} should answer {expected} to {caller}: {answer}");
        if (answer.Status >= 400)
        {
            answer.Refused(answer.Status, answer.Status switch { 401 => "UNAUTHORIZED", 403 => "FORBIDDEN", _ => "NOT_FOUND" });
        }
    }

    private static Row Admin(string endpoint, string request, string? body, int status) => new(endpoint, request, body, $"403 403 403 403 {status} 403 403 403");

    private static Row Open(string endpoint, string request, string? body = null) => new(endpoint, request, body, "200 200 200 200 200 200 200 200") { Open = true };

    private sealed record Row(string Endpoint, string Request, string? Body, string Statuses)
    {
        public bool Open { get; init; } = Endpoint == "GetPlans";
    }
}
