using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using Billing.Benchmarks.Admits;
using Billing.Benchmarks.Rivals;
using Billing.FunctionsHost;
using Billing.Testing;

namespace Billing.Benchmarks.Workers;

/// <summary>A published worker of any build over tables of its own.</summary>
internal sealed class WorkerApp(string folder, Azurite azurite)
{
    private const string SigningKey = "8d1f0c6b2a97e4530f6a9c1d7b48e2a5";
    private readonly string _prefix = "w" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>Customer keys of the workspaces that were opened.</summary>
    public ImmutableArray<string> CustomerKeys { get; set; } = [];

    /// <param name="environment">Development makes the tables; Production starts as in Azure.</param>
    public async Task<RunningWorker> StartAsync(string environment)
    {
        var began = Stopwatch.GetTimestamp();
        return new RunningWorker(this, began, await WorkerProcess.StartAsync(folder, new Dictionary<string, string>
        {
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = environment,
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["Billing__TablePrefix"] = _prefix,
            ["Billing__ServiceKeys__0"] = Server.ServiceKey,
            ["Billing__OperatorKeys__0"] = Server.OperatorKey,
            ["Billing__SigningKeys__0"] = SigningKey,
            ["Billing__SigningKey"] = SigningKey, // as builds before knew it
        }));
    }

    public Task EndAsync() => BenchmarkStorage.DropAsync(azurite.ConnectionString, _prefix);
}

/// <summary>One that runs.</summary>
internal sealed class RunningWorker(WorkerApp app, long began, WorkerProcess process) : IAsyncDisposable
{
    private const int AtOnce = 16;

    public HttpClient Connect(int clients) => process.Connect(clients);

    public TimeSpan ProcessorTime() => Measuring.ProcessorTime.Of(process.ProcessId);

    public async Task OpenAsync(int workspaces)
    {
        using var http = Connect(AtOnce);
        app.CustomerKeys = await HostCandidate.OpenAsync(http, workspaces);
    }

    /// <summary>What the first callers of a cold start wait for.</summary>
    public async Task<ColdStart> FirstAsync()
    {
        using var http = Connect(1);
        using var plans = await http.GetAsync(new Uri($"api/v1/plans?product={Customers.Product}", UriKind.Relative));
        plans.EnsureSuccessStatusCode();
        var answer = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var cpu = ProcessorTime();
        await AdmitAsync(http, 0);
        return new ColdStart(answer, Stopwatch.GetElapsedTime(began).TotalMilliseconds, cpu.TotalMilliseconds, ProcessorTime().TotalMilliseconds);
    }

    /// <summary>Admits for one of the workspaces and sees that it was accepted.</summary>
    public Task AdmitAsync(HttpClient http, int number) =>
        Server.AdmitAsync(http, app.CustomerKeys[number % app.CustomerKeys.Length], null, process.Log);

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
