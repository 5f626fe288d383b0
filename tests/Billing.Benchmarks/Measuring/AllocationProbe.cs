using System.Net.Sockets;
using System.Security.Cryptography;

namespace Billing.Benchmarks.Measuring;

/// <summary>Asks another process how many bytes it has allocated since it began; <see cref="StartupHook"/> answers there.</summary>
internal sealed class AllocationProbe : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"benchmark-{RandomNumberGenerator.GetHexString(12, lowercase: true)}.sock");

    /// <summary>What the process has to be started with.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
        [StartupHook.SocketVariable] = _path,

        // A collector that gives up a heap no longer counts what was allocated there: the total of a server would shrink.
        ["DOTNET_GCDynamicAdaptationMode"] = "0",
    };

    public async Task<long> AskAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_path));
        await using var stream = new NetworkStream(socket);
        var answer = new byte[sizeof(long)];
        await stream.ReadExactlyAsync(answer);
        return BitConverter.ToInt64(answer);
    }

    public void Dispose() => File.Delete(_path);
}
