using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Billing.Api.Tests.Webhooks;

/// <summary>A request as it came over the wire.</summary>
public sealed record Arrival(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset At)
{
    public string EventId => Headers["webhook-id"];
}

/// <summary>How a receiver answers: it has the connection to itself.</summary>
public delegate Task Behaviour(Arrival arrival, NetworkStream connection, CancellationToken ended);

/// <summary>A customer's server on a free loopback port, down to the bytes, so that it can misbehave.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentQueue<Arrival> _arrivals = new();
    private readonly Task _accepting;
    private int _connections;
    private long _written;

    public Receiver(Behaviour? behaviour = null)
    {
        Behaviour = behaviour ?? Says(200);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Behaviour Behaviour { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}/hook";

    public IReadOnlyList<Arrival> Arrivals => [.. _arrivals];

    public int Connections => _connections;

    /// <summary>Bytes that <see cref="Endless"/> got rid of.</summary>
    public long Written => Interlocked.Read(ref _written);

    public static Behaviour Says(int status, string body = "", params string[] headers) => (_, connection, ended) => connection.WriteAsync(
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status} Said\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}"),
        ended).AsTask();

    /// <summary>Never answers.</summary>
    public static Task Hangs(Arrival arrival, NetworkStream connection, CancellationToken ended) => Task.Delay(Timeout.Infinite, ended);

    /// <summary>Answers 200 and never ends its body.</summary>
    public static async Task HangsInBody(Arrival arrival, NetworkStream connection, CancellationToken ended)
    {
        await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"u8.ToArray(), ended);
        await Task.Delay(Timeout.Infinite, ended);
    }

    /// <summary>Breaks the connection off.</summary>
    public static Task Resets(Arrival arrival, NetworkStream connection, CancellationToken ended)
    {
        connection.Socket.LingerState = new LingerOption(true, 0);
        connection.Socket.Close();
        return Task.CompletedTask;
    }

    /// <summary>Speaks something that is not HTTP.</summary>
    public static Task Babbles(Arrival arrival, NetworkStream connection, CancellationToken ended) =>
        connection.WriteAsync("220 mail.example ESMTP\r\n"u8.ToArray(), ended).AsTask();

    /// <summary>Answers with one GiB.</summary>
    public async Task Endless(Arrival arrival, NetworkStream connection, CancellationToken ended)
    {
        const long Length = 1L << 30;
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n"), ended);
        var chunk = Enumerable.Repeat((byte)'x', 64 * 1024).ToArray();
        for (var sent = 0L; sent < Length; sent += chunk.Length)
        {
            await connection.WriteAsync(chunk, ended);
            Interlocked.Add(ref _written, chunk.Length);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ended.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // It is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var connection = client.GetStream();
                while (await ReadAsync(connection) is { } arrival)
                {
                    _arrivals.Enqueue(arrival);
                    await Behaviour(arrival, connection, _ended.Token);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The other side is gone.
        }
    }

    private async Task<Arrival?> ReadAsync(NetworkStream connection)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await connection.ReadAsync(one, _ended.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await connection.ReadExactlyAsync(body, _ended.Token);
        return new Arrival(lines[0], headers, body, DateTimeOffset.UtcNow);
    }
}
