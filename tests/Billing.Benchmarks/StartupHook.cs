using System.Net.Sockets;

/// <summary>
/// Answers from inside a server how many bytes it has allocated, so that any build of it can be asked: the runtime calls this before Main
/// where DOTNET_STARTUP_HOOKS names this assembly. It uses nothing but the runtime, for the server has its own versions of all else.
/// </summary>
#pragma warning disable CA1050 // the runtime looks for it outside every namespace
internal static class StartupHook
#pragma warning restore CA1050
{
    /// <summary>The environment variable with the path of the socket.</summary>
    public const string SocketVariable = "BENCHMARK_ALLOCATIONS_SOCKET";

    /// <summary>Called by the runtime.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is { Length: > 0 } path)
        {
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            new Thread(() => Answer(listener)) { IsBackground = true, Name = nameof(StartupHook) }.Start();
        }
    }

    // A connection is the question.
    private static void Answer(Socket listener)
    {
        while (true)
        {
            using var connection = listener.Accept();
            connection.Send(BitConverter.GetBytes(GC.GetTotalAllocatedBytes(precise: true)));
        }
    }
}
