namespace Billing.Client;

/// <summary>The billing backend, as the seller's service calls it: what <see cref="BillingClient"/> does, and the in-memory fake of Billing.Client.Testing.</summary>
public interface IBillingClient
{
    /// <summary>May this customer generate this? Decided and charged in one step.</summary>
    /// <param name="customer">Who: an API key, as the customer sent it, or one of <see cref="Customer"/>.</param>
    /// <param name="request">What it wants.</param>
    /// <param name="idempotencyKey">Names the attempt: the same key is charged once, however often it is sent, also by another process. Null for a fresh one.</param>
    /// <param name="cancellation">Gives up waiting; what was sent may still be charged.</param>
    /// <exception cref="BillingException">The backend could not be reached, or answered what this client does not know.</exception>
    Task<Admission> AdmitAsync(Customer customer, GenerationRequest request, string? idempotencyKey = null, CancellationToken cancellation = default);

    /// <summary>The same for up to 1,000 generations in one charge.</summary>
    /// <exception cref="BillingRefusedException">The batch was refused as a whole.</exception>
    /// <inheritdoc cref="AdmitAsync"/>
    Task<Batch> AdmitBatchAsync(
        Customer customer, IEnumerable<GenerationRequest> items, BatchMode mode = BatchMode.AllOrNothing, string? idempotencyKey = null, CancellationToken cancellation = default);

    /// <summary>
    /// Admits, does the work while it keeps the generation alive, and settles by what the work returned or threw.
    /// </summary>
    /// <remarks>
    /// <para>What is promised:</para>
    /// <list type="bullet">
    /// <item>One idempotency key is charged at most once, whoever calls with it and however often.</item>
    /// <item>The work runs only after the charge is stored, and never when it was refused (<see cref="Run.Refused"/>).</item>
    /// <item>
    /// Where an earlier call with the same key has settled it, or it has expired since, the work does not run (<see cref="Run.AlreadySettled"/>). Where one
    /// has not, because its process died or is still at it, the work runs (again): it must bear being done twice. Of two that are at it at once the first
    /// to settle stands, and the other one is told <see cref="Run.Lost"/>.
    /// </item>
    /// <item>
    /// Of a process that died in between nothing is left to be done: the generation expires an hour after its last heartbeat (or what the catalog says) and is
    /// refunded, unless a call with the same key has taken it up by then.
    /// </item>
    /// <item>
    /// While the work runs, and until it is settled, heartbeats go out at a third of the time left. One that fails is tried again and does the work no harm.
    /// One that is told that the generation is over cancels the token of the work; that is <see cref="Run.Lost"/>, too.
    /// </item>
    /// <item>
    /// A work that throws is told as failed: for the reason of a <see cref="GenerationFailedException"/>, else for <see cref="FailReasons.ServerError"/>, which is
    /// refunded; also when <paramref name="cancellation"/> ended it. The exception then comes out of this call, whether that could be told or not.
    /// </item>
    /// <item>
    /// What the work delivered is told until the backend knows, for <see cref="BillingClientOptions.SettleWithin"/>; then a <see cref="BillingUnsettledException"/>
    /// says that it does not. A settlement whose answer was lost is found by reading the generation.
    /// </item>
    /// </list>
    /// <para>What is not: that the work runs only once, or that a customer is charged for what was delivered after the generation had expired.</para>
    /// </remarks>
    /// <param name="customer">Who.</param>
    /// <param name="request">What it wants.</param>
    /// <param name="work">Makes it. It gets the admitted generation, and a token that ends when the caller gives up or the generation is over.</param>
    /// <param name="idempotencyKey">Names the attempt; take one that a restarted process would take again, such as the id of the order. Null for a fresh one.</param>
    /// <param name="cancellation">Gives up: before the work, as <see cref="AdmitAsync"/> does; during the work, by its token. Settling is not given up, but tried only once more.</param>
    /// <exception cref="BillingUnsettledException">The work is done and the backend could not be told.</exception>
    /// <exception cref="BillingException">The backend could not be reached, or answered what this client does not know; the work has not begun.</exception>
    Task<Run> RunAsync(
        Customer customer, GenerationRequest request, Func<Generation, CancellationToken, Task<WorkOutcome>> work, string? idempotencyKey = null, CancellationToken cancellation = default);

    /// <summary>How a generation stands.</summary>
    /// <exception cref="BillingRefusedException">There is no such generation.</exception>
    Task<Generation> GetGenerationAsync(Customer customer, string generationId, CancellationToken cancellation = default);

    /// <summary>A page of the customer's generations, newest first.</summary>
    /// <param name="customer">Whose.</param>
    /// <param name="filter">Which of them; null for all.</param>
    /// <param name="cursor">Of the page before; null for the first one.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<GenerationPage> GetGenerationsAsync(Customer customer, GenerationFilter? filter = null, string? cursor = null, CancellationToken cancellation = default);

    /// <summary>All of the customer's generations, newest first, page by page as they are asked for.</summary>
    IAsyncEnumerable<Generation> ListGenerationsAsync(Customer customer, GenerationFilter? filter = null, CancellationToken cancellation = default);

    /// <summary>It was delivered. Fewer units than asked for: the rest is refunded.</summary>
    /// <exception cref="BillingRefusedException">There is no such generation, or it was settled otherwise (<see cref="ProblemCodes.AlreadySettled"/>).</exception>
    Task<Generation> CompleteAsync(string generationId, long? succeededUnits = null, CancellationToken cancellation = default);

    /// <summary>It failed, for one of <see cref="FailReasons"/>.</summary>
    /// <inheritdoc cref="CompleteAsync"/>
    Task<Generation> FailAsync(string generationId, string reason, CancellationToken cancellation = default);

    /// <summary>It is still running: it expires later.</summary>
    /// <inheritdoc cref="CompleteAsync"/>
    Task<Generation> HeartbeatAsync(string generationId, CancellationToken cancellation = default);

    /// <summary>Up to 1,000 at once, of whichever workspaces; each is decided alone, and what is refused of one costs the others nothing.</summary>
    /// <returns>What became of each, in order.</returns>
    /// <exception cref="BillingRefusedException">The request was refused as a whole.</exception>
    Task<SettledItems> SettleAsync(IEnumerable<Settlement> items, CancellationToken cancellation = default);

    /// <summary>What it would cost: a price that is kept for 15 minutes.</summary>
    /// <exception cref="BillingRefusedException">The parameters are wrong.</exception>
    Task<Quote> QuoteAsync(Customer customer, GenerationRequest request, CancellationToken cancellation = default);

    /// <summary>What <see cref="AdmitAsync"/> would decide now. It changes nothing, and promises nothing for later.</summary>
    /// <exception cref="BillingRefusedException">The parameters are wrong.</exception>
    Task<AdmitCheck> CheckAsync(Customer customer, GenerationRequest request, CancellationToken cancellation = default);

    /// <summary>What can be spent.</summary>
    /// <exception cref="BillingRefusedException">The key does not work, or may not see the workspace.</exception>
    Task<CreditBalance> GetCreditsAsync(Customer customer, string? workspaceId = null, CancellationToken cancellation = default);

    /// <summary>A page of the customer's ledger, newest first.</summary>
    /// <param name="customer">Whose.</param>
    /// <param name="filter">Which lines; null for all.</param>
    /// <param name="cursor">Of the page before; null for the first one.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<HistoryPage> GetHistoryAsync(Customer customer, HistoryFilter? filter = null, string? cursor = null, CancellationToken cancellation = default);

    /// <summary>All of the customer's ledger, newest first, page by page as it is asked for.</summary>
    IAsyncEnumerable<HistoryEntry> ListHistoryAsync(Customer customer, HistoryFilter? filter = null, CancellationToken cancellation = default);

    /// <summary>Asks for a refund that an operator decides.</summary>
    /// <param name="customer">Who asks.</param>
    /// <param name="generationId">Of which generation.</param>
    /// <param name="reason"><c>quality_issue | incorrect_charge | technical_problem</c>; others are not eligible.</param>
    /// <param name="note">What the customer says about it.</param>
    /// <param name="idempotencyKey">Names the attempt; null for a fresh one.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BillingRefusedException">It is not eligible, or there is one already.</exception>
    Task<Refund> RequestRefundAsync(Customer customer, string generationId, string reason, string? note = null, string? idempotencyKey = null, CancellationToken cancellation = default);

    /// <summary>How a refund stands.</summary>
    Task<Refund> GetRefundAsync(Customer customer, string refundId, CancellationToken cancellation = default);

    /// <summary>Authenticates a customer's API key and counts one request of it, for what costs no credits.</summary>
    Task<VerifiedKey> VerifyKeyAsync(string apiKey, CancellationToken cancellation = default);
}
