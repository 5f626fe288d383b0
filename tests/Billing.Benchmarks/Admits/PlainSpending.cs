using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace Billing.Benchmarks.Admits;

/// <summary>
/// What most teams write: read the account, check it, write it with If-Match together with a ledger row, and try again when somebody else was faster.
/// It keeps no generations, no operations and no rate windows.
/// </summary>
internal sealed class PlainSpending(TableClient table, CommitShape shape)
{
    private const long Cost = 6_000;
    private readonly string _partition = ShardMap.One.NewWorkspaceId(System.Security.Cryptography.RandomNumberGenerator.GetBytes(ShardMap.BytesOfId));
    private long _requests;

    /// <summary>Requests sent.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public static async Task<PlainSpending> OpenAsync(TableClient table, CommitShape shape)
    {
        var plain = new PlainSpending(table, shape);
        var account = RawPartition.Entity(plain._partition, "account", shape.Account);
        account["balance"] = 10_000_000_000L;
        account["entries"] = 0L;
        await table.AddEntityAsync(account);
        return plain;
    }

    public async Task SpendAsync()
    {
        while (!await TryAsync())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10)));
        }
    }

    private async Task<bool> TryAsync()
    {
        Interlocked.Add(ref _requests, 2);
        TableEntity account = await table.GetEntityAsync<TableEntity>(_partition, "account");
        if (account.GetInt64("balance") is not { } balance || balance < Cost)
        {
            throw new InvalidOperationException("The balance is used up.");
        }

        var entries = account.GetInt64("entries")!.Value + 1;
        account["balance"] = balance - Cost;
        account["entries"] = entries;
        var entry = RawPartition.Entity(_partition, "txn:" + (long.MaxValue - entries).ToString("x16", CultureInfo.InvariantCulture), shape.Inserts[0]);
        try
        {
            await table.SubmitTransactionAsync(
            [
                new TableTransactionAction(TableTransactionActionType.UpdateReplace, account, account.ETag),
                new TableTransactionAction(TableTransactionActionType.Add, entry),
            ]);
            return true;
        }
        catch (RequestFailedException fault) when (fault.Status is 409 or 412)
        {
            return false;
        }
    }
}
