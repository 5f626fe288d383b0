using Billing.Catalogs;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>Opens accounts: the one write that has no account to begin with.</summary>
public sealed class WorkspaceOpener(WriterPorts ports)
{
    public Task<Outcome<Workspace>> OpenAsync(OpenWorkspace command, CancellationToken cancellation) =>
        OpenAsync(command.WorkspaceId, command.Product, (catalog, now) => WorkspaceDecisions.Create(command, catalog, now), cancellation);

    /// <summary>Opens a workspace that comes from elsewhere.</summary>
    /// <inheritdoc cref="OpenAsync(string, string, Func{Catalog, DateTimeOffset, Outcome{UnitOfWork}}, CancellationToken)"/>
    public Task<Outcome<Workspace>> OpenAsync(ImportWorkspace command, CancellationToken cancellation) =>
        OpenAsync(command.WorkspaceId, command.Product, (catalog, now) => ImportDecisions.Open(command, catalog, now), cancellation);

    /// <summary>Opens an account in one transaction; an account that is there already stays as it is.</summary>
    /// <returns>The account as opened, or as it was opened before, whatever is sold by now.</returns>
    private async Task<Outcome<Workspace>> OpenAsync(string workspaceId, string product, Func<Catalog, DateTimeOffset, Outcome<UnitOfWork>> create, CancellationToken cancellation)
    {
        var now = Instants.Milliseconds(ports.Clock.GetUtcNow());
        var catalog = await ports.CatalogOfAsync(product).ConfigureAwait(false);
        if (!create(catalog, now).TryGet(out var unit, out var refusal))
        {
            return await FindAsync(workspaceId, cancellation).ConfigureAwait(false) is { } there ? new Outcome<Workspace>.AlreadyApplied(there) : refusal;
        }

        foreach (var entry in DueIndexEntry.Of(unit).Append(DueIndexEntry.NextAudit(workspaceId, now)))
        {
            await DueIndex.PutAsync(ports.Store, entry, [workspaceId], cancellation).ConfigureAwait(false);
        }

        var outgoing = OutgoingMessages.For(unit);
        var messages = new OutgoingMessages(ports.Messages, workspaceId);
        await messages.SendAsync(outgoing).ConfigureAwait(false);
        if (await WorkspaceRows.OpenAsync(ports.Store, unit, cancellation).ConfigureAwait(false) is CommitResult.Committed)
        {
            messages.Reveal(outgoing);
            return unit.Workspace;
        }

        return await FindAsync(workspaceId, cancellation).ConfigureAwait(false) is { } opened
            ? new Outcome<Workspace>.AlreadyApplied(opened)
            : throw new StorageUnavailableException("The account was refused as a duplicate, but is not there.");
    }

    private async Task<Workspace?> FindAsync(string workspaceId, CancellationToken cancellation) =>
        (await WorkspaceRows.LoadAsync(ports.Store, workspaceId, null, cancellation).ConfigureAwait(false))?.Workspace;
}
