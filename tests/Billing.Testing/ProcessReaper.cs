using System.Diagnostics;

namespace Billing.Testing;

/// <summary>Kills the processes it watches when this one ends, however that comes about: a small process whose standard input closes then.</summary>
public static class ProcessReaper
{
    private const string Script = """
        const watched = new Set();
        require("readline").createInterface({ input: process.stdin })
          .on("line", line => line[0] === "-" ? watched.delete(Number(line.slice(1))) : watched.add(Number(line)))
          .on("close", () => watched.forEach(id => { try { process.kill(id, "SIGKILL"); } catch { } }));
        """;

    private static readonly Lazy<Process> Running = new(() => NodePackages.Start(
        new ProcessStartInfo("node", ["-e", Script]) { RedirectStandardInput = true }));

    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>This one, too.</summary>
    public static Task WatchAsync(int processId) => TellAsync($"{processId}");

    /// <summary>It has ended.</summary>
    public static Task ForgetAsync(int processId) => TellAsync($"-{processId}");

    private static async Task TellAsync(string line)
    {
        await Turn.WaitAsync();
        try
        {
            await Running.Value.StandardInput.WriteLineAsync(line);
            await Running.Value.StandardInput.FlushAsync();
        }
        finally
        {
            Turn.Release();
        }
    }
}
