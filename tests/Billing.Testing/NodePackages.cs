using System.ComponentModel;
using System.Diagnostics;

namespace Billing.Testing;

/// <summary>Packages that the package-lock.json of a folder pins, installed below its node_modules.</summary>
public sealed class NodePackages(string folder)
{
    /// <summary>Installs what the lock file pins, unless it is there. Several processes may ask at once; one installs.</summary>
    /// <exception cref="InvalidOperationException">Node is missing, or npm could not install; the message has what it wrote.</exception>
    public async Task EnsureAsync(CancellationToken cancellation = default)
    {
        if (IsCurrent())
        {
            return;
        }

        await using var turn = await TakeTurnAsync(cancellation);
        if (IsCurrent())
        {
            return;
        }

        var (exitCode, output) = await NpmAsync(["ci", "--ignore-scripts", "--silent"], cancellation);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"`npm ci` in {folder} ended with {exitCode}: {output}");
        }
    }

    /// <summary>Runs npm in the folder.</summary>
    /// <returns>The exit code, and everything it wrote.</returns>
    public Task<(int ExitCode, string Output)> NpmAsync(IEnumerable<string> arguments, CancellationToken cancellation = default) =>
        ExecuteAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments, new Dictionary<string, string>(), cancellation);

    /// <summary>Runs node in the folder.</summary>
    /// <returns>The exit code, and everything it wrote.</returns>
    public Task<(int ExitCode, string Output)> NodeAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation = default) =>
        ExecuteAsync("node", arguments, environment, cancellation);

    /// <summary>Runs a script of an installed package with node, in the folder.</summary>
    /// <returns>The exit code, and everything it wrote.</returns>
    public Task<(int ExitCode, string Output)> RunAsync(
        string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation = default) =>
        NodeAsync([Path.Combine("node_modules", script), .. arguments], environment, cancellation);

    /// <summary>Runs a module's text with node, in the folder, so that it can import what is installed.</summary>
    /// <returns>The exit code, and everything it wrote.</returns>
    public Task<(int ExitCode, string Output)> EvaluateAsync(string module, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation = default) =>
        NodeAsync(["--input-type=module", "-e", module], environment, cancellation);

    // npm writes this file last.
    private bool IsCurrent() => File.GetLastWriteTimeUtc(Path.Combine(folder, "node_modules", ".package-lock.json"))
        > File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"));

    private async Task<FileStream> TakeTurnAsync(CancellationToken cancellation)
    {
        var locks = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts"));
        var name = Path.GetRelativePath(Repository.Root, folder).Replace(Path.DirectorySeparatorChar, '-');
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(locks.FullName, $"{name}.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(250, cancellation);
            }
        }
    }

    private async Task<(int ExitCode, string Output)> ExecuteAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        using var process = Start(Command(program, arguments, environment));
        await using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, string.Concat(output));
    }

    private ProcessStartInfo Command(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var command = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            command.Environment[name] = value;
        }

        return command;
    }

    /// <summary>Starts a program that belongs to Node.</summary>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    internal static Process Start(ProcessStartInfo command)
    {
        try
        {
            return Process.Start(command)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"`{command.FileName}` did not start. Node 20.19 or later is needed, on the PATH.", missing);
        }
    }
}
