namespace Billing.Client;

/// <summary>
/// The billing backend, as the seller's operators call it. An operator's key may do all of this: keep it out of the service that generates.
/// Every call that changes something and is sent again takes effect once; where that is not so, it is said.
/// </summary>
public interface IBillingOperator
{
    /// <summary>Opens an account with its personal workspace. With the same external id the same account, once.</summary>
    /// <exception cref="BillingRefusedException">It is opened already, with other content (<see cref="ProblemCodes.Conflict"/>).</exception>
    Task<CreatedAccount> CreateAccountAsync(NewAccount account, string? idempotencyKey = null, CancellationToken cancellation = default);

    /// <summary>The accounts with the seller's own id, at most one for each product.</summary>
    Task<AccountPage> FindAccountsAsync(string externalId, CancellationToken cancellation = default);

    /// <summary>A page of the accounts.</summary>
    Task<AccountPage> GetAccountsAsync(AccountFilter? filter = null, string? cursor = null, CancellationToken cancellation = default);

    /// <summary>All accounts, page by page as they are asked for.</summary>
    IAsyncEnumerable<Account> ListAccountsAsync(AccountFilter? filter = null, CancellationToken cancellation = default);

    /// <summary>One account.</summary>
    Task<Account> GetAccountAsync(string accountId, CancellationToken cancellation = default);

    /// <summary>Changes what is said about an account; what is null stays.</summary>
    Task<Account> ChangeAccountAsync(string accountId, AccountChange change, CancellationToken cancellation = default);

    /// <summary>Closes an account: its keys and sessions end, its subscription is canceled, its books stay.</summary>
    Task<Account> CloseAccountAsync(string accountId, CancellationToken cancellation = default);

    /// <summary>A workspace and what stands in its account.</summary>
    Task<WorkspaceState> GetWorkspaceAsync(string workspaceId, CancellationToken cancellation = default);

    /// <summary>Opens a team workspace.</summary>
    Task<CreatedWorkspace> CreateWorkspaceAsync(string ownerAccountId, string name, string? idempotencyKey = null, CancellationToken cancellation = default);

    /// <summary>Lets an account use a team workspace.</summary>
    Task<Done> AddMemberAsync(string workspaceId, string accountId, CancellationToken cancellation = default);

    /// <summary>Lets it use the workspace no longer; keys and webhooks that it made there end.</summary>
    Task<Done> RemoveMemberAsync(string workspaceId, string accountId, CancellationToken cancellation = default);

    /// <summary>Starts a subscription or changes its plan.</summary>
    /// <param name="workspaceId">Whose.</param>
    /// <param name="plan">Which plan.</param>
    /// <param name="credits">Credits a month, of a plan where they are chosen.</param>
    /// <param name="startedAt">When it started, of one that has begun elsewhere; null for now.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<Subscription> SubscribeAsync(string workspaceId, string plan, decimal? credits = null, DateTimeOffset? startedAt = null, CancellationToken cancellation = default);

    /// <summary>Lets the subscription end with its period.</summary>
    Task<Subscription> CancelSubscriptionAsync(string workspaceId, CancellationToken cancellation = default);

    /// <summary>News of a payment, told apart by its reference. The newest payment pauses or resumes.</summary>
    Task<ReportedPayment> ReportPaymentAsync(string workspaceId, PaymentReport payment, CancellationToken cancellation = default);

    /// <summary>Adds bought credits; the same payment reference counts once.</summary>
    Task<TopUp> TopUpAsync(string workspaceId, decimal credits, string reference, Money? paid = null, CancellationToken cancellation = default);

    /// <summary>A refund or charge-back of a top-up.</summary>
    /// <param name="workspaceId">Whose.</param>
    /// <param name="topUpId">Which.</param>
    /// <param name="reason">For the ledger.</param>
    /// <param name="reference">The seller's own name for it, needed where it is a part; it counts once.</param>
    /// <param name="credits">How many; null for what is left of it.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<TopUp> ReverseTopUpAsync(string workspaceId, string topUpId, string reason, string? reference = null, decimal? credits = null, CancellationToken cancellation = default);

    /// <summary>The dispute of a reversal was won.</summary>
    Task<TopUp> ReinstateTopUpAsync(string workspaceId, string topUpId, string reference, CancellationToken cancellation = default);

    /// <summary>Corrects the balance, up or down.</summary>
    Task<Adjustment> AdjustAsync(string workspaceId, decimal credits, string reason, string? idempotencyKey = null, CancellationToken cancellation = default);

    /// <summary>Gives bonus credits.</summary>
    Task<GivenGrant> GrantAsync(
        string workspaceId, decimal credits, string reason, DateTimeOffset? expiresAt = null, string? idempotencyKey = null, CancellationToken cancellation = default);

    /// <summary>Refunds of a workspace that wait for a review.</summary>
    Task<RefundList> ListRefundsAsync(string workspaceId, CancellationToken cancellation = default);

    /// <summary>Grants a refund that was asked for; it is carried out a moment later.</summary>
    Task<Refund> ApproveRefundAsync(string refundId, CancellationToken cancellation = default);

    /// <summary>Declines a refund that was asked for.</summary>
    Task<Refund> DenyRefundAsync(string refundId, CancellationToken cancellation = default);

    /// <summary>Signs an account in, for 12 hours: what a customer's dashboard uses. Sent again, it is another session.</summary>
    Task<Session> CreateSessionAsync(string accountId, CancellationToken cancellation = default);

    /// <summary>Gives one API key a rate limit of its own.</summary>
    /// <param name="keyId">Which.</param>
    /// <param name="limit">Requests in a window; null gives it the plan's back.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<ApiKey> SetRateLimitAsync(string keyId, int? limit, CancellationToken cancellation = default);

    /// <summary>The overage invoices of a workspace, newest first.</summary>
    Task<InvoiceList> ListInvoicesAsync(string workspaceId, CancellationToken cancellation = default);

    /// <summary>Replays a workspace's ledger and compares.</summary>
    Task<Audit> AuditAsync(string workspaceId, CancellationToken cancellation = default);

    /// <summary>What can be spent in a workspace.</summary>
    Task<CreditBalance> GetCreditsAsync(string workspaceId, CancellationToken cancellation = default);

    /// <summary>All generations of a workspace, newest first, page by page as they are asked for.</summary>
    IAsyncEnumerable<Generation> ListGenerationsAsync(string workspaceId, GenerationFilter? filter = null, CancellationToken cancellation = default);

    /// <summary>All of a workspace's ledger, newest first, page by page as it is asked for.</summary>
    IAsyncEnumerable<HistoryEntry> ListHistoryAsync(string workspaceId, HistoryFilter? filter = null, CancellationToken cancellation = default);

    /// <summary>A page of the events of all workspaces, each of them once by its id.</summary>
    /// <param name="after">The former page's <see cref="EventPage.Next"/>, to be kept by the reader; null for the beginning.</param>
    /// <param name="limit">Most events; null for what the backend gives.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<EventPage> GetEventsAsync(string? after = null, int? limit = null, CancellationToken cancellation = default);

    /// <summary>The events after a place, up to those of now, page by page. Who wants to go on later keeps the place of each page by <see cref="GetEventsAsync"/>.</summary>
    IAsyncEnumerable<BillingEvent> ListEventsAsync(string? after = null, CancellationToken cancellation = default);

    /// <summary>An endpoint that hears of all workspaces; its secret is shown once. It is sent once: an answer that is lost leaves it to <see cref="ListWebhooksAsync"/>.</summary>
    /// <param name="url">Where deliveries go.</param>
    /// <param name="events">Of <see cref="BillingEventTypes"/>; none for all.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<SellerWebhook> CreateWebhookAsync(string url, IEnumerable<string>? events = null, CancellationToken cancellation = default);

    /// <summary>The endpoints that hear of all workspaces.</summary>
    Task<SellerWebhookList> ListWebhooksAsync(CancellationToken cancellation = default);

    /// <summary>Removes one of them.</summary>
    Task<Done> DeleteWebhookAsync(string webhookId, CancellationToken cancellation = default);

    /// <summary>Brings up to 1,000 customers in. Each external id takes effect once: sent again, it changes nothing.</summary>
    /// <param name="rows">The customers.</param>
    /// <param name="dryRun">True to hear what would become of them.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<ImportReport> ImportAsync(IEnumerable<ImportRow> rows, bool dryRun = false, CancellationToken cancellation = default);

    /// <summary>Runs one of the jobs now, as its timer does: <c>renewals</c>, <c>overage-charges</c> or <c>expirations</c>.</summary>
    Task<JobRun> RunJobAsync(string job, CancellationToken cancellation = default);
}
