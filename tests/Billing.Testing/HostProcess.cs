using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Billing.Testing;

/// <summary>The built Billing.Host as a process of its own on a free port of 127.0.0.1, so that it can be killed like one. It ends when disposed, and with this process.</summary>
public sealed partial class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private static readonly ConcurrentBag<ConcurrentQueue<string>> Logs = [];
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log;

    private HostProcess(Process process, ConcurrentQueue<string> log, Uri address)
    {
        _process = process;
        _log = log;
        Address = address;
    }

    /// <summary>Every line that any host of this process ever wrote.</summary>
    public static IEnumerable<string> AllLogLines => Logs.SelectMany(log => log);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>What it wrote so far.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Starts one and returns when it listens.</summary>
    /// <param name="settings">Environment variables: <c>Billing__TestClock</c> …</param>
    /// <exception cref="InvalidOperationException">It ended before it listened; the message has what it wrote.</exception>
    public static Task<HostProcess> StartAsync(IReadOnlyDictionary<string, string> settings) =>
        StartAsync(Path.Combine(AppContext.BaseDirectory, "Billing.Host.dll"), [], settings);

    /// <summary>Starts another server that says where it listens as the Host does: another build of it, or another program.</summary>
    /// <param name="assembly">Path of its .dll; it runs in that folder.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="settings">Environment variables.</param>
    /// <exception cref="InvalidOperationException">It ended before it listened; the message has what it wrote.</exception>
    public static async Task<HostProcess> StartAsync(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        var process = Process.Start(Command(assembly, arguments, settings))!;
        await ProcessReaper.WatchAsync(process.Id);
        var log = new ConcurrentQueue<string>();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        Logs.Add(log);
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, log, line => TellAddress(line, address)),
            ReadAsync(process.StandardError, log, _ => { }));
        try
        {
            if (await Task.WhenAny(address.Task, reading).WaitAsync(StartLimit) != address.Task)
            {
                throw new InvalidOperationException($"The host ended before it listened:\n{string.Join('\n', log)}");
            }

            return new HostProcess(process, log, await address.Task);
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task KillAsync() => EndAsync(_process);

    /// <summary>Asks it to end (SIGTERM) and waits until it has.</summary>
    /// <returns>Its exit code; null where there are no signals and it was killed.</returns>
    public async Task<int?> StopAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            await KillAsync();
            return null;
        }

        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(StopLimit);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    // A project that refers to Billing.Host has it, with all that it needs, beside itself.
    private static ProcessStartInfo Command(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        var command = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(assembly)),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => (string)variable.Key).Where(IsSetting))
        {
            command.Environment.Remove(name);
        }

        command.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        command.Environment["Logging__LogLevel__Microsoft.AspNetCore"] = "Information"; // as in production: tests look for secrets there
        foreach (var (name, value) in settings)
        {
            command.Environment[name] = value;
        }

        return command;
    }

    private static bool IsSetting(string name) => new[] { "Billing__", "ASPNETCORE_", "AzureWebJobsStorage", "Logging__" }
        .Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static async Task ReadAsync(StreamReader lines, ConcurrentQueue<string> log, Action<string> look)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            log.Enqueue(line);
            look(line);
        }
    }

    private static void TellAddress(string line, TaskCompletionSource<Uri> address)
    {
        if (ListeningLine().Match(line) is { Success: true } match)
        {
            address.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        await ProcessReaper.ForgetAsync(process.Id);
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningLine();
}
