using System.Collections.Immutable;

namespace Billing.Keys;

/// <summary>API keys by their hash, with a pointer from the account so that they can be listed.</summary>
public sealed class KeyDirectory(ILedger ledger)
{
    /// <summary>No account has more keys, revoked ones included.</summary>
    public const int MostKeys = 200;

    private const string Prefix = "key_";
    private const string PointerPrefix = "key:";

    /// <summary>The key with this id, or null.</summary>
    public async Task<ApiKey?> FindAsync(string keyId, CancellationToken cancellation) => (await ReadAsync(keyId, cancellation).ConfigureAwait(false)).Key;

    /// <summary>The keys of an account, newest last.</summary>
    public async Task<ImmutableArray<ApiKey>> ListAsync(string accountId, CancellationToken cancellation)
    {
        var page = await ledger.ListAsync(
            new Partition(Table.People, accountId), KeyRange.StartingWith(PointerPrefix), MostKeys, null, null, cancellation).ConfigureAwait(false);
        var keys = await Task.WhenAll(page.Rows.Select(row => FindAsync(row.Key[PointerPrefix.Length..], cancellation))).ConfigureAwait(false);
        return [.. keys.OfType<ApiKey>().OrderBy(key => key.CreatedAt)];
    }

    /// <summary>Stores a new key: the account's pointer first, which points to nothing until the key is there.</summary>
    /// <returns>False when the account has as many keys as it may.</returns>
    public async Task<bool> AddAsync(ApiKey key, CancellationToken cancellation)
    {
        var pointers = await ledger.ListAsync(
            new Partition(Table.People, key.AccountId), KeyRange.StartingWith(PointerPrefix), MostKeys, null, null, cancellation).ConfigureAwait(false);
        if (pointers.Rows.Length >= MostKeys)
        {
            return false;
        }

        await ledger.CommitUntilKnownAsync(
            new Partition(Table.People, key.AccountId),
            [new RowWrite(WriteKind.Put, new Row(PointerPrefix + key.Id, "{}"))],
            cancellation).ConfigureAwait(false);
        await ledger.CommitUntilKnownAsync(
            PartitionOf(key.Id),
            [new RowWrite(WriteKind.Insert, new Row(key.Id, RowJson.Write(key)))],
            cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Changes a key.</summary>
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
            if (changed == key || await ledger.CommitUntilKnownAsync(PartitionOf(keyId), [write], cancellation).ConfigureAwait(false) is CommitResult.Committed)
            {
                return changed;
            }
        }

        throw new StorageUnavailableException("Too many writers contend for the key.");
    }

    private async Task<(ApiKey? Key, string? ETag)> ReadAsync(string keyId, CancellationToken cancellation)
    {
        var wellFormed = keyId.Length is >= 6 and <= 40 && keyId.StartsWith(Prefix, StringComparison.Ordinal) && keyId[Prefix.Length..].All(char.IsAsciiLetterOrDigit);
        if (!wellFormed)
        {
            return (null, null);
        }

        var row = await ledger.ReadAsync(PartitionOf(keyId), keyId, cancellation).ConfigureAwait(false);
        return row is null ? (null, null) : (RowJson.Read<ApiKey>(row.Data), row.ETag);
    }

    private static Partition PartitionOf(string keyId) => new(Table.Keys, keyId.Substring(Prefix.Length, 2));
}
