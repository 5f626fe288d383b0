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
    public const int MostMemberships = 500;

    private const string ProfileKey = "profile";
    private const string MembershipPrefix = "workspace:";
    private const string FormerPrefix = "left:";

    public Task<Account?> FindAsync(string accountId, CancellationToken cancellation) => ReadAsync<Account>(PartitionOf(accountId), ProfileKey, cancellation);

    /// <summary>Stores an account with its personal workspace; nothing when it is there already.</summary>
    public Task AddAsync(Account account, CancellationToken cancellation)
    {
        var personal = new Membership(account.WorkspaceId, account.Name, WorkspaceType.Personal, MemberRole.Owner);
        return store.CommitUntilKnownAsync(PartitionOf(account.AccountId), [Profile(account), Write(personal)], cancellation);
    }

    /// <summary>The ids that belong to the seller's id: those given, unless others were taken for it before.</summary>
    public async Task<ExternalLink> LinkAsync(string product, string externalId, ExternalLink link, CancellationToken cancellation)
    {
        var result = await store.CommitUntilKnownAsync(ExternalPartition(product, externalId), [Profile(link)], cancellation).ConfigureAwait(false);
        return result is CommitResult.Committed
            ? link
            : await FindLinkAsync(product, externalId, cancellation).ConfigureAwait(false) ?? link;
    }

    public Task<ExternalLink?> FindLinkAsync(string product, string externalId, CancellationToken cancellation) =>
        ReadAsync<ExternalLink>(ExternalPartition(product, externalId), ProfileKey, cancellation);

    /// <summary>The workspaces of an account, its personal one among them.</summary>
    public async Task<ImmutableArray<Membership>> MembershipsAsync(string accountId, CancellationToken cancellation)
    {
        var list = await store.ListAsync(PartitionOf(accountId), KeyRange.StartingWith(MembershipPrefix), MostMemberships, cancellation).ConfigureAwait(false);
        return [.. list.Rows.Select(row => RowJson.Read<Membership>(row.Data))];
    }

    public Task<Membership?> MembershipAsync(string accountId, string workspaceId, CancellationToken cancellation) =>
        ReadAsync<Membership>(PartitionOf(accountId), MembershipPrefix + workspaceId, cancellation);

    public Task JoinAsync(string accountId, Membership membership, CancellationToken cancellation) =>
        store.CommitUntilKnownAsync(PartitionOf(accountId), [Write(membership)], cancellation);

    public Task LeaveAsync(string accountId, string workspaceId, CancellationToken cancellation) =>
        store.CommitUntilKnownAsync(
            PartitionOf(accountId),
            [RowWrite.Delete(MembershipPrefix + workspaceId), new RowWrite(WriteKind.Put, new Row(FormerPrefix + workspaceId, "{}"))],
            cancellation);

    /// <summary>True of a member that has left: what was begun for it is ended without it.</summary>
    public async Task<bool> HasLeftAsync(string accountId, string workspaceId, CancellationToken cancellation) =>
        await store.ReadAsync(PartitionOf(accountId), FormerPrefix + workspaceId, cancellation).ConfigureAwait(false) is not null;

    private async Task<T?> ReadAsync<T>(Partition partition, string key, CancellationToken cancellation)
        where T : class => RowJson.ReadAny<T>(await store.ReadAsync(partition, key, cancellation).ConfigureAwait(false));

    private static RowWrite Profile(object record) => new(WriteKind.Insert, new Row(ProfileKey, RowJson.Write(record)));

    private static RowWrite Write(Membership membership) =>
        new(WriteKind.Put, new Row(MembershipPrefix + membership.WorkspaceId, RowJson.Write(membership)));

    private static Partition PartitionOf(string accountId) => new(Table.People, accountId);

    private static Partition ExternalPartition(string product, string externalId) => new(
        Table.People,
        $"ext:{product}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(externalId)).AsSpan(0, 16))}");
}
