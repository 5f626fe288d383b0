using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>Opens accounts: the one write that has no account to begin with.</summary>
public sealed class WorkspaceOpener(WriterPorts ports)
{
    /// <summary>Opens an account in one transaction; an account that is there already stays as it is.</summary>
    /// <returns>The account as opened, or as it was opened before, whatever is sold by now.</returns>
    public async Task<Outcome<Workspace>> OpenAsync(OpenWorkspace command, CancellationToken cancellation)
    {
        var now = Instants.Milliseconds(ports.Clock.GetUtcNow());
        var catalog = await ports.CatalogOfAsync(command.Product).ConfigureAwait(false);
        if (!WorkspaceDecisions.Create(command, catalog, now).TryGet(out var unit, out var refusal))
        {
            return await FindAsync(command.WorkspaceId, cancellation).ConfigureAwait(false) is { } there ? new Outcome<Workspace>.AlreadyApplied(there) : refusal;
        }

        foreach (var entry in DueIndexEntry.Of(unit.Workspace, now).Append(DueIndexEntry.NextAudit(command.WorkspaceId, now)))
        {
            await DueIndex.PutAsync(ports.Store, entry, [command.WorkspaceId], cancellation).ConfigureAwait(false);
        }

        var (_, account) = WorkspaceRows.Store(unit.Workspace with { Version = 1 }, former: null);
        var writes = unit.Records.Select(record => new RowWrite(WriteKind.Insert, RowJson.ToRow(record))).Concat(account);
        var result = await ports.Store.CommitUntilKnownAsync(new Partition(Table.Ledger, command.WorkspaceId), [.. writes], cancellation).ConfigureAwait(false);
        if (result is CommitResult.Committed)
        {
            return unit.Workspace;
        }

        return await FindAsync(command.WorkspaceId, cancellation).ConfigureAwait(false) is { } opened
            ? new Outcome<Workspace>.AlreadyApplied(opened)
            : throw new StorageUnavailableException("The account was refused as a duplicate, but is not there.");
    }

    private async Task<Workspace?> FindAsync(string workspaceId, CancellationToken cancellation) =>
        (await WorkspaceRows.LoadAsync(ports.Store, workspaceId, null, cancellation).ConfigureAwait(false))?.Workspace;
}
