using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Billing.Storage.Tests;

/// <summary>A server that answers every request as it was told: the given answers in turn, the last one for ever.</summary>
internal sealed class StubStorage : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly int _port = FreePort();

    /// <param name="answers">Errors, as Table Storage words them.</param>
    public StubStorage(params (int Status, string Code)[] answers)
        : this([.. answers.Select<(int Status, string Code), Action<HttpListenerResponse>>(answer => response => Refuse(response, answer))])
    {
    }

    /// <param name="answers">What writes them.</param>
    public StubStorage(params Action<HttpListenerResponse>[] answers)
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _ = ServeAsync(answers);
    }

    /// <summary>A page of a table: the rows with these keys, and where the next page begins.</summary>
    public static Action<HttpListenerResponse> Page(string partitionKey, string[] keys, string? next) => response =>
    {
        if (next is not null)
        {
            response.Headers["x-ms-continuation-NextPartitionKey"] = partitionKey;
            response.Headers["x-ms-continuation-NextRowKey"] = next;
        }

        var rows = keys.Select(key => new Dictionary<string, object> { ["odata.etag"] = "W/\"1\"", ["PartitionKey"] = partitionKey, ["RowKey"] = key, ["data@odata.type"] = "Edm.Binary", ["data"] = "e30=" });
        Write(response, new { value = rows });
    };

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

    private async Task ServeAsync(Action<HttpListenerResponse>[] answers)
    {
        for (var served = 0; _listener.IsListening; served++)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                answers[Math.Min(served, answers.Length - 1)](context.Response);
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static void Refuse(HttpListenerResponse response, (int Status, string Code) answer)
    {
        response.StatusCode = answer.Status;
        var error = new { code = answer.Code, message = new { lang = "en-US", value = "It is so." } };
        Write(response, new Dictionary<string, object> { ["odata.error"] = error });
    }

    private static void Write(HttpListenerResponse response, object body)
    {
        response.ContentType = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8";
        response.Close(JsonSerializer.SerializeToUtf8Bytes(body), willBlock: true);
    }
}
