using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Billing.Client;

/// <summary>The billing backend, as the seller's generation service calls it. Thread-safe; one instance serves a process.</summary>
/// <param name="http">With the backend's address as its base address. Its time-out bounds one try.</param>
/// <param name="serviceKey">The service's own key.</param>
/// <param name="options">How to retry.</param>
public sealed class BillingClient(HttpClient http, string serviceKey, BillingClientOptions? options = null)
{
    private readonly Sender _sender = new(http, serviceKey, options ?? new BillingClientOptions());

    /// <summary>May this customer generate this? Decided and charged in one step.</summary>
    /// <param name="customer">The customer's API key, as it sent it, or <see cref="Customer.OfWorkspace"/>.</param>
    /// <param name="request">What it wants.</param>
    /// <param name="idempotencyKey">Names the attempt: the same key is charged once, however often it is sent, also by another process. Null for a fresh one.</param>
    /// <param name="cancellation">Gives up waiting; what was sent may still be charged.</param>
    /// <exception cref="BillingException">The backend could not be reached, or answered what this client does not know.</exception>
    public async Task<Admission> AdmitAsync(Customer customer, GenerationRequest request, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (generation, problem) = await _sender.SendAsync(
            new Outgoing(HttpMethod.Post, "generations", customer, request.ToBody(), idempotencyKey ?? NewKey()), ClientJson.Default.Generation, cancellation).ConfigureAwait(false);
        return generation is not null ? new Admission.Admitted(generation) : new Admission.Refused(problem!);
    }

    /// <summary>The same for up to 1,000 generations in one charge.</summary>
    /// <exception cref="BillingRefusedException">The batch was refused as a whole.</exception>
    /// <inheritdoc cref="AdmitAsync"/>
    public Task<Batch> AdmitBatchAsync(
        Customer customer, IEnumerable<GenerationRequest> items, BatchMode mode = BatchMode.AllOrNothing, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var body = new JsonObject
        {
            ["mode"] = mode == BatchMode.AllOrNothing ? "all_or_nothing" : "best_effort",
            ["items"] = new JsonArray([.. items.Select(item => item.ToBody())]),
        };
        return RequireAsync(new Outgoing(HttpMethod.Post, "generations/batch", customer, body, idempotencyKey ?? NewKey()), ClientJson.Default.Batch, cancellation);
    }

    /// <summary>How a generation stands.</summary>
    /// <exception cref="BillingRefusedException">There is no such generation.</exception>
    public Task<Generation> GetGenerationAsync(Customer customer, string generationId, CancellationToken cancellation = default) =>
        RequireAsync(new Outgoing(HttpMethod.Get, PathOf(generationId), customer), ClientJson.Default.Generation, cancellation);

    /// <summary>It was delivered. Fewer units than asked for: the rest is refunded.</summary>
    /// <exception cref="BillingRefusedException">There is no such generation, or it was settled otherwise (<see cref="ProblemCodes.AlreadySettled"/>).</exception>
    public Task<Generation> CompleteAsync(string generationId, long? succeededUnits = null, CancellationToken cancellation = default) =>
        SettleAsync(generationId, "complete", succeededUnits is { } units ? new JsonObject { ["succeeded_units"] = units } : [], cancellation);

    /// <summary>It failed, for one of <see cref="FailReasons"/>.</summary>
    /// <inheritdoc cref="CompleteAsync"/>
    public Task<Generation> FailAsync(string generationId, string reason, CancellationToken cancellation = default) =>
        SettleAsync(generationId, "fail", new JsonObject { ["reason"] = reason }, cancellation);

    /// <summary>Up to 1,000 at once, of whichever workspaces; each is decided alone, and what is refused of one costs the others nothing.</summary>
    /// <returns>What became of each, in order.</returns>
    /// <exception cref="BillingRefusedException">The request was refused as a whole.</exception>
    public async Task<IReadOnlyList<SettledItem>> SettleAsync(IEnumerable<Settlement> items, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var body = new JsonObject { ["items"] = new JsonArray([.. items.Select(item => item.ToBody())]) };
        return (await RequireAsync(new Outgoing(HttpMethod.Post, "generations/settle", Body: body), ClientJson.Default.SettledItems, cancellation).ConfigureAwait(false)).Results;
    }

    /// <summary>It is still running: it expires later.</summary>
    /// <inheritdoc cref="CompleteAsync"/>
    public Task<Generation> HeartbeatAsync(string generationId, CancellationToken cancellation = default) =>
        SettleAsync(generationId, "heartbeat", [], cancellation);

    /// <summary>What it would cost: a price that is kept for 15 minutes.</summary>
    /// <exception cref="BillingRefusedException">The parameters are wrong.</exception>
    public Task<Quote> QuoteAsync(Customer customer, GenerationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RequireAsync(new Outgoing(HttpMethod.Post, "generations/quote", customer, request.ToBody()), ClientJson.Default.Quote, cancellation);
    }

    /// <summary>What <see cref="AdmitAsync"/> would decide now. It changes nothing, and promises nothing for later.</summary>
    /// <exception cref="BillingRefusedException">The parameters are wrong.</exception>
    public Task<Check> CheckAsync(Customer customer, GenerationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RequireAsync(new Outgoing(HttpMethod.Post, "generations/check", customer, request.ToBody()), ClientJson.Default.Check, cancellation);
    }

    /// <summary>What can be spent.</summary>
    /// <exception cref="BillingRefusedException">The key does not work, or may not see the workspace.</exception>
    public Task<CreditBalance> GetCreditsAsync(Customer customer, string? workspaceId = null, CancellationToken cancellation = default)
    {
        var path = workspaceId is null ? "credits" : $"credits?workspaceId={Uri.EscapeDataString(workspaceId)}";
        return RequireAsync(new Outgoing(HttpMethod.Get, path, customer), ClientJson.Default.CreditBalance, cancellation);
    }

    private static string NewKey() => Guid.NewGuid().ToString("N");

    private static string PathOf(string generationId)
    {
        ArgumentException.ThrowIfNullOrEmpty(generationId);
        return $"generations/{Uri.EscapeDataString(generationId)}";
    }

    // Settling is idempotent by itself, so it needs no Idempotency-Key; nor the customer's key: who admitted may settle.
    private Task<Generation> SettleAsync(string generationId, string verb, JsonObject body, CancellationToken cancellation) =>
        RequireAsync(new Outgoing(HttpMethod.Post, $"{PathOf(generationId)}/{verb}", Body: body), ClientJson.Default.Generation, cancellation);

    private async Task<T> RequireAsync<T>(Outgoing outgoing, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var (value, problem) = await _sender.SendAsync(outgoing, type, cancellation).ConfigureAwait(false);
        return value ?? throw new BillingRefusedException(problem!);
    }
}
