using Azure.Core;
using Azure.Core.Pipeline;
using Billing.Engine.Ports;

namespace Billing.Storage;

/// <summary>
/// Requests for single rows and transactions, sent straight through the SDK's pipeline, with its transport and credentials: they are all that a warm request
/// needs, and what the SDK's client does around each costs more than all else that we do for it (docs/decisions/0016). Nothing is retried here.
/// </summary>
/// <param name="service">Address of the account's tables.</param>
/// <param name="query">What every address ends with; empty unless access is by a shared signature.</param>
/// <param name="timeOut">How long one request may take.</param>
internal sealed class TableConnection(HttpPipeline pipeline, Uri service, string query, TimeSpan timeOut)
{
    private const int ExpectedAnswer = 8 * 1024;
    private readonly Uri _batch = new($"{service.AbsoluteUri.TrimEnd('/')}/$batch{query}");
    private readonly string _service = service.AbsoluteUri.TrimEnd('/');

    /// <summary>Sends a transaction; what failures mean is told by <see cref="StorageFaults"/>.</summary>
    public async Task<TableAnswer> TransactAsync(string table, string partitionKey, ReadOnlyMemory<RowWrite> writes, CancellationToken cancellation)
    {
        var body = TransactionBody.Of($"{_service}/{table}", partitionKey, writes.Span);
        using var message = NewMessage(RequestMethod.Post, _batch);
        message.Request.Headers.Add("Content-Type", TransactionBody.ContentType);
        message.Request.Content = RequestContent.Create(body.Written);
        var answer = await SendAsync(message, cancellation).ConfigureAwait(false);
        // Only now: a request that was given up may still be on its way out of the array.
        body.Dispose();
        return answer;
    }

    public async Task<TableAnswer> ReadAsync(string table, string partitionKey, string rowKey, CancellationToken cancellation)
    {
        using var message = NewMessage(RequestMethod.Get, new Uri(EntityAddress.Of($"{_service}/{table}", partitionKey, rowKey) + query));
        return await SendAsync(message, cancellation).ConfigureAwait(false);
    }

    private HttpMessage NewMessage(RequestMethod method, Uri address)
    {
        var message = pipeline.CreateMessage();
        message.BufferResponse = false;
        message.Request.Method = method;
        message.Request.Uri.Reset(address);
        message.Request.Headers.Add("Accept", "application/json;odata=nometadata");
        message.Request.Headers.Add("x-ms-version", "2019-02-02");
        message.Request.Headers.Add("DataServiceVersion", "3.0");
        return message;
    }

    private async Task<TableAnswer> SendAsync(HttpMessage message, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(timeOut);
        await pipeline.SendAsync(message, limited.Token).ConfigureAwait(false);
        var response = message.Response;
        var body = new PooledBytes(response.Headers.ContentLength is > 0 and < int.MaxValue and var length ? (int)length + 1 : ExpectedAnswer);
        try
        {
            if (response.ContentStream is { } stream)
            {
                await body.ReadAllAsync(stream, limited.Token).ConfigureAwait(false);
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return new TableAnswer(response.Status, response.Headers.ETag is { } etag ? RowEntity.ToText(etag) : null, body);
    }
}

/// <summary>What storage answered.</summary>
/// <param name="ETag">The row's version; null where it is not about one row.</param>
internal sealed record TableAnswer(int Status, string? ETag, PooledBytes Body) : IDisposable
{
    public void Dispose() => Body.Dispose();
}
