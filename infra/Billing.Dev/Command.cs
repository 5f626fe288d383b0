using System.Diagnostics;
using Billing.Testing;

namespace Billing.Dev;

/// <summary>A command to run in the root of the repository.</summary>
internal sealed record Command(string File, params string[] Arguments)
{
    private const int AliveMilliseconds = 20_000;

    /// <summary>A path below artifacts/, where everything goes that git ignores.</summary>
    public static string Artifacts(params string[] path) => Path.Combine([Repository.Root, "artifacts", .. path]);

    /// <summary>Runs it to its end and shows what it writes.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ShowAsync(CancellationToken cancellation) => (await RunAsync(show: true, cancellation)).ExitCode;

    /// <summary>Runs it to its end and keeps what it writes.</summary>
    public Task<(int ExitCode, string Output)> ReadAsync(CancellationToken cancellation) => RunAsync(show: false, cancellation);

    /// <summary>Runs it to its end, shows what it writes and insists that it succeeds.</summary>
    public async Task RequireAsync(CancellationToken cancellation)
    {
        if (await ShowAsync(cancellation) is not 0 and var exitCode)
        {
            throw new InvalidOperationException($"`{File} {string.Join(' ', Arguments)}` ended with {exitCode}.");
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(bool show, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(File, Arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = !show };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en"; // Solution reads restore's messages
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = NodePackages.Start(start);
        await using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
        using var alive = new Timer(_ => Progress.Say($"... {Path.GetFileName(File)} {Arguments[0]}"), null, AliveMilliseconds, AliveMilliseconds);
        var output = show ? "" : await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output);
    }
}
