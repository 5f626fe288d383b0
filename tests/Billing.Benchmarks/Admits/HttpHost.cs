using System.Net;
using System.Net.Http.Headers;
using Billing.Testing;

namespace Billing.Benchmarks.Admits;

/// <summary>A Billing.Host process over a round's tables.</summary>
internal sealed class HttpHost(HostProcess process, string serviceKey) : IAsyncDisposable
{
    public static async Task<HttpHost> StartAsync(BenchmarkStorage storage, string connectionString)
    {
        const string ServiceKey = "sk_service_benchmark";
        var process = await HostProcess.StartAsync(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning",
            ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
            ["AzureWebJobsStorage"] = connectionString,
            ["Billing__TablePrefix"] = storage.TablePrefix,
            ["Billing__QueuePrefix"] = storage.QueuePrefix,
            ["Billing__ServiceKeys__0"] = ServiceKey,
            ["Billing__OperatorKeys__0"] = "sk_operator_benchmark",
        });
        return new HttpHost(process, ServiceKey);
    }

    /// <summary>Connections for so many clients, each its own.</summary>
    public HttpClient Connect(int clients) =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = clients, UseCookies = false, UseProxy = false }) { BaseAddress = process.Address };

    /// <summary>Admits and sees that it was accepted.</summary>
    public async Task AdmitAsync(HttpClient http, Customer customer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/generations") { Content = new ByteArrayContent(AdmitWork.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + serviceKey);
        request.Headers.TryAddWithoutValidation("X-Api-Key", customer.Key);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", AdmitWork.NewIdempotencyKey());
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (response.StatusCode != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"{(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(answer)}\n{string.Join('\n', process.Log)}");
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
