using System.Collections.Immutable;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Keys;

namespace Billing.Engine.Directories;

/// <summary>API keys by their hash, with a pointer from the account so that they can be listed.</summary>
public sealed class KeyDirectory(ITableStore store)
{
    public const int MostKeys = 200;

    private const string Prefix = "key_";
    private const string PointerPrefix = "key:";

    public async Task<ApiKey?> FindAsync(string keyId, CancellationToken cancellation) => (await ReadAsync(keyId, cancellation).ConfigureAwait(false)).Key;

    /// <summary>The keys of an account, newest last.</summary>
    public async Task<ImmutableArray<ApiKey>> ListAsync(string accountId, CancellationToken cancellation)
    {
        var pointers = await PointersAsync(accountId, cancellation).ConfigureAwait(false);
        var keys = await Task.WhenAll(pointers.Select(row => FindAsync(row.Key[PointerPrefix.Length..], cancellation))).ConfigureAwait(false);
        return [.. keys.OfType<ApiKey>().OrderBy(key => key.CreatedAt)];
    }

    /// <summary>Stores a new key: the account's pointer first, which points to nothing until the key is there.</summary>
    /// <returns>False when the account has as many keys as it may.</returns>
    public async Task<bool> AddAsync(ApiKey key, CancellationToken cancellation)
    {
        if ((await PointersAsync(key.AccountId, cancellation).ConfigureAwait(false)).Length >= MostKeys)
        {
            return false;
        }

        var pointer = new RowWrite(WriteKind.Put, new Row(PointerPrefix + key.Id, "{}"));
        await store.CommitUntilKnownAsync(OwnerOf(key.AccountId), [pointer], cancellation).ConfigureAwait(false);
        await store.CommitUntilKnownAsync(PartitionOf(key.Id), [new RowWrite(WriteKind.Insert, new Row(key.Id, RowJson.Write(key)))], cancellation).ConfigureAwait(false);
        return true;
    }

    /// <returns>The changed key; null when there is none.</returns>
    public async Task<ApiKey?> ChangeAsync(string keyId, Func<ApiKey, ApiKey> change, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var (key, etag) = await ReadAsync(keyId, cancellation).ConfigureAwait(false);
            if (key is null)
            {
                return null;
            }

            var changed = change(key);
            var write = new RowWrite(WriteKind.Replace, new Row(keyId, RowJson.Write(changed), null, etag));
            if (changed == key || await store.CommitUntilKnownAsync(PartitionOf(keyId), [write], cancellation).ConfigureAwait(false) is CommitResult.Committed)
            {
                return changed;
            }
        }

        throw new StorageUnavailableException("Too many writers contend for the key.");
    }

    private async Task<ImmutableArray<Row>> PointersAsync(string accountId, CancellationToken cancellation) =>
        (await store.ListAsync(OwnerOf(accountId), KeyRange.StartingWith(PointerPrefix), MostKeys, cancellation).ConfigureAwait(false)).Rows;

    private async Task<(ApiKey? Key, string? ETag)> ReadAsync(string keyId, CancellationToken cancellation)
    {
        var wellFormed = keyId.Length is >= 6 and <= 40 && keyId.StartsWith(Prefix, StringComparison.Ordinal) && keyId[Prefix.Length..].All(char.IsAsciiLetterOrDigit);
        if (!wellFormed)
        {
            return (null, null);
        }

        var row = await store.ReadAsync(PartitionOf(keyId), keyId, cancellation).ConfigureAwait(false);
        return (RowJson.ReadAny<ApiKey>(row), row?.ETag);
    }

    private static Partition OwnerOf(string accountId) => new(Table.People, accountId);

    private static Partition PartitionOf(string keyId) => new(Table.Keys, keyId.Substring(Prefix.Length, 2));
}
