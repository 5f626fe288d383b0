using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.Client.Testing.InProcess;

namespace Billing.Client.Testing;

/// <summary>
/// The billing backend in memory, for tests. It implements nothing again: the real rules, engine and API run in this process, over storage in memory, on a
/// clock of the test's. No socket and no file is in it, real time decides nothing, and each one is a world of its own.
/// </summary>
/// <example>
/// <code>
/// await using var billing = BillingFake.Start();
/// var account = await billing.Operator.CreateAccountAsync(new NewAccount("bloom", "Ada", "ada@example.com") { ExternalId = "user-42" });
/// var admission = await billing.Client.AdmitAsync(Customer.OfExternalId("user-42"), request);
/// await billing.AdvanceAsync(TimeSpan.FromHours(2)); // nobody settled it: it has expired and is refunded
/// </code>
/// </example>
public sealed class BillingFake : IAsyncDisposable
{
    /// <summary>The key of the seller's service.</summary>
    public const string ServiceKey = "sk_service_of_the_fake_0123456789abcdef";

    /// <summary>An operator's key.</summary>
    public const string OperatorKey = "sk_operator_of_the_fake_0123456789abcdef";

    private readonly Backend _backend;
    private readonly HttpClient _http;

    private BillingFake(BillingFakeOptions options)
    {
        Clock = new FakeClock(options.Now);
        _backend = new Backend(options, Clock);
        _http = CreateHttpClient();
        // Whoever has to wait is told so at once: this clock moves for nobody who waits.
        Client = new BillingClient(_http, ServiceKey, new BillingClientOptions { Clock = Clock, LongestWait = TimeSpan.Zero });
        Operator = new BillingOperator(_http, OperatorKey, new BillingOperatorOptions { Clock = Clock, LongestWait = TimeSpan.Zero });
    }

    /// <summary>The backend's address; nothing listens there.</summary>
    public static Uri Address { get; } = new("https://billing.example/");

    /// <summary>What the service under test is given.</summary>
    public IBillingClient Client { get; }

    /// <summary>What a test sets its scene with.</summary>
    public IBillingOperator Operator { get; }

    /// <summary>The one clock, of the backend and of its clients here.</summary>
    public FakeClock Clock { get; }

    /// <summary>Deliveries to webhooks so far, oldest first.</summary>
    public IReadOnlyCollection<SentWebhook> Webhooks => _backend.Sent;

    /// <summary>Starts one.</summary>
    public static BillingFake Start(Action<BillingFakeOptions>? configure = null)
    {
        var options = new BillingFakeOptions();
        configure?.Invoke(options);
        return new BillingFake(options);
    }

    /// <summary>Moves the clock, lets whoever waits on it act on the way, and then does what is due.</summary>
    /// <param name="time">By how much.</param>
    public async Task AdvanceAsync(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        await new Advance(Clock, _backend.Handler).ToAsync(Clock.GetUtcNow() + time).ConfigureAwait(false);
        await RunDueAsync().ConfigureAwait(false);
    }

    /// <summary>Does what timers and queues would have done by now: renewals, expirations, invoices, refunds, deliveries.</summary>
    public Task RunDueAsync() => _backend.RunDueAsync();

    /// <summary>An API key of an account's, which a customer would have made in its dashboard.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="testMode">True for a test key.</param>
    /// <param name="workspaceId">A team's workspace to make it for; null for the account's own.</param>
    public async Task<string> CreateApiKeyAsync(string accountId, bool testMode = false, string? workspaceId = null)
    {
        var session = await Operator.CreateSessionAsync(accountId).ConfigureAwait(false);
        var body = new JsonObject { ["name"] = "Key", ["environment"] = testMode ? "test" : "production" };
        if (workspaceId is not null)
        {
            body["workspace_id"] = workspaceId;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/api-keys") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
        using var response = await _http.SendAsync(request).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return (string)(await response.Content.ReadFromJsonAsync<JsonObject>().ConfigureAwait(false))!["key"]!;
    }

    /// <summary>A connection to it, for what no method of the clients does.</summary>
    public HttpClient CreateHttpClient() => new(CreateHandler(), disposeHandler: false) { BaseAddress = Address };

    /// <summary>
    /// The same as a handler, to put others around: such as the innermost one of a client of your own
    /// (<c>AddBillingClient(…).ConfigurePrimaryHttpMessageHandler(billing.CreateHandler)</c>), or one that loses answers.
    /// </summary>
    public HttpMessageHandler CreateHandler() => _backend.Handler;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _backend.DisposeAsync().ConfigureAwait(false);
    }
}
