using System.Diagnostics;
using System.Net.Sockets;
using Billing.Testing;

namespace Billing.Dev;

/// <summary>Storage, the API and demo workspaces on this machine.</summary>
internal static class LocalRun
{
    private const int Port = 7071;
    private const int FirstStoragePort = 10000;
    private static readonly Uri Address = new($"http://localhost:{Port}");
    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (Answers(Port))
        {
            return Progress.Fail($"Something answers on {Address} already. End it first.");
        }

        var storage = StartStorageAsync(cancellation); // meanwhile the rest builds
        await Solution.BuildAsync("src/Billing.Host/Billing.Host.csproj", cancellation);
        await using var azurite = await storage;

        Progress.Say($"Starting Billing.Host on {Address}");
        using var host = Process.Start(HostCommand())!;
        try
        {
            using var client = new HttpClient { BaseAddress = Address };
            await HealthyAsync(client, host, cancellation);
            await Demo.ShowAsync(client, cancellation);
            Progress.Say("Ready. Ctrl+C ends it.");
            await host.WaitForExitAsync(cancellation);
            return Progress.Fail($"Billing.Host ended with {host.ExitCode}.");
        }
        finally
        {
            await EndAsync(host);
        }
    }

    private static async Task<Azurite?> StartStorageAsync(CancellationToken cancellation)
    {
        if (Enumerable.Range(FirstStoragePort, 3).Any(Answers))
        {
            Progress.Say($"Using the storage that answers on ports {FirstStoragePort} to {FirstStoragePort + 2}");
            return null;
        }

        var azurite = await Azurite.StartAsync(Command.Artifacts("azurite"), FirstStoragePort, cancellation);
        Progress.Say($"Azurite listens on ports {FirstStoragePort} to {FirstStoragePort + 2}; its data is in artifacts/azurite");
        return azurite;
    }

    private static bool Answers(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static ProcessStartInfo HostCommand()
    {
        var folder = Path.Combine(Repository.Root, "src", "Billing.Host");
        var command = new ProcessStartInfo("dotnet", [Path.Combine(folder, "bin", "Debug", "net10.0", "Billing.Host.dll")]) { WorkingDirectory = folder };
        command.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        command.Environment["ASPNETCORE_URLS"] = Address.ToString();
        command.Environment["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning"; // or the keys scroll away
        command.Environment["AzureWebJobsStorage"] = "UseDevelopmentStorage=true";
        command.Environment["Billing__ServiceKeys__0"] = Demo.ServiceKey;
        command.Environment["Billing__OperatorKeys__0"] = Demo.OperatorKey;
        command.Environment["Billing__SigningKey"] = Demo.SigningKey;
        return command;
    }

    private static async Task HealthyAsync(HttpClient client, Process host, CancellationToken cancellation)
    {
        var started = Stopwatch.StartNew();
        while (!await IsHealthyAsync(client, cancellation))
        {
            if (host.HasExited || started.Elapsed > HealthLimit)
            {
                throw new InvalidOperationException($"Billing.Host is not healthy after {started.Elapsed.TotalSeconds:0} s: see {Address}health and the lines above.");
            }

            await Task.Delay(200, cancellation);
        }
    }

    private static async Task<bool> IsHealthyAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("health", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // Ctrl+C in a terminal reached the host as well: let it finish what it answers.
    private static async Task EndAsync(Process host)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await host.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            host.Kill(entireProcessTree: true);
        }
    }
}
