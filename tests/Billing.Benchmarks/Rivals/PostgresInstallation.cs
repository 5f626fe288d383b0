using System.Diagnostics;
using System.Globalization;

namespace Billing.Benchmarks.Rivals;

/// <summary>PostgreSQL as the distribution installs it.</summary>
/// <param name="Folder">Where its programs are.</param>
/// <param name="Account">Who runs them where this process is root's, which PostgreSQL refuses to be; null for this process's own account.</param>
internal sealed record PostgresInstallation(string Folder, string? Account)
{
    private const string Versions = "/usr/lib/postgresql";
    private const string OwnAccount = "postgres";

    /// <summary>The newest there is; null with the reason when it cannot be run.</summary>
    public static (PostgresInstallation? Found, string WhyNot) Find()
    {
        if (Folders().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"))) is not { } folder)
        {
            return (null, "PostgreSQL is not installed (`apt-get install postgresql`)");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return (new PostgresInstallation(folder, null), "");
        }

        return File.ReadLines("/etc/passwd").Any(line => line.StartsWith(OwnAccount + ":", StringComparison.Ordinal))
            ? (new PostgresInstallation(folder, OwnAccount), "")
            : (null, $"PostgreSQL does not run as root, and there is no account `{OwnAccount}`");
    }

    /// <summary>One of its programs, to be run as its account.</summary>
    public ProcessStartInfo Command(string program, params IEnumerable<string> arguments)
    {
        var path = Path.Combine(Folder, program);
        var command = Account is null
            ? new ProcessStartInfo(path, arguments)
            : new ProcessStartInfo("setpriv", ["--reuid", Account, "--regid", Account, "--init-groups", "--", path, .. arguments]);
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        // Its messages are read.
        command.Environment["LC_ALL"] = "C";
        return command;
    }

    /// <summary>Makes a file or folder its account's.</summary>
    public async Task GiveAsync(string path)
    {
        if (Account is not null)
        {
            await RunAsync(new ProcessStartInfo("chown", ["-R", Account, path]) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
    }

    /// <summary>"PostgreSQL 15.9 (…)".</summary>
    public async Task<string> VersionAsync() => (await RunAsync(Command("postgres", "--version"))).Trim().Replace("postgres (PostgreSQL)", "PostgreSQL", StringComparison.Ordinal);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> RunAsync(ProcessStartInfo command)
    {
        using var process = Process.Start(command)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output[0]
            : throw new InvalidOperationException($"{command.FileName} {string.Join(' ', command.ArgumentList)} ended with {process.ExitCode}: {string.Concat(output)}");
    }

    private static IEnumerable<string> Folders()
    {
        var packaged = Directory.Exists(Versions) ? Directory.GetDirectories(Versions) : [];
        return packaged
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
    }
}
