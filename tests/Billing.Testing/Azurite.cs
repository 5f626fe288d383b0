using System.Diagnostics;

namespace Billing.Testing;

/// <summary>
/// One Azurite process: blob, queue and table services on loopback. It ends when disposed, and with the process that
/// started it however that one ends, because its standard input closes then.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string Host = "127.0.0.1";
    // Published with every Azure storage emulator; opens nothing else.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<Azurite>> OnePerProcess = new(() => StartAsync());

    private readonly Process _process;

    private Azurite(Process process, IReadOnlyDictionary<string, Uri> services)
    {
        _process = process;
        ConnectionString = string.Join(';', services.Select(service => $"{service.Key}Endpoint={service.Value}{Account}")
            .Prepend($"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key}"));
    }

    /// <summary>The one that all tests of this process share. Tests keep apart by names of tables, queues and workspaces of their own.</summary>
    public static Task<Azurite> Shared => OnePerProcess.Value;

    /// <summary>The storage connection string, as <c>AzureWebJobsStorage</c> takes it.</summary>
    public string ConnectionString { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts one and returns when all three services listen.</summary>
    /// <param name="folder">Where it keeps its data; null for memory only.</param>
    /// <param name="firstPort">The blob port, with queue and table on the next two; 0 for three free ports.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="InvalidOperationException">Node is missing, or Azurite ended (a port is taken) or did not listen in time.</exception>
    public static async Task<Azurite> StartAsync(string? folder = null, int firstPort = 0, CancellationToken cancellation = default)
    {
        await AzuriteInstallation.EnsureAsync(cancellation);
        var process = NodePackages.Start(Command(folder, firstPort));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        try
        {
            return new Azurite(process, await ListeningAsync(process, limit.Token));
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await EndAsync(_process);

    private static ProcessStartInfo Command(string? folder, int firstPort)
    {
        var ports = Enumerable.Range(firstPort, 3).Select(port => firstPort == 0 ? "0" : $"{port}").ToArray();
        string[] persistence = folder is null ? ["--inMemoryPersistence"] : ["--location", folder];
        return new("node",
        [
            AzuriteInstallation.Script,
            "--blobHost", Host, "--queueHost", Host, "--tableHost", Host,
            "--blobPort", ports[0], "--queuePort", ports[1], "--tablePort", ports[2],
            "--silent", "--skipApiVersionCheck", "--disableTelemetry",
            .. persistence,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    // "Azurite Table service is successfully listening at http://127.0.0.1:36363": the only place that tells a free port it took.
    private static async Task<Dictionary<string, Uri>> ListeningAsync(Process process, CancellationToken cancellation)
    {
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var services = new Dictionary<string, Uri>();
        while (services.Count < 3)
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellation)
                ?? throw new InvalidOperationException($"Azurite ended before it listened: {await errors}");
            if (line.Split(' ') is ["Azurite", var service, "service", "is", "successfully", "listening", "at", var address])
            {
                services.Add(service, new Uri(address));
            }
        }

        // Read on, or its next line would block it.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return services;
    }

    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }
    }
}
