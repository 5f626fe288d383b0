using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Billing.Accounts;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Workspaces;

namespace Billing.Engine.Directories;

/// <summary>Who may use which workspace: one partition per account, one row per membership. What points to something is written before it.</summary>
public sealed class AccountDirectory(ITableStore store)
{
    public const int MostMemberships = 1_000;

    // More were possible once.
    private const int MostRead = 10 * MostMemberships;
    private const int MostAttempts = 16;
    private const int Gates = 64;

    private const string ProfileKey = "profile";
    private const string RollKey = "roll";
    private const string MembershipPrefix = "workspace:";
    private const string FormerPrefix = "left:";
    private const string LinkPrefix = "ext:";
    private const int MostProducts = 100;

    private static readonly KeyRange Memberships = KeyRange.StartingWith(MembershipPrefix);

    private readonly Task[] _turns = [.. Enumerable.Repeat(Task.CompletedTask, Gates)];

    public Task<Account?> FindAsync(string accountId, CancellationToken cancellation) => ReadAsync<Account>(PartitionOf(accountId), ProfileKey, cancellation);

    /// <summary>Stores an account with its personal workspace. Of several that come at once one is stored, whole.</summary>
    /// <returns>The account that is stored: this one, or one that was there.</returns>
    public async Task<Account> AddAsync(Account account, CancellationToken cancellation)
    {
        var personal = new Membership(account.WorkspaceId, account.Name, WorkspaceType.Personal, MemberRole.Owner);
        var result = await store.CommitUntilKnownAsync(PartitionOf(account.AccountId), [Profile(account), Write(personal)], cancellation).ConfigureAwait(false);
        return result is CommitResult.Committed
            ? account
            : await FindAsync(account.AccountId, cancellation).ConfigureAwait(false)
                ?? throw new StorageUnavailableException("The account was refused as a duplicate, but is not there.");
    }

    /// <summary>The ids that belong to the seller's id: those given, unless others were taken for it before.</summary>
    public async Task<ExternalLink> LinkAsync(string product, string externalId, ExternalLink link, CancellationToken cancellation)
    {
        var write = new RowWrite(WriteKind.Insert, new Row(LinkPrefix + product, RowJson.Write(link)));
        var result = await store.CommitUntilKnownAsync(ExternalPartition(externalId), [write], cancellation).ConfigureAwait(false);
        return result is CommitResult.Committed
            ? link
            : await FindLinkAsync(product, externalId, cancellation).ConfigureAwait(false) ?? link;
    }

    public Task<ExternalLink?> FindLinkAsync(string product, string externalId, CancellationToken cancellation) =>
        ReadAsync<ExternalLink>(ExternalPartition(externalId), LinkPrefix + product, cancellation);

    /// <summary>Whose the seller's id is, in each product that knows it: one round trip.</summary>
    public async Task<ImmutableSortedDictionary<string, ExternalLink>> FindLinksAsync(string externalId, CancellationToken cancellation)
    {
        var list = await store.ListAsync(ExternalPartition(externalId), KeyRange.StartingWith(LinkPrefix), MostProducts, cancellation).ConfigureAwait(false);
        return list.Rows.ToImmutableSortedDictionary(row => row.Key[LinkPrefix.Length..], row => RowJson.Read<ExternalLink>(row.Data), StringComparer.Ordinal);
    }

    /// <summary>Takes the seller's id from an account that has another by now; one that is somebody else's stays.</summary>
    public async Task UnlinkAsync(string product, string externalId, string accountId, CancellationToken cancellation)
    {
        var (partition, key) = (ExternalPartition(externalId), LinkPrefix + product);
        var row = await store.ReadAsync(partition, key, cancellation).ConfigureAwait(false);
        if (RowJson.ReadAny<ExternalLink>(row)?.AccountId == accountId)
        {
            await store.CommitUntilKnownAsync(partition, [RowWrite.Delete(key, row!.ETag)], cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Changes what is stored of an account.</summary>
    /// <returns>The changed account; null when there is none.</returns>
    public async Task<Account?> ChangeAsync(string accountId, Func<Account, Account> change, CancellationToken cancellation)
    {
        var partition = PartitionOf(accountId);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var row = await store.ReadAsync(partition, ProfileKey, cancellation).ConfigureAwait(false);
            if (RowJson.ReadAny<Account>(row) is not { } account || change(account) is var changed && changed == account)
            {
                return RowJson.ReadAny<Account>(row);
            }

            var write = new RowWrite(WriteKind.Replace, new Row(ProfileKey, RowJson.Write(changed), ETag: row!.ETag));
            if (await store.CommitUntilKnownAsync(partition, [write], cancellation).ConfigureAwait(false) is CommitResult.Committed)
            {
                return changed;
            }
        }

        throw new StorageUnavailableException("Too many writers contend for the account.");
    }

    /// <summary>The workspaces of an account, its personal one among them: all of them, for no more can be joined than are shown.</summary>
    public async Task<ImmutableArray<Membership>> MembershipsAsync(string accountId, CancellationToken cancellation)
    {
        var list = await store.ListAsync(PartitionOf(accountId), Memberships, MostRead, cancellation).ConfigureAwait(false);
        return [.. list.Rows.Select(row => RowJson.Read<Membership>(row.Data))];
    }

    public Task<Membership?> MembershipAsync(string accountId, string workspaceId, CancellationToken cancellation) =>
        ReadAsync<Membership>(PartitionOf(accountId), MembershipPrefix + workspaceId, cancellation);

    /// <summary>True when the account is in a workspace or can still join it.</summary>
    public async Task<bool> HasRoomAsync(string accountId, string workspaceId, CancellationToken cancellation) =>
        await CountAsync(accountId, cancellation).ConfigureAwait(false) < MostMemberships
        || await MembershipAsync(accountId, workspaceId, cancellation).ConfigureAwait(false) is not null;

    /// <summary>
    /// Lets an account use a workspace; nothing when it does already. However many join at once, none is above the limit: each writes the roll, at the
    /// version at which it counted.
    /// </summary>
    /// <returns>False when the account is in as many workspaces as it may be.</returns>
    public async Task<bool> JoinAsync(string accountId, Membership membership, CancellationToken cancellation)
    {
        // One at a time in this process: then the roll is contended for by as many as there are instances, not requests.
        var over = new TaskCompletionSource();
        await Interlocked.Exchange(ref _turns[(accountId[^1] + (8 * accountId[^2])) % Gates], over.Task).ConfigureAwait(false);
        try
        {
            return await TryJoinAsync(accountId, membership, cancellation).ConfigureAwait(false);
        }
        finally
        {
            over.SetResult();
        }
    }

    public Task LeaveAsync(string accountId, string workspaceId, CancellationToken cancellation) =>
        store.CommitUntilKnownAsync(
            PartitionOf(accountId),
            [RowWrite.Delete(MembershipPrefix + workspaceId), new RowWrite(WriteKind.Put, new Row(FormerPrefix + workspaceId, "{}"))],
            cancellation);

    /// <summary>True of a member that has left: what was begun for it is ended without it.</summary>
    public async Task<bool> HasLeftAsync(string accountId, string workspaceId, CancellationToken cancellation) =>
        await store.ReadAsync(PartitionOf(accountId), FormerPrefix + workspaceId, cancellation).ConfigureAwait(false) is not null;

    private async Task<bool> TryJoinAsync(string accountId, Membership membership, CancellationToken cancellation)
    {
        var partition = PartitionOf(accountId);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            // Counted before it is looked for: the last place may have been taken for this very membership meanwhile.
            var roll = await store.ReadAsync(partition, RollKey, cancellation).ConfigureAwait(false);
            var count = await CountAsync(accountId, cancellation).ConfigureAwait(false);
            if (await MembershipAsync(accountId, membership.WorkspaceId, cancellation).ConfigureAwait(false) is not null)
            {
                return true;
            }

            if (count >= MostMemberships)
            {
                return false;
            }

            var guard = new RowWrite(roll is null ? WriteKind.Insert : WriteKind.Replace, new Row(RollKey, "{}", ETag: roll?.ETag));
            if (await store.CommitUntilKnownAsync(partition, [guard, Write(membership)], cancellation).ConfigureAwait(false) is CommitResult.Committed)
            {
                return true;
            }
        }

        throw new StorageUnavailableException("Too many writers contend for the account.");
    }

    private async Task<int> CountAsync(string accountId, CancellationToken cancellation) =>
        (await store.ListAsync(PartitionOf(accountId), Memberships, MostMemberships, cancellation).ConfigureAwait(false)).Rows.Length;

    private async Task<T?> ReadAsync<T>(Partition partition, string key, CancellationToken cancellation)
        where T : class => RowJson.ReadAny<T>(await store.ReadAsync(partition, key, cancellation).ConfigureAwait(false));

    private static RowWrite Profile(object record) => new(WriteKind.Insert, new Row(ProfileKey, RowJson.Write(record)));

    private static RowWrite Write(Membership membership) =>
        new(WriteKind.Put, new Row(MembershipPrefix + membership.WorkspaceId, RowJson.Write(membership)));

    private static Partition PartitionOf(string accountId) => new(Table.People, accountId);

    // All products that know an id are side by side: one read tells whether a product has to be named, too.
    private static Partition ExternalPartition(string externalId) => new(
        Table.People,
        $"ext:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(externalId)).AsSpan(0, 16))}");
}
