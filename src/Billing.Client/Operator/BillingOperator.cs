using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Billing.Client;

/// <summary>The operator's side of the backend over HTTP. Thread-safe; one instance serves a process.</summary>
public sealed class BillingOperator : IBillingOperator
{
    /// <summary>The name of its HttpClient, for whoever wants to add to it.</summary>
    public const string HttpClientName = "Billing.Operator";

    private readonly Sender _sender;

    /// <summary>An operator over a connection of the caller's; without a container.</summary>
    /// <param name="http">With the backend's address as its base address. Its time-out bounds one try.</param>
    /// <param name="operatorKey">An operator's key.</param>
    /// <param name="options">How to retry; its address, key and time-out are passed over.</param>
    /// <param name="logger">Where retries are told; null for nowhere.</param>
    public BillingOperator(HttpClient http, string operatorKey, BillingOperatorOptions? options = null, ILogger<BillingOperator>? logger = null)
        : this(Connection.Of(http, WithKey(options, operatorKey), logger ?? (ILogger)NullLogger.Instance))
    {
    }

    internal BillingOperator(Connection connection) => _sender = new Sender(connection);

    /// <inheritdoc/>
    public Task<CreatedAccount> CreateAccountAsync(NewAccount account, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        return _sender.RequireAsync(Post("CreateAccount", Admin("accounts"), account.ToBody(), KeyOr(idempotencyKey)), ClientJson.Default.CreatedAccount, cancellation);
    }

    /// <inheritdoc/>
    public Task<AccountPage> FindAccountsAsync(string externalId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(externalId);
        return _sender.RequireAsync(Get("FindAccounts", Admin("accounts").With("external_id", externalId)), ClientJson.Default.AccountPage, cancellation);
    }

    /// <inheritdoc/>
    public Task<AccountPage> GetAccountsAsync(AccountFilter? filter = null, string? cursor = null, CancellationToken cancellation = default) => _sender.RequireAsync(
        Get("ListAccounts", (filter ?? new AccountFilter()).On(Admin("accounts")).With("cursor", cursor)), ClientJson.Default.AccountPage, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<Account> ListAccountsAsync(AccountFilter? filter = null, CancellationToken cancellation = default) => CursorPages.AllAsync(
        (cursor, stop) => GetAccountsAsync(filter, cursor, stop), page => page.Accounts, page => page.NextCursor, cancellation);

    /// <inheritdoc/>
    public Task<Account> GetAccountAsync(string accountId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(Get("GetAccount", Admin("accounts", accountId)), ClientJson.Default.Account, cancellation);

    /// <inheritdoc/>
    public Task<Account> ChangeAccountAsync(string accountId, AccountChange change, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _sender.RequireAsync(new Outgoing("ChangeAccount", HttpMethod.Patch, Admin("accounts", accountId), Body: change.ToBody()), ClientJson.Default.Account, cancellation);
    }

    /// <inheritdoc/>
    public Task<Account> CloseAccountAsync(string accountId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(new Outgoing("CloseAccount", HttpMethod.Delete, Admin("accounts", accountId)), ClientJson.Default.Account, cancellation);

    /// <inheritdoc/>
    public async Task<WorkspaceState> GetWorkspaceAsync(string workspaceId, CancellationToken cancellation = default)
    {
        var answer = await _sender.RequireAsync(Get("GetWorkspace", Workspace(workspaceId)), ClientJson.Default.WorkspaceAnswer, cancellation).ConfigureAwait(false);
        answer.Account.RequestId = answer.RequestId;
        return answer.Account;
    }

    /// <inheritdoc/>
    public Task<CreatedWorkspace> CreateWorkspaceAsync(string ownerAccountId, string name, string? idempotencyKey = null, CancellationToken cancellation = default) => _sender.RequireAsync(
        Post("CreateWorkspace", Admin("workspaces"), new JsonObject { ["account_id"] = ownerAccountId, ["name"] = name }, KeyOr(idempotencyKey)), ClientJson.Default.CreatedWorkspace, cancellation);

    /// <inheritdoc/>
    public Task<Done> AddMemberAsync(string workspaceId, string accountId, CancellationToken cancellation = default) =>
        _sender.DoAsync(Post("AddMember", Workspace(workspaceId, "members"), new JsonObject { ["account_id"] = accountId }), cancellation);

    /// <inheritdoc/>
    public Task<Done> RemoveMemberAsync(string workspaceId, string accountId, CancellationToken cancellation = default) =>
        _sender.DoAsync(new Outgoing("RemoveMember", HttpMethod.Delete, Workspace(workspaceId, "members").With("account_id", accountId)), cancellation);

    /// <inheritdoc/>
    public Task<Subscription> SubscribeAsync(string workspaceId, string plan, decimal? credits = null, DateTimeOffset? startedAt = null, CancellationToken cancellation = default)
    {
        var body = new JsonObject { ["plan"] = plan }.With("credits", credits).With("started_at", startedAt);
        return _sender.RequireAsync(new Outgoing("Subscribe", HttpMethod.Put, Workspace(workspaceId, "subscription"), Body: body, IdempotencyKey: KeyOr(null)), ClientJson.Default.Subscription, cancellation);
    }

    /// <inheritdoc/>
    public Task<Subscription> CancelSubscriptionAsync(string workspaceId, CancellationToken cancellation = default) => _sender.RequireAsync(
        new Outgoing("CancelSubscription", HttpMethod.Delete, Workspace(workspaceId, "subscription"), IdempotencyKey: KeyOr(null)), ClientJson.Default.Subscription, cancellation);

    /// <inheritdoc/>
    public Task<ReportedPayment> ReportPaymentAsync(string workspaceId, PaymentReport payment, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return _sender.RequireAsync(Post("ReportPayment", Workspace(workspaceId, "payments"), payment.ToBody(), KeyOr(null)), ClientJson.Default.ReportedPayment, cancellation);
    }

    /// <inheritdoc/>
    public Task<TopUp> TopUpAsync(string workspaceId, decimal credits, string reference, Money? paid = null, CancellationToken cancellation = default)
    {
        var body = new JsonObject { ["credits"] = credits, ["reference"] = reference }.With("paid", paid);
        return _sender.RequireAsync(Post("TopUp", Workspace(workspaceId, "top-ups"), body), ClientJson.Default.TopUp, cancellation);
    }

    /// <inheritdoc/>
    public Task<TopUp> ReverseTopUpAsync(string workspaceId, string topUpId, string reason, string? reference = null, decimal? credits = null, CancellationToken cancellation = default)
    {
        var body = new JsonObject { ["reason"] = reason }.With("reference", reference).With("credits", credits);
        return _sender.RequireAsync(Post("ReverseTopUp", Workspace(workspaceId, "top-ups", topUpId, "reverse"), body, KeyOr(null)), ClientJson.Default.TopUp, cancellation);
    }

    /// <inheritdoc/>
    public Task<TopUp> ReinstateTopUpAsync(string workspaceId, string topUpId, string reference, CancellationToken cancellation = default) => _sender.RequireAsync(
        Post("ReinstateTopUp", Workspace(workspaceId, "top-ups", topUpId, "reinstate"), new JsonObject { ["reference"] = reference }, KeyOr(null)), ClientJson.Default.TopUp, cancellation);

    /// <inheritdoc/>
    public Task<Adjustment> AdjustAsync(string workspaceId, decimal credits, string reason, string? idempotencyKey = null, CancellationToken cancellation = default) => _sender.RequireAsync(
        Post("Adjust", Workspace(workspaceId, "adjustments"), new JsonObject { ["credits"] = credits, ["reason"] = reason }, KeyOr(idempotencyKey)), ClientJson.Default.Adjustment, cancellation);

    /// <inheritdoc/>
    public Task<GivenGrant> GrantAsync(
        string workspaceId, decimal credits, string reason, DateTimeOffset? expiresAt = null, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        var body = new JsonObject { ["credits"] = credits, ["reason"] = reason }.With("expires_at", expiresAt);
        return _sender.RequireAsync(Post("Grant", Workspace(workspaceId, "grants"), body, KeyOr(idempotencyKey)), ClientJson.Default.GivenGrant, cancellation);
    }

    /// <inheritdoc/>
    public Task<RefundList> ListRefundsAsync(string workspaceId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(Get("ListRefunds", Workspace(workspaceId, "refunds")), ClientJson.Default.RefundList, cancellation);

    /// <inheritdoc/>
    public Task<Refund> ApproveRefundAsync(string refundId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(Post("ApproveRefund", Admin("refunds", refundId, "approve"), [], KeyOr(null)), ClientJson.Default.Refund, cancellation);

    /// <inheritdoc/>
    public Task<Refund> DenyRefundAsync(string refundId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(Post("DenyRefund", Admin("refunds", refundId, "deny"), [], KeyOr(null)), ClientJson.Default.Refund, cancellation);

    /// <inheritdoc/>
    public Task<Session> CreateSessionAsync(string accountId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(Post("CreateSession", Admin("sessions"), new JsonObject { ["account_id"] = accountId }), ClientJson.Default.Session, cancellation);

    /// <inheritdoc/>
    public Task<ApiKey> SetRateLimitAsync(string keyId, int? limit, CancellationToken cancellation = default) => _sender.RequireAsync(
        new Outgoing("SetRateLimit", HttpMethod.Put, Admin("api-keys", keyId, "rate-limit"), Body: new JsonObject { ["limit"] = limit }), ClientJson.Default.ApiKey, cancellation);

    /// <inheritdoc/>
    public Task<InvoiceList> ListInvoicesAsync(string workspaceId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(Get("ListInvoices", Workspace(workspaceId, "invoices")), ClientJson.Default.InvoiceList, cancellation);

    /// <inheritdoc/>
    public Task<Audit> AuditAsync(string workspaceId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(Get("Audit", Workspace(workspaceId, "audit")), ClientJson.Default.Audit, cancellation);

    /// <inheritdoc/>
    public Task<CreditBalance> GetCreditsAsync(string workspaceId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(Get("GetCredits", RequestPath.Of("credits").With("workspaceId", workspaceId)), ClientJson.Default.CreditBalance, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<Generation> ListGenerationsAsync(string workspaceId, GenerationFilter? filter = null, CancellationToken cancellation = default) => CursorPages.AllAsync(
        (cursor, stop) => _sender.RequireAsync(
            Get("ListGenerations", (filter ?? new GenerationFilter()).On(Workspace(workspaceId, "generations")).With("cursor", cursor)), ClientJson.Default.GenerationPage, stop),
        page => page.Generations,
        page => page.NextCursor,
        cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<HistoryEntry> ListHistoryAsync(string workspaceId, HistoryFilter? filter = null, CancellationToken cancellation = default) => CursorPages.AllAsync(
        (cursor, stop) => _sender.RequireAsync(
            Get("ListHistory", (filter ?? new HistoryFilter()).On(Workspace(workspaceId, "ledger")).With("cursor", cursor)), ClientJson.Default.HistoryPage, stop),
        page => page.Transactions,
        page => page.NextCursor,
        cancellation);

    /// <inheritdoc/>
    public async Task<EventPage> GetEventsAsync(string? after = null, int? limit = null, CancellationToken cancellation = default)
    {
        var path = Admin("events").With("after", after).With("limit", limit);
        var wire = await _sender.RequireAsync(Get("ListEvents", path), ClientJson.Default.WireEventPage, cancellation).ConfigureAwait(false);
        return new EventPage([.. wire.Events.Select(one => one.ToEvent())], wire.Next) { RequestId = wire.RequestId };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BillingEvent> ListEventsAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // An empty page is the end of now: `next` is always there.
        while (await GetEventsAsync(after, null, cancellation).ConfigureAwait(false) is { Events.Count: > 0 } page)
        {
            foreach (var one in page.Events)
            {
                yield return one;
            }

            after = page.Next;
        }
    }

    /// <inheritdoc/>
    public Task<SellerWebhook> CreateWebhookAsync(string url, IEnumerable<string>? events = null, CancellationToken cancellation = default)
    {
        string[] types = events?.ToArray() is { Length: > 0 } some ? some : ["*"];
        var body = new JsonObject { ["url"] = url, ["events"] = new JsonArray([.. types.Select(type => JsonValue.Create(type))]) };
        return _sender.RequireAsync(Post("CreateWebhook", Admin("webhooks"), body) with { Once = true }, ClientJson.Default.SellerWebhook, cancellation);
    }

    /// <inheritdoc/>
    public Task<SellerWebhookList> ListWebhooksAsync(CancellationToken cancellation = default) =>
        _sender.RequireAsync(Get("ListWebhooks", Admin("webhooks")), ClientJson.Default.SellerWebhookList, cancellation);

    /// <inheritdoc/>
    public Task<Done> DeleteWebhookAsync(string webhookId, CancellationToken cancellation = default) =>
        _sender.DoAsync(new Outgoing("DeleteWebhook", HttpMethod.Delete, Admin("webhooks", webhookId)), cancellation);

    /// <inheritdoc/>
    public Task<ImportReport> ImportAsync(IEnumerable<ImportRow> rows, bool dryRun = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var body = new JsonObject { ["dry_run"] = dryRun, ["rows"] = new JsonArray([.. rows.Select(row => row.ToBody())]) };
        return _sender.RequireAsync(Post("Import", Admin("imports"), body), ClientJson.Default.ImportReport, cancellation);
    }

    /// <inheritdoc/>
    public Task<JobRun> RunJobAsync(string job, CancellationToken cancellation = default) =>
        _sender.RequireAsync(Post("RunJob", Admin("jobs", job), []), ClientJson.Default.JobRun, cancellation);

    private static BillingOperatorOptions WithKey(BillingOperatorOptions? options, string operatorKey)
    {
        options ??= new BillingOperatorOptions();
        options.OperatorKey = operatorKey;
        return options;
    }

    private static string KeyOr(string? idempotencyKey) => idempotencyKey ?? Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    private static RequestPath Admin(params ReadOnlySpan<string> parts) => RequestPath.Of(["admin", .. parts]);

    private static RequestPath Workspace(string workspaceId, params ReadOnlySpan<string> parts) => RequestPath.Of(["admin", "workspaces", workspaceId, .. parts]);

    private static Outgoing Get(string operation, RequestPath path) => new(operation, HttpMethod.Get, path);

    private static Outgoing Post(string operation, RequestPath path, JsonObject body, string? idempotencyKey = null) =>
        new(operation, HttpMethod.Post, path, Body: body, IdempotencyKey: idempotencyKey);
}
