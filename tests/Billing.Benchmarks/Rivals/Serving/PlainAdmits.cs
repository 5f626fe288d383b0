using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Billing.Benchmarks.Rivals.Serving;

/// <summary>
/// Read the account, check it, write it with If-Match together with a ledger row, and try again when somebody else was faster.
/// Who sends a request twice pays twice.
/// </summary>
internal sealed class PlainAdmits : IAdmits
{
    private const int AtOnce = 32;
    private const string AccountKey = "account";
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseCookies = false, UseProxy = false });
    private readonly TableClient _table;

    public PlainAdmits(string connectionString, string tableName)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(_http) };
        options.Retry.MaxRetries = 0;
        _table = new TableServiceClient(connectionString, options).GetTableClient(tableName);
    }

    public async Task OpenAsync(int workspaces)
    {
        await _table.CreateAsync();
        await Parallel.ForAsync(0, workspaces, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellation) => await _table.AddEntityAsync(
            new TableEntity(RivalWorkspaces.IdOf(number), AccountKey) { ["balance"] = RivalWorkspaces.Balance, ["entries"] = 0L }, cancellation));
    }

    public async Task<Decision> AdmitAsync(string workspaceId, string idempotencyKey, byte[] body, Order order)
    {
        while (true)
        {
            if (await TryAsync(workspaceId, order) is { } decision)
            {
                return decision;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10)));
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    // Null when somebody else was faster.
    private async Task<Decision?> TryAsync(string workspaceId, Order order)
    {
        TableEntity account = await _table.GetEntityAsync<TableEntity>(workspaceId, AccountKey);
        var left = account.GetInt64("balance")!.Value - order.Cost;
        if (left < 0)
        {
            return new Decision(Verdict.TooLow, "", 0, default);
        }

        var entries = account.GetInt64("entries")!.Value + 1;
        account["balance"] = left;
        account["entries"] = entries;
        var decision = new Decision(Verdict.Admitted, "gen_" + RandomNumberGenerator.GetHexString(32, lowercase: true), left, DateTimeOffset.UtcNow);
        try
        {
            await _table.SubmitTransactionAsync(
            [
                new TableTransactionAction(TableTransactionActionType.UpdateReplace, account, account.ETag),
                new TableTransactionAction(TableTransactionActionType.Add, EntryOf(workspaceId, entries, order, decision)),
            ]);
            return decision;
        }
        catch (RequestFailedException fault) when (fault.Status is 409 or 412)
        {
            return null;
        }
    }

    private static TableEntity EntryOf(string workspaceId, long number, Order order, Decision decision) =>
        new(workspaceId, "txn:" + (long.MaxValue - number).ToString("x16", CultureInfo.InvariantCulture))
        {
            ["generation"] = decision.GenerationId,
            ["template"] = order.TemplateId,
            ["resolution"] = order.Resolution,
            ["duration"] = order.Duration,
            ["credits"] = -order.Cost,
            ["balance"] = decision.Left,
            ["at"] = decision.At,
        };
}
