using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Billing.Dev;

/// <summary>One demo workspace per product, made through the operator API, and how to use it.</summary>
internal static class Demo
{
    // Known to everybody, and only ever given to a host that listens on this machine.
    public const string ServiceKey = "dev-service-key";
    public const string OperatorKey = "dev-operator-key";
    public const string SigningKey = "dev-signing-key-0123456789abcdef0123456789abcdef";

    private static readonly (string Product, string Plan)[] Products = [("bloom", "plus"), ("bluma", "starter"), ("gleam", "pro")];
    private static readonly string Remembered = Command.Artifacts("demo.json");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task ShowAsync(HttpClient client, CancellationToken cancellation)
    {
        var remembered = File.Exists(Remembered) ? JsonNode.Parse(await File.ReadAllTextAsync(Remembered, cancellation))!.AsObject() : [];
        var keys = new JsonObject();
        foreach (var (product, plan) in Products)
        {
            keys[product] = await KeyAsync(client, product, plan, (string?)remembered[product], cancellation);
        }

        await File.WriteAllTextAsync(Remembered, keys.ToJsonString(Indented), cancellation);
        await PrintAsync(client, keys, cancellation);
    }

    // A key is shown once, so the one of the last run is kept for as long as it works.
    private static async Task<string> KeyAsync(HttpClient client, string product, string plan, string? remembered, CancellationToken cancellation)
    {
        if (remembered is not null && await WorksAsync(client, remembered, cancellation))
        {
            return remembered;
        }

        var account = await FindAccountAsync(client, product, cancellation) ?? await CreateAccountAsync(client, product, plan, cancellation);
        var session = await PostAsync(client, OperatorKey, "admin/sessions", new() { ["account_id"] = account }, cancellation);
        var key = await PostAsync(client, (string)session["token"]!, "api-keys", new() { ["name"] = "Demo", ["environment"] = "production" }, cancellation);
        return (string)key["key"]!;
    }

    private static async Task<bool> WorksAsync(HttpClient client, string key, CancellationToken cancellation) =>
        await BalanceAsync(client, key, cancellation) is not null;

    private static async Task<JsonObject?> BalanceAsync(HttpClient client, string key, CancellationToken cancellation)
    {
        using var response = await SendAsync(client, HttpMethod.Get, key, "credits", null, cancellation);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonObject>(cancellation) : null;
    }

    private static async Task<string?> FindAccountAsync(HttpClient client, string product, CancellationToken cancellation)
    {
        using var response = await SendAsync(client, HttpMethod.Get, OperatorKey, $"admin/accounts?external_id=demo-{product}", null, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        var found = await response.Content.ReadFromJsonAsync<JsonObject>(cancellation);
        return (string?)((found!["accounts"] as JsonArray)?.FirstOrDefault() ?? found)?["account_id"];
    }

    private static async Task<string> CreateAccountAsync(HttpClient client, string product, string plan, CancellationToken cancellation)
    {
        Progress.Say($"Creating a demo workspace for {product}");
        var account = await PostAsync(client, OperatorKey, "admin/accounts", new()
        {
            ["product"] = product,
            ["plan"] = plan,
            ["name"] = $"Demo {product}",
            ["email"] = $"demo@{product}.example",
            ["external_id"] = $"demo-{product}",
        }, cancellation);
        return (string)account["account_id"]!;
    }

    private static async Task<JsonObject> PostAsync(HttpClient client, string credential, string path, JsonObject body, CancellationToken cancellation)
    {
        using var response = await SendAsync(client, HttpMethod.Post, credential, path, body, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new InvalidOperationException($"POST {path} answered {(int)response.StatusCode}: {text}");
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string credential, string path, JsonObject? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri($"api/v1/{path}", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        request.Content = body is null ? null : JsonContent.Create(body);
        return await client.SendAsync(request, cancellation);
    }

    // Double quotes only: the curl lines work when pasted into a Windows prompt, too.
    private static async Task PrintAsync(HttpClient client, JsonObject keys, CancellationToken cancellation)
    {
        var address = client.BaseAddress!;
        var bloom = (string)keys["bloom"]!;
        var account = await FindAccountAsync(client, "bloom", cancellation);
        var session = await PostAsync(client, OperatorKey, "admin/sessions", new() { ["account_id"] = account }, cancellation);
        var balance = await BalanceAsync(client, bloom, cancellation);
        Console.WriteLine($"""

            Customer keys    {string.Join("\n                 ", keys.Select(key => $"{key.Key}  {key.Value}"))}
            Service key      {ServiceKey}
            Operator key     {OperatorKey}
            Dashboard        {address}dashboard
            Operator         {address}operator
            API reference    {address}reference

            The documents' variables, for a shell like bash ({balance!["credits"]} credits are left):

            export SERVICE_KEY={ServiceKey} OPERATOR_KEY={OperatorKey} CUSTOMER_KEY={bloom}
            export SESSION_TOKEN={session["token"]} ACCOUNT={account} WORKSPACE={balance["workspace_id"]}

            Admit a generation, read the balance, read the history:

            curl -s {address}api/v1/generations -H "Authorization: Bearer {ServiceKey}" -H "X-Api-Key: {bloom}" -H "Content-Type: application/json" -d "{Escaped("size", "4K")}"
            curl -s {address}api/v1/credits -H "Authorization: Bearer {bloom}"
            curl -s {address}api/v1/credits/history -H "Authorization: Bearer {bloom}"

            """);
    }

    private static string Escaped(string name, string value) => $$"""{\"{{name}}\":\"{{value}}\"}""";
}
