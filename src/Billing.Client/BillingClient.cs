using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Billing.Client;

/// <summary>The billing backend over HTTP. Thread-safe; one instance serves a process.</summary>
public sealed class BillingClient : IBillingClient
{
    /// <summary>The name of its HttpClient, for whoever wants to add to it.</summary>
    public const string HttpClientName = "Billing.Client";

    private readonly Connection _connection;
    private readonly Sender _sender;

    /// <summary>A client over a connection of the caller's; without a container.</summary>
    /// <param name="http">With the backend's address as its base address. Its time-out bounds one try.</param>
    /// <param name="serviceKey">The service's own key.</param>
    /// <param name="options">How to retry; its address, key and time-out are passed over.</param>
    /// <param name="logger">Where retries and failed heartbeats are told; null for nowhere.</param>
    public BillingClient(HttpClient http, string serviceKey, BillingClientOptions? options = null, ILogger<BillingClient>? logger = null)
        : this(Connection.Of(http, WithKey(options, serviceKey), logger ?? (ILogger)NullLogger.Instance))
    {
    }

    internal BillingClient(Connection connection) => (_connection, _sender) = (connection, new Sender(connection));

    private BillingClientOptions Options => (BillingClientOptions)_connection.Options();

    /// <inheritdoc/>
    public async Task<Admission> AdmitAsync(Customer customer, GenerationRequest request, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(customer);
        ArgumentNullException.ThrowIfNull(request);
        var outgoing = new Outgoing("Admit", HttpMethod.Post, RequestPath.Of("generations"), customer, request.ToBody().With("create", customer.Create?.ToBody()), KeyOr(idempotencyKey));
        var (generation, problem) = await _sender.SendAsync(outgoing, ClientJson.Default.Generation, cancellation).ConfigureAwait(false);
        return generation is not null ? new Admission.Admitted(generation) : new Admission.Refused(problem!);
    }

    /// <inheritdoc/>
    public Task<Batch> AdmitBatchAsync(
        Customer customer, IEnumerable<GenerationRequest> items, BatchMode mode = BatchMode.AllOrNothing, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(customer);
        ArgumentNullException.ThrowIfNull(items);
        var body = new JsonObject
        {
            ["mode"] = mode == BatchMode.AllOrNothing ? "all_or_nothing" : "best_effort",
            ["items"] = new JsonArray([.. items.Select(item => item.ToBody())]),
        };
        var outgoing = new Outgoing("AdmitBatch", HttpMethod.Post, RequestPath.Of("generations", "batch"), customer, body.With("create", customer.Create?.ToBody()), KeyOr(idempotencyKey));
        return _sender.RequireAsync(outgoing, ClientJson.Default.Batch, cancellation);
    }

    /// <inheritdoc/>
    public Task<Run> RunAsync(
        Customer customer, GenerationRequest request, Func<Generation, CancellationToken, Task<WorkOutcome>> work, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new GenerationRun(this, Options, _connection.Logger).RunAsync(customer, request, work, KeyOr(idempotencyKey), cancellation);
    }

    /// <inheritdoc/>
    public Task<Generation> GetGenerationAsync(Customer customer, string generationId, CancellationToken cancellation = default) => _sender.RequireAsync(
        new Outgoing("GetGeneration", HttpMethod.Get, RequestPath.Of("generations", generationId), customer) { GenerationId = generationId }, ClientJson.Default.Generation, cancellation);

    /// <inheritdoc/>
    public Task<GenerationPage> GetGenerationsAsync(Customer customer, GenerationFilter? filter = null, string? cursor = null, CancellationToken cancellation = default)
    {
        var path = (filter ?? new GenerationFilter()).On(RequestPath.Of("generations")).With("cursor", cursor);
        return _sender.RequireAsync(new Outgoing("ListGenerations", HttpMethod.Get, path, customer), ClientJson.Default.GenerationPage, cancellation);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Generation> ListGenerationsAsync(Customer customer, GenerationFilter? filter = null, CancellationToken cancellation = default) => CursorPages.AllAsync(
        (cursor, stop) => GetGenerationsAsync(customer, filter, cursor, stop), page => page.Generations, page => page.NextCursor, cancellation);

    /// <inheritdoc/>
    public Task<Generation> CompleteAsync(string generationId, long? succeededUnits = null, CancellationToken cancellation = default) =>
        SettleAsync("Complete", generationId, "complete", new JsonObject().With("succeeded_units", succeededUnits), cancellation);

    /// <inheritdoc/>
    public Task<Generation> FailAsync(string generationId, string reason, CancellationToken cancellation = default) =>
        SettleAsync("Fail", generationId, "fail", new JsonObject { ["reason"] = reason }, cancellation);

    /// <inheritdoc/>
    public Task<Generation> HeartbeatAsync(string generationId, CancellationToken cancellation = default) =>
        SettleAsync("Heartbeat", generationId, "heartbeat", [], cancellation);

    /// <inheritdoc/>
    public Task<SettledItems> SettleAsync(IEnumerable<Settlement> items, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var body = new JsonObject { ["items"] = new JsonArray([.. items.Select(item => item.ToBody())]) };
        return _sender.RequireAsync(new Outgoing("Settle", HttpMethod.Post, RequestPath.Of("generations", "settle"), Body: body), ClientJson.Default.SettledItems, cancellation);
    }

    /// <inheritdoc/>
    public Task<Quote> QuoteAsync(Customer customer, GenerationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _sender.RequireAsync(new Outgoing("Quote", HttpMethod.Post, RequestPath.Of("generations", "quote"), customer, request.ToBody()), ClientJson.Default.Quote, cancellation);
    }

    /// <inheritdoc/>
    public Task<AdmitCheck> CheckAsync(Customer customer, GenerationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _sender.RequireAsync(new Outgoing("Check", HttpMethod.Post, RequestPath.Of("generations", "check"), customer, request.ToBody()), ClientJson.Default.AdmitCheck, cancellation);
    }

    /// <inheritdoc/>
    public Task<CreditBalance> GetCreditsAsync(Customer customer, string? workspaceId = null, CancellationToken cancellation = default) => _sender.RequireAsync(
        new Outgoing("GetCredits", HttpMethod.Get, RequestPath.Of("credits").With("workspaceId", workspaceId), customer), ClientJson.Default.CreditBalance, cancellation);

    /// <inheritdoc/>
    public Task<HistoryPage> GetHistoryAsync(Customer customer, HistoryFilter? filter = null, string? cursor = null, CancellationToken cancellation = default)
    {
        var path = (filter ?? new HistoryFilter()).On(RequestPath.Of("credits", "history")).With("cursor", cursor);
        return _sender.RequireAsync(new Outgoing("ListHistory", HttpMethod.Get, path, customer), ClientJson.Default.HistoryPage, cancellation);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<HistoryEntry> ListHistoryAsync(Customer customer, HistoryFilter? filter = null, CancellationToken cancellation = default) => CursorPages.AllAsync(
        (cursor, stop) => GetHistoryAsync(customer, filter, cursor, stop), page => page.Transactions, page => page.NextCursor, cancellation);

    /// <inheritdoc/>
    public Task<Refund> RequestRefundAsync(
        Customer customer, string generationId, string reason, string? note = null, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        var body = new JsonObject { ["generation_id"] = generationId, ["reason"] = reason }.With("note", note);
        var outgoing = new Outgoing("RequestRefund", HttpMethod.Post, RequestPath.Of("refunds"), customer, body, KeyOr(idempotencyKey)) { GenerationId = generationId };
        return _sender.RequireAsync(outgoing, ClientJson.Default.Refund, cancellation);
    }

    /// <inheritdoc/>
    public Task<Refund> GetRefundAsync(Customer customer, string refundId, CancellationToken cancellation = default) =>
        _sender.RequireAsync(new Outgoing("GetRefund", HttpMethod.Get, RequestPath.Of("refunds", refundId), customer), ClientJson.Default.Refund, cancellation);

    /// <inheritdoc/>
    public Task<VerifiedKey> VerifyKeyAsync(string apiKey, CancellationToken cancellation = default) => _sender.RequireAsync(
        new Outgoing("VerifyKey", HttpMethod.Post, RequestPath.Of("keys", "verify"), Body: new JsonObject { ["key"] = apiKey }), ClientJson.Default.VerifiedKey, cancellation);

    private static BillingClientOptions WithKey(BillingClientOptions? options, string serviceKey)
    {
        options ??= new BillingClientOptions();
        options.ServiceKey = serviceKey;
        return options;
    }

    private static string KeyOr(string? idempotencyKey) => idempotencyKey ?? Guid.NewGuid().ToString("N");

    // Settling is idempotent by itself, so it needs no Idempotency-Key; nor the customer's key: who admitted may settle.
    private Task<Generation> SettleAsync(string operation, string generationId, string verb, JsonObject body, CancellationToken cancellation) => _sender.RequireAsync(
        new Outgoing(operation, HttpMethod.Post, RequestPath.Of("generations", generationId, verb), Body: body) { GenerationId = generationId }, ClientJson.Default.Generation, cancellation);
}
