using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Keys;
using Billing.Workspaces;

namespace Billing.Engine.Directories;

/// <summary>
/// API keys by their hash, with a pointer from the account so that they can be listed, and counted in the ring of its personal workspace: as exactly, and
/// by the same transactions, as everything that a workspace counts.
/// </summary>
public sealed class KeyDirectory(ITableStore store, WorkspaceWriter writer, TimeProvider clock)
{
    private const int ReadAtOnce = 50;

    private const string Prefix = "key_";
    private const string PointerPrefix = "key:";

    private DateTimeOffset Now => Instants.Milliseconds(clock.GetUtcNow());

    public async Task<ApiKey?> FindAsync(string keyId, CancellationToken cancellation) => (await ReadAsync(keyId, cancellation).ConfigureAwait(false)).Key;

    /// <summary>The keys of an account, newest last: those that work, and those that ended within 90 days.</summary>
    public async Task<ImmutableArray<ApiKey>> ListAsync(string accountId, CancellationToken cancellation)
    {
        var keys = await StoredAsync(accountId, cancellation).ConfigureAwait(false);
        return [.. keys.Where(key => KeyRing.Lists(key, Now)).OrderBy(key => key.CreatedAt)];
    }

    /// <summary>Stores a new key: first its place in the ring, then the account's pointer, which points to nothing until the key is there.</summary>
    /// <param name="workspaceId">The account's personal workspace.</param>
    public Task<Outcome<ApiKey>> AddAsync(ApiKey key, string workspaceId, CancellationToken cancellation) =>
        AddAsync(key, workspaceId, (ring, now) => ring.Add(key, now), cancellation);

    /// <summary>
    /// Puts a new key in the place of another. It is stored first: whoever dies before the former one is told its end leaves that as it was, and beside it a
    /// key that nobody ever saw. Of two at once the former key's row takes one.
    /// </summary>
    /// <param name="workspaceId">The account's personal workspace.</param>
    /// <returns>The new key.</returns>
    public async Task<Outcome<ApiKey>> RotateAsync(ApiKey former, ApiKey key, TimeSpan overlap, string workspaceId, CancellationToken cancellation)
    {
        var endsAt = key.CreatedAt + overlap;
        if (!(await RotatedAsync(former, key, endsAt, cancellation).ConfigureAwait(false)).TryGet(out _, out var refused))
        {
            return refused;
        }

        if (!(await AddAsync(key, workspaceId, (ring, now) => ring.Rotate(former, key, endsAt, now), cancellation).ConfigureAwait(false)).TryGet(out _, out var full))
        {
            return full;
        }

        var change = await TryChangeAsync(former.Id, found => RotatedAsync(found, key, endsAt, cancellation), cancellation).ConfigureAwait(false);
        if (!change.TryGet(out var rotated, out var late))
        {
            await TakeBackAsync(key, workspaceId).ConfigureAwait(false);
            return late;
        }

        await ChangeRingAsync(workspaceId, ring => ring.End(rotated)).ConfigureAwait(false);
        return key;
    }

    private async Task<Outcome<ApiKey>> AddAsync(ApiKey key, string workspaceId, Func<KeyRing, DateTimeOffset, Outcome<KeyRing>> add, CancellationToken cancellation)
    {
        var begun = await store.ReadAsync(new Partition(Table.Ledger, workspaceId), KeyRing.Key, cancellation).ConfigureAwait(false) is not null;
        var change = await AddToRingAsync(add, workspaceId, begun ? null : await StoredAsync(key.AccountId, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        if (begun && change is Outcome<RingChange>.Declined)
        {
            // Before it is refused for good the keys themselves are asked.
            change = await AddToRingAsync(add, workspaceId, await StoredAsync(key.AccountId, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        }

        if (!change.TryGet(out var changed, out var refusal))
        {
            return refusal;
        }

        await ForgetAsync(key.AccountId, changed.Gone).ConfigureAwait(false);
        var pointer = new RowWrite(WriteKind.Put, new Row(PointerPrefix + key.Id, "{}"));
        await store.CommitUntilKnownAsync(OwnerOf(key.AccountId), [pointer], cancellation).ConfigureAwait(false);
        await store.CommitUntilKnownAsync(PartitionOf(key.Id), [new RowWrite(WriteKind.Insert, new Row(key.Id, RowJson.Write(key)))], cancellation).ConfigureAwait(false);
        return key;
    }

    /// <summary>Revokes a key; its place in the ring is free then.</summary>
    /// <param name="workspaceId">The account's personal workspace.</param>
    public async Task<ApiKey?> RevokeAsync(string keyId, string workspaceId, CancellationToken cancellation)
    {
        var revoked = await ChangeAsync(keyId, key => key with { RevokedAt = key.RevokedAt ?? Now }, cancellation).ConfigureAwait(false);
        if (revoked is not null)
        {
            await ChangeRingAsync(workspaceId, ring => ring.End(revoked)).ConfigureAwait(false);
        }

        return revoked;
    }

    /// <returns>The changed key; null when there is none.</returns>
    public async Task<ApiKey?> ChangeAsync(string keyId, Func<ApiKey, ApiKey> change, CancellationToken cancellation) =>
        (await TryChangeAsync(keyId, key => Task.FromResult<Outcome<ApiKey>>(change(key)), cancellation).ConfigureAwait(false)).TryGet(out var changed, out _) ? changed : null;

    private async Task<Outcome<ApiKey>> TryChangeAsync(string keyId, Func<ApiKey, Task<Outcome<ApiKey>>> change, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var (key, etag) = await ReadAsync(keyId, cancellation).ConfigureAwait(false);
            if (key is null)
            {
                return Refusal.NotFound("API key");
            }

            if (!(await change(key).ConfigureAwait(false)).TryGet(out var changed, out var refusal))
            {
                return refusal;
            }

            var write = new RowWrite(WriteKind.Replace, new Row(keyId, RowJson.Write(changed), null, etag));
            if (changed == key || await store.CommitUntilKnownAsync(PartitionOf(keyId), [write], cancellation).ConfigureAwait(false) is CommitResult.Committed)
            {
                return changed;
            }
        }

        throw new StorageUnavailableException("Too many writers contend for the key.");
    }

    private async Task<Outcome<ApiKey>> RotatedAsync(ApiKey former, ApiKey key, DateTimeOffset endsAt, CancellationToken cancellation)
    {
        var successor = former.SuccessorId is { } id ? await FindAsync(id, cancellation).ConfigureAwait(false) : null;
        return KeyRotation.Rotate(former, successor, key.Id, endsAt, Now);
    }

    /// <summary>Takes a key back that was stored and shown to nobody: first what works of it.</summary>
    private async Task TakeBackAsync(ApiKey key, string workspaceId)
    {
        await store.CommitUntilKnownAsync(PartitionOf(key.Id), [RowWrite.Delete(key.Id)], default).ConfigureAwait(false);
        await ForgetAsync(key.AccountId, [key.Id]).ConfigureAwait(false);
        await ChangeRingAsync(workspaceId, ring => ring.Without(key)).ConfigureAwait(false);
    }

    private async Task ChangeRingAsync(string workspaceId, Func<KeyRing, KeyRing> change) =>
        await writer.SubmitAsync(workspaceId, new Work<bool>((unit, _) => Change(unit, change)) { Reads = [KeyRing.Key], ReadsAccount = false }).ConfigureAwait(false);

    private static bool Change(UnitOfWork unit, Func<KeyRing, KeyRing> change)
    {
        if (unit.TryFind<KeyRing>(KeyRing.Key, out var ring))
        {
            unit.Put(change(ring));
        }

        return true;
    }

    private async Task<Outcome<RingChange>> AddToRingAsync(Func<KeyRing, DateTimeOffset, Outcome<KeyRing>> add, string workspaceId, ImmutableArray<ApiKey>? stored)
    {
        var done = await writer.SubmitAsync(workspaceId, new Work<RingChange>((unit, _) => Add(unit, add, stored)) { Reads = [KeyRing.Key] }).ConfigureAwait(false);
        return done?.Outcome ?? Refusal.NotFound("workspace");
    }

    private static Outcome<RingChange> Add(UnitOfWork unit, Func<KeyRing, DateTimeOffset, Outcome<KeyRing>> add, ImmutableArray<ApiKey>? stored)
    {
        var former = unit.TryFind<KeyRing>(KeyRing.Key, out var found) ? found : new KeyRing();
        var ring = stored is { } keys ? former.Corrected(keys, unit.Now) : former;
        if (!add(ring, unit.Now).TryGet(out var next, out var refusal))
        {
            return refusal;
        }

        unit.Put(next);
        return new RingChange([.. former.Keys.Select(one => one.Id).Except(next.Keys.Select(one => one.Id))]);
    }

    /// <summary>Takes the pointers of keys that have left the list. One that stays is harmless: its key says when it ended.</summary>
    private async Task ForgetAsync(string accountId, ImmutableArray<string> gone)
    {
        foreach (var id in gone)
        {
            await store.CommitUntilKnownAsync(OwnerOf(accountId), [RowWrite.Delete(PointerPrefix + id)], default).ConfigureAwait(false);
        }
    }

    private async Task<ImmutableArray<ApiKey>> StoredAsync(string accountId, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<ApiKey>();
        await foreach (var some in store.RowsAsync(OwnerOf(accountId), KeyRange.StartingWith(PointerPrefix), cancellation).Chunk(ReadAtOnce).ConfigureAwait(false))
        {
            var keys = await Task.WhenAll(some.Select(row => FindAsync(row.Key[PointerPrefix.Length..], cancellation))).ConfigureAwait(false);
            found.AddRange(keys.OfType<ApiKey>());
        }

        return found.ToImmutable();
    }

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

    /// <param name="Gone">Keys that are in the ring no longer.</param>
    private sealed record RingChange(ImmutableArray<string> Gone);
}
