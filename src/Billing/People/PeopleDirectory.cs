using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Billing.People;

/// <summary>Who may use which workspace: one partition per account, one row per membership.</summary>
/// <remarks>Links are written before what they point to; a link to nothing is nothing.</remarks>
public sealed class PeopleDirectory(ILedger ledger)
{
    /// <summary>No account belongs to more workspaces.</summary>
    public const int MostMemberships = 500;

    private const string ProfileKey = "profile";
    private const string MembershipPrefix = "workspace:";

    /// <summary>The account, or null.</summary>
    public async Task<Person?> FindAsync(string accountId, CancellationToken cancellation)
    {
        var row = await ledger.ReadAsync(PartitionOf(accountId), ProfileKey, cancellation).ConfigureAwait(false);
        return row is null ? null : RowJson.Read<Person>(row.Data);
    }

    /// <summary>Stores an account with its personal workspace; nothing when it is there already.</summary>
    public async Task AddAsync(Person person, CancellationToken cancellation)
    {
        var personal = new Membership(person.WorkspaceId, person.Name, Accounts.WorkspaceType.Personal, MemberRole.Owner);
        await ledger.CommitUntilKnownAsync(
            PartitionOf(person.AccountId),
            [new RowWrite(WriteKind.Insert, new Row(ProfileKey, RowJson.Write(person))), Write(personal)],
            cancellation).ConfigureAwait(false);
    }

    /// <summary>The ids that belong to the seller's id: those given, unless others were taken for it before.</summary>
    public async Task<ExternalLink> LinkAsync(string product, string externalId, ExternalLink link, CancellationToken cancellation)
    {
        var partition = ExternalPartition(product, externalId);
        var result = await ledger.CommitUntilKnownAsync(
            partition,
            [new RowWrite(WriteKind.Insert, new Row(ProfileKey, RowJson.Write(link)))],
            cancellation).ConfigureAwait(false);
        return result is CommitResult.Committed
            ? link
            : await FindLinkAsync(product, externalId, cancellation).ConfigureAwait(false) ?? link;
    }

    /// <summary>The ids behind the seller's id, or null.</summary>
    public async Task<ExternalLink?> FindLinkAsync(string product, string externalId, CancellationToken cancellation)
    {
        var row = await ledger.ReadAsync(ExternalPartition(product, externalId), ProfileKey, cancellation).ConfigureAwait(false);
        return row is null ? null : RowJson.Read<ExternalLink>(row.Data);
    }

    /// <summary>The workspaces of an account, its personal one among them.</summary>
    public async Task<ImmutableArray<Membership>> MembershipsAsync(string accountId, CancellationToken cancellation)
    {
        var page = await ledger.ListAsync(
            PartitionOf(accountId), KeyRange.StartingWith(MembershipPrefix), MostMemberships, null, null, cancellation).ConfigureAwait(false);
        return [.. page.Rows.Select(row => RowJson.Read<Membership>(row.Data))];
    }

    /// <summary>The account's membership of one workspace, or null.</summary>
    public async Task<Membership?> MembershipAsync(string accountId, string workspaceId, CancellationToken cancellation)
    {
        var row = await ledger.ReadAsync(PartitionOf(accountId), MembershipPrefix + workspaceId, cancellation).ConfigureAwait(false);
        return row is null ? null : RowJson.Read<Membership>(row.Data);
    }

    /// <summary>Lets an account use a workspace.</summary>
    public Task JoinAsync(string accountId, Membership membership, CancellationToken cancellation) =>
        ledger.CommitUntilKnownAsync(PartitionOf(accountId), [Write(membership)], cancellation);

    /// <summary>Lets an account use a workspace no longer.</summary>
    public Task LeaveAsync(string accountId, string workspaceId, CancellationToken cancellation) =>
        ledger.CommitUntilKnownAsync(PartitionOf(accountId), [new RowWrite(WriteKind.Delete, new Row(MembershipPrefix + workspaceId, ""))], cancellation);

    private static RowWrite Write(Membership membership) =>
        new(WriteKind.Put, new Row(MembershipPrefix + membership.WorkspaceId, RowJson.Write(membership)));

    private static Partition PartitionOf(string accountId) => new(Table.People, accountId);

    private static Partition ExternalPartition(string product, string externalId) => new(
        Table.People,
        $"ext:{product}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(externalId)).AsSpan(0, 16))}");
}
