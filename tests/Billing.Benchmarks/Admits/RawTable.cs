using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Billing.Engine.Ports;

namespace Billing.Benchmarks.Admits;

/// <summary>The ledger table without us: the SDK's own client, sending entities that are ready to be sent.</summary>
internal sealed class RawTable : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseCookies = false, UseProxy = false });

    public RawTable(string connectionString, string tablePrefix)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(_http) };
        options.Retry.MaxRetries = 0;
        Client = new TableServiceClient(connectionString, options).GetTableClient(tablePrefix + "ledger");
    }

    public TableClient Client { get; }

    /// <summary>A partition with an account row in it and nothing else.</summary>
    public async Task<RawPartition> OpenAsync(CommitShape shape)
    {
        var key = ShardMap.One.NewWorkspaceId(RandomNumberGenerator.GetBytes(ShardMap.BytesOfId));
        var stored = await Client.AddEntityAsync(RawPartition.Entity(key, "account", shape.Account));
        return new RawPartition(Client, key, stored.Headers.ETag!.Value);
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>A partition whose account row guards it, as ours does. One commit at a time.</summary>
internal sealed class RawPartition(TableClient table, string key, ETag etag)
{
    private ETag _etag = etag;
    private long _rows;

    public static TableEntity Entity(string partitionKey, string rowKey, Row row)
    {
        var entity = new TableEntity(partitionKey, rowKey) { ["data"] = row.Data.Bytes.ToArray() };
        if (row.Tag is not null)
        {
            entity["tag"] = row.Tag;
        }

        return entity;
    }

    /// <summary>Writes the rows of a commit, under keys that come in the same order as ours.</summary>
    public async Task CommitAsync(CommitShape shape)
    {
        var actions = new List<TableTransactionAction>(shape.Entities);
        foreach (var row in shape.Inserts)
        {
            actions.Add(new TableTransactionAction(TableTransactionActionType.Add, Entity(key, NextKey(row.Key), row)));
        }

        actions.Add(new TableTransactionAction(TableTransactionActionType.UpdateReplace, Entity(key, "account", shape.Account), _etag));
        var stored = await table.SubmitTransactionAsync(actions);
        _etag = stored.Value[^1].Headers.ETag!.Value;
    }

    private string NextKey(string like)
    {
        var prefix = like[..(like.IndexOf(':', StringComparison.Ordinal) + 1)];
        var number = ++_rows;
        return prefix + prefix switch
        {
            "txn:" => (long.MaxValue - number).ToString("x16", CultureInfo.InvariantCulture),
            "op:" => RandomNumberGenerator.GetHexString(32, lowercase: true),
            _ => number.ToString("d17", CultureInfo.InvariantCulture),
        };
    }
}
