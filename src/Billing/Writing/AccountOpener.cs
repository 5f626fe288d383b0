using Billing.Accounts;

namespace Billing.Writing;

/// <summary>Opens accounts: the one write that has no account to begin with.</summary>
public sealed class AccountOpener(WriterPorts ports)
{
    /// <summary>Opens an account in one transaction; an account that is there already stays as it is.</summary>
    /// <returns>The account as opened, or as it was opened before.</returns>
    public async Task<Outcome<Account>> OpenAsync(CreateAccount command, CancellationToken cancellation)
    {
        var now = Instants.Milliseconds(ports.Clock.GetUtcNow());
        var outcome = AccountDecisions.Create(command, ports.Catalogs[command.Product], now);
        if (outcome is not Outcome<Draft>.Accepted { Value: var draft })
        {
            return ((Outcome<Draft>.Declined)outcome).Refusal;
        }

        foreach (var link in DueLink.Of(draft.Account, now).Append(DueLink.NextAudit(command.WorkspaceId, now)))
        {
            await DueLinks.PutAsync(ports.Ledger, link, [command.WorkspaceId], cancellation).ConfigureAwait(false);
        }

        var (_, account) = AccountRows.Store(draft.Account with { Version = 1 }, former: null);
        var writes = draft.Written.Values.Select(record => new RowWrite(WriteKind.Insert, RowJson.ToRow(record!))).Concat(account);
        var result = await ports.Ledger.CommitUntilKnownAsync(new Partition(Table.Ledger, command.WorkspaceId), [.. writes], cancellation).ConfigureAwait(false);
        if (result is CommitResult.Committed)
        {
            return draft.Account;
        }

        var stored = await AccountRows.LoadAsync(ports.Ledger, command.WorkspaceId, null, cancellation).ConfigureAwait(false);
        return stored is null
            ? throw new StorageUnavailableException("The account was refused as a duplicate, but is not there.")
            : new Outcome<Account>.AlreadyApplied(stored.Account);
    }
}
