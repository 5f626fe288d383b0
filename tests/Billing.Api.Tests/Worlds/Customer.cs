using System.Text.Json;
using Billing.Testing;

namespace Billing.Api.Tests.Worlds;

/// <summary>An account of one product, as its own clients and the generation service use it.</summary>
public sealed record Customer(World World, string Product, string AccountId, string WorkspaceId, string KeyId, string Key)
{
    /// <summary>With the API key.</summary>
    public Client Own => World.AnyoneAt(0).As(Key);

    public string SessionToken => World.SessionOf(AccountId);

    /// <summary>With the session token: never rate-limited.</summary>
    public Client Session => World.AnyoneAt(0).As(SessionToken);

    /// <summary>The generation service, with this customer's key.</summary>
    public Client Service => ServiceAt(0);

    public Client ServiceAt(int host) => World.Service(Key, host);

    /// <summary>The generation service, naming this customer's workspace.</summary>
    public Client Named => World.ServiceFor(WorkspaceId);

    /// <summary>The same in test mode.</summary>
    public Client NamedTest => World.ServiceFor(WorkspaceId, test: true);

    /// <summary>The same account with a key more.</summary>
    public async Task<Customer> WithKeyAsync(string environment = "production")
    {
        var key = (await Session.PostAsync("api-keys", Json.Of(new { name = "Key", environment }))).Is(201);
        return this with { KeyId = key.Text("id"), Key = key.Text("key") };
    }

    /// <summary>Signs in with the key.</summary>
    public async Task<Client> WithKeySessionAsync() => World.AnyoneAt(0).As((await Own.PostAsync("session")).Is(201).Text("token"));

    /// <summary>Gives this key another rate limit.</summary>
    public async Task<Customer> LimitedAsync(int limit)
    {
        (await World.Operator.PutAsync($"admin/api-keys/{KeyId}/rate-limit", Json.Of(new { limit }))).Is(200);
        return this;
    }

    public Task<Answer> TryAdmitAsync(string json, string? idempotencyKey = null) => Service.PostAsync("generations", json, idempotencyKey);

    public async Task<Answer> AdmitAsync(string json, string? idempotencyKey = null) => (await TryAdmitAsync(json, idempotencyKey)).Is(201);

    public async Task<Answer> CompleteAsync(Answer admitted, int? units = null) =>
        (await Service.PostAsync($"generations/{admitted.Text("id")}/complete", Json.Of(new { succeeded_units = units }))).Is(200);

    public async Task<Answer> FailAsync(Answer admitted, string reason = "server_error") =>
        (await Service.PostAsync($"generations/{admitted.Text("id")}/fail", Json.Of(new { reason }))).Is(200);

    public async Task<Answer> CreditsAsync() => (await Session.GetAsync($"credits?workspaceId={WorkspaceId}")).Is(200);

    public async Task<decimal> LeftAsync() => (await CreditsAsync()).Number("credits");

    /// <summary>The newest entries of the ledger.</summary>
    public async Task<Answer> HistoryAsync(string query = "limit=200") => (await Session.GetAsync($"credits/history?{query}&workspaceId={WorkspaceId}")).Is(200);

    /// <summary>The whole ledger, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> EntriesAsync()
    {
        var entries = new List<JsonElement>();
        for (var (page, more) = (await HistoryAsync(), true); more;)
        {
            entries.AddRange(page.At("transactions").EnumerateArray());
            more = page.Text("next_cursor") != "null";
            page = more ? await HistoryAsync($"limit=200&cursor={page.Text("next_cursor")}") : page;
        }

        return entries;
    }

    /// <summary>Waits until this much is left.</summary>
    public Task<Answer> SeesCreditsAsync(decimal credits) => Eventually.SeeAsync(CreditsAsync, seen => seen.Number("credits") == credits);

    /// <summary>Waits until every refund that is owed was carried out.</summary>
    public Task RefundedAsync() => Eventually.SeeAsync(() => AdminAsync(HttpMethod.Get, ""), seen => seen.Number("account.pending_refunds") == 0);

    /// <summary>Sees that the ledger adds up to the account.</summary>
    public async Task AuditAsync()
    {
        var audit = await AdminAsync(HttpMethod.Get, "audit");
        Assert.True(audit.Text("ok") == "true" && audit.Number("ledger_balance") == audit.Number("balance"), audit.ToString());
    }

    /// <summary>An operator's request about the workspace.</summary>
    public async Task<Answer> AdminAsync(HttpMethod method, string path, object? body = null, int status = 200) =>
        (await World.Operator.SendAsync(method, $"admin/workspaces/{WorkspaceId}/{path}".TrimEnd('/'), body is null ? null : Json.Of(body))).Is(status);

    public Task<Answer> SubscribeAsync(string plan, decimal? credits = null, string? startedAt = null) =>
        AdminAsync(HttpMethod.Put, "subscription", new { plan, credits, started_at = startedAt });

    public Task<Answer> PayAsync(string status) => AdminAsync(HttpMethod.Post, "payments", new { status, reference = $"pi_{Guid.NewGuid():N}" });

    public Task<Answer> TopUpAsync(decimal credits, string? reference = null) =>
        AdminAsync(HttpMethod.Post, "top-ups", new { credits, reference = reference ?? $"ch_{Guid.NewGuid():N}" }, 201);

    public Task<Answer> GrantAsync(decimal credits, string? expiresAt = null) =>
        AdminAsync(HttpMethod.Post, "grants", new { credits, expires_at = expiresAt, reason = "Goodwill" }, 201);
}
