using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Billing.FunctionsHost.Protocol;
using Billing.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.FunctionsHost;

/// <summary>
/// A worker under a stand-in for the Functions host, which is not everywhere: the built Billing.Functions as a process of its own, spoken to as the
/// host would. It ends when disposed, and with this process.
/// </summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private const int MostBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly Uri Address = new("http://127.0.0.1:7071");
    private readonly ConcurrentQueue<string> _output = new();
    private readonly WorkerStream _stream;
    private readonly WebApplication _host;
    private readonly Process _process;

    private WorkerProcess(WebApplication host, Process process, WorkerStream stream)
    {
        (_host, _process, _stream) = (host, process, stream);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _stream.Fail(new InvalidOperationException($"The worker ended:\n{string.Join('\n', _output)}"));
        _process.EnableRaisingEvents = true;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The functions it said it has.</summary>
    public ImmutableArray<RpcFunctionMetadata> Functions { get; private set; } = [];

    /// <summary>What it logged through the host so far.</summary>
    public IReadOnlyCollection<RpcLog> Log => _stream.Log;

    /// <summary>Where it takes requests from the host.</summary>
    private Uri HttpAddress { get; set; } = Address;

    /// <summary>Starts one and returns when its functions are loaded.</summary>
    /// <param name="folder">Where its Billing.Functions.dll is.</param>
    /// <param name="settings">Environment variables.</param>
    /// <exception cref="InvalidOperationException">It ended; the message has what it wrote.</exception>
    public static async Task<WorkerProcess> StartAsync(string folder, IReadOnlyDictionary<string, string> settings)
    {
        var stream = new WorkerStream();
        var host = await ListenAsync(stream);
        var worker = new WorkerProcess(host, Process.Start(Command(folder, host.Urls.Single(), settings))!, stream);
        try
        {
            await ProcessReaper.WatchAsync(worker.ProcessId);
            await worker.LoadAsync(folder).WaitAsync(StartLimit);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connections for so many clients; what is sent goes the way of an HTTP trigger.</summary>
    public HttpClient Connect(int clients) =>
        new(new HttpTriggers(this, new SocketsHttpHandler { MaxConnectionsPerServer = clients, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null }))
        {
            BaseAddress = HttpAddress,
        };

    /// <summary>Runs a function that is triggered otherwise.</summary>
    /// <param name="name">The function's.</param>
    /// <param name="parameter">The name of what it is given.</param>
    /// <param name="data">What it is given: a message's text, a timer's JSON.</param>
    /// <param name="metadata">What the host knows besides, as text.</param>
    /// <exception cref="InvalidOperationException">It failed; the message is the worker's.</exception>
    public Task InvokeAsync(string name, string parameter, TypedData data, IReadOnlyDictionary<string, string> metadata)
    {
        var invocation = NewInvocation(Functions.Single(function => function.Name == name));
        invocation.InputData.Add(new ParameterBinding { Name = parameter, Data = data });
        foreach (var (key, value) in metadata)
        {
            invocation.TriggerMetadata[key] = new TypedData { String = value };
        }

        return InvokeAsync(invocation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await ProcessReaper.ForgetAsync(ProcessId);
        _process.Dispose();
        await _host.DisposeAsync();
    }

    internal static InvocationRequest NewInvocation(RpcFunctionMetadata function) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        FunctionId = function.FunctionId,
        TraceContext = new RpcTraceContext { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00" },
    };

    internal async Task InvokeAsync(InvocationRequest invocation)
    {
        var answer = await _stream.AskAsync(new StreamingMessage { InvocationRequest = invocation });
        Succeeded(answer.InvocationResponse.Result);
    }

    private static async Task<WebApplication> ListenAsync(WorkerStream stream)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = MostBytes);
        builder.Services.AddSingleton(stream);
        var host = builder.Build();
        host.UseRouting();
        host.MapGrpcService<WorkerStream>();
        await host.StartAsync();
        return host;
    }

    private static ProcessStartInfo Command(string folder, string address, IReadOnlyDictionary<string, string> settings)
    {
        var (worker, request) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var command = new ProcessStartInfo("dotnet",
        [
            Path.Combine(folder, "Billing.Functions.dll"),
            "--host", "127.0.0.1", "--port", $"{new Uri(address).Port}", "--workerId", worker, "--requestId", request, "--grpcMaxMessageLength", $"{MostBytes}",
            "--functions-uri", address, "--functions-worker-id", worker, "--functions-request-id", request, "--functions-grpc-max-message-length", $"{MostBytes}",
        ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => (string)variable.Key).Where(IsSetting))
        {
            command.Environment.Remove(name);
        }

        command.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        command.Environment["FUNCTIONS_WORKER_DIRECTORY"] = folder;
        command.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = folder;
        foreach (var (name, value) in settings)
        {
            command.Environment[name] = value;
        }

        return command;
    }

    private static bool IsSetting(string name) => new[] { "Billing__", "ASPNETCORE_", "AZURE_FUNCTIONS_", "AzureWebJobsStorage", "Logging__" }
        .Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static void Succeeded(StatusResult result)
    {
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new InvalidOperationException(result.Exception?.Message ?? $"{result.Status}");
        }
    }

    private async Task LoadAsync(string folder)
    {
        await _stream.Started;
        var started = await _stream.AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.0.0", WorkerDirectory = folder, FunctionAppDirectory = folder },
        });
        Succeeded(started.WorkerInitResponse.Result);
        HttpAddress = new Uri(started.WorkerInitResponse.Capabilities["HttpUri"]);
        var index = await _stream.AskAsync(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = folder } });
        Succeeded(index.FunctionMetadataResponse.Result);
        Functions = [.. index.FunctionMetadataResponse.FunctionMetadataResults];
        foreach (var loaded in await Task.WhenAll(Functions.Select(LoadAsync)))
        {
            Succeeded(loaded.FunctionLoadResponse.Result);
        }
    }

    private Task<StreamingMessage> LoadAsync(RpcFunctionMetadata function) =>
        _stream.AskAsync(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function } });

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
