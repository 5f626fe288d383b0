using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Billing.Storage.Tests;

/// <summary>A server that answers every request with errors as Table Storage words them: the given ones in turn, the last one for ever.</summary>
internal sealed class StubStorage : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly int _port = FreePort();

    public StubStorage(params (int Status, string Code)[] answers)
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _ = ServeAsync(answers);
    }

    /// <summary>Clients that know no other storage.</summary>
    public StorageClients Connect() => ConnectTo(_port);

    /// <summary>Clients whose storage is not there.</summary>
    public static StorageClients ConnectToNobody() => ConnectTo(FreePort());

    public void Dispose() => _listener.Close();

    private static StorageClients ConnectTo(int port)
    {
        var endpoint = $"http://127.0.0.1:{port}/devstoreaccount1";
        return new StorageClients(new StorageOptions
        {
            ConnectionString = $"AccountName=devstoreaccount1;AccountKey=bm9ib2R5;TableEndpoint={endpoint};QueueEndpoint={endpoint}",
        });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync((int Status, string Code)[] answers)
    {
        for (var served = 0; _listener.IsListening; served++)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                Answer(context.Response, answers[Math.Min(served, answers.Length - 1)]);
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static void Answer(HttpListenerResponse response, (int Status, string Code) answer)
    {
        var error = new { code = answer.Code, message = new { lang = "en-US", value = "It is so." } };
        response.StatusCode = answer.Status;
        response.ContentType = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8";
        response.Close(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["odata.error"] = error }), willBlock: true);
    }
}
