using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Billing.Benchmarks.Admits;
using Billing.Testing;

namespace Billing.Benchmarks.Rivals;

/// <summary>A Billing.Host of any build. Only it knows the shape of its rows, so its accounts are opened through it.</summary>
internal sealed class HostCandidate(string assembly, Azurite azurite)
{
    private const int AtOnce = 16;
    private const int Credits = 1_000_000;

    public async Task<Contender> StartAsync(int workspaces)
    {
        var prefix = "r" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        var server = await Server.StartHostAsync(assembly, azurite.ConnectionString, prefix, prefix + "-");
        using var http = server.Connect(AtOnce);
        return new Contender(server, await OpenAsync(http, workspaces), azurite.ProcessId, () => BenchmarkStorage.DropAsync(azurite.ConnectionString, prefix));
    }

    /// <summary>Opens accounts with more credits than any measure can spend.</summary>
    /// <returns>A customer key of each.</returns>
    public static async Task<ImmutableArray<string>> OpenAsync(HttpClient http, int workspaces)
    {
        var keys = new string[workspaces];
        await Parallel.ForAsync(0, workspaces, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, _) => keys[index] = await OpenOneAsync(http));
        return [.. keys];
    }

    private static async Task<string> OpenOneAsync(HttpClient http)
    {
        var account = await PostAsync(http, Server.OperatorKey, "admin/accounts", new()
        {
            ["product"] = Customers.Product,
            ["name"] = "Studio",
            ["email"] = "ada@example.com",
            ["plan"] = "enterprise",
            ["credits"] = Credits,
        });
        var session = await PostAsync(http, Server.OperatorKey, "admin/sessions", new() { ["account_id"] = (string)account["account_id"]! });
        var key = await PostAsync(http, (string)session["token"]!, "api-keys", new() { ["name"] = "Benchmark", ["environment"] = "production" });
        return (string)key["key"]!;
    }

    private static async Task<JsonNode> PostAsync(HttpClient http, string credential, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/" + path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"POST {path} answered {(int)response.StatusCode}: {text}");
    }
}
