using System.ComponentModel;
using System.Diagnostics;

namespace Billing.Testing;

/// <summary>The Azurite version that infra/package-lock.json pins, installed below infra/node_modules.</summary>
public static class AzuriteInstallation
{
    private static readonly string Infra = Path.Combine(Repository.Root, "infra");

    /// <summary>The script that starts it, for node.</summary>
    internal static string Script => Path.Combine(Infra, "azurite.cjs");

    /// <summary>Installs what the lock file pins, unless it is there. Several processes may ask at once; one installs.</summary>
    public static async Task EnsureAsync(CancellationToken cancellation = default)
    {
        if (IsCurrent())
        {
            return;
        }

        await using var turn = await TakeTurnAsync(cancellation);
        if (!IsCurrent())
        {
            await NpmCleanInstallAsync(cancellation);
        }
    }

    // npm writes this file last.
    private static bool IsCurrent() =>
        File.GetLastWriteTimeUtc(Path.Combine(Infra, "node_modules", ".package-lock.json"))
            > File.GetLastWriteTimeUtc(Path.Combine(Infra, "package-lock.json"));

    private static async Task<FileStream> TakeTurnAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts"));
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder.FullName, "azurite.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(250, cancellation);
            }
        }
    }

    private static async Task NpmCleanInstallAsync(CancellationToken cancellation)
    {
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        // No package here needs its install script to run as an emulator.
        var command = new ProcessStartInfo(npm, ["ci", "--ignore-scripts", "--silent"])
        {
            WorkingDirectory = Infra,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(command);
        await using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"`npm ci` in infra ended with {process.ExitCode}: {string.Concat(output)}");
        }
    }

    internal static Process Start(ProcessStartInfo command)
    {
        try
        {
            return Process.Start(command)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"`{command.FileName}` did not start. Node 20 or later is needed, on the PATH.", missing);
        }
    }
}
