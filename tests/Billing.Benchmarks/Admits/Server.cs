using System.Net;
using System.Net.Http.Headers;
using Billing.Benchmarks.Measuring;
using Billing.Testing;

namespace Billing.Benchmarks.Admits;

/// <summary>A server process that answers POST /api/v1/generations, looked at from outside.</summary>
internal sealed class Server : IAsyncDisposable
{
    public const string ServiceKey = "sk_service_benchmark_5f2c91";
    public const string OperatorKey = "sk_operator_benchmark_8e07d4";

    /// <summary>The Host of this build: a project that refers to it has it, with all that it needs, beside itself.</summary>
    public static readonly string Host = Path.Combine(AppContext.BaseDirectory, "Billing.Host.dll");

    private readonly HostProcess _process;
    private readonly AllocationProbe _probe;

    private Server(HostProcess process, AllocationProbe probe)
    {
        _process = process;
        _probe = probe;
    }

    /// <summary>A Billing.Host of this build, or of an older one: the settings have had the same names since they are there.</summary>
    public static Task<Server> StartHostAsync(string assembly, string connectionString, string tablePrefix, string queuePrefix) =>
        StartAsync(assembly, [], new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = connectionString,
            ["Billing__TablePrefix"] = tablePrefix,
            ["Billing__QueuePrefix"] = queuePrefix,
            ["Billing__ServiceKeys__0"] = ServiceKey,
            ["Billing__OperatorKeys__0"] = OperatorKey,
        });

    /// <summary>Starts one.</summary>
    /// <param name="assembly">Path of its .dll.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="settings">Environment variables.</param>
    public static async Task<Server> StartAsync(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        var probe = new AllocationProbe();
        var all = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning",
            ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
        };
        foreach (var (name, value) in settings.Concat(probe.Settings))
        {
            all[name] = value;
        }

        return new Server(await HostProcess.StartAsync(assembly, arguments, all), probe);
    }

    /// <summary>Connections for so many clients, each its own.</summary>
    public HttpClient Connect(int clients) =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = clients, UseCookies = false, UseProxy = false }) { BaseAddress = _process.Address };

    /// <summary>Admits and sees that it was accepted.</summary>
    /// <returns>The answer.</returns>
    public Task<byte[]> AdmitAsync(HttpClient http, string customerKey, string? idempotencyKey = null) => AdmitAsync(http, customerKey, idempotencyKey, _process.Log);

    /// <summary>Admits and sees that it was accepted, whoever is at the other end of the connection.</summary>
    /// <param name="log">What it wrote, to be told when it was not.</param>
    public static async Task<byte[]> AdmitAsync(HttpClient http, string customerKey, string? idempotencyKey, IEnumerable<object> log)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/generations") { Content = new ByteArrayContent(AdmitWork.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + ServiceKey);
        request.Headers.TryAddWithoutValidation("X-Api-Key", customerKey);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey ?? AdmitWork.NewIdempotencyKey());
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        return response.StatusCode == HttpStatusCode.Created
            ? answer
            : throw new InvalidOperationException($"{(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(answer)}\n{string.Join('\n', log)}");
    }

    public Task<long> AllocatedAsync() => _probe.AskAsync();

    public TimeSpan ProcessorTime() => Measuring.ProcessorTime.Of(_process.ProcessId);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _probe.Dispose();
    }
}
