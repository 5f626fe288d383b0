using System.Collections.Concurrent;
using Billing.Accounts;
using Billing.Catalogs;

namespace Billing.Writing;

/// <summary>What the writer needs from outside.</summary>
/// <param name="Ledger">State.</param>
/// <param name="Doorbell">Queue messages.</param>
/// <param name="Catalogs">What is sold.</param>
/// <param name="Clock">The one clock.</param>
/// <param name="Backoff">How long to wait before a conflicting attempt is made again, by attempt; jittered.</param>
public sealed record WriterPorts(ILedger Ledger, IDoorbell Doorbell, CatalogSet Catalogs, TimeProvider Clock, Func<int, TimeSpan> Backoff);

/// <summary>
/// Changes accounts: load, decide, commit. One commit is in flight per workspace and process; what arrives meanwhile rides the next one, decided in order
/// of arrival on the same state. Other processes are kept apart by the account row's version.
/// </summary>
public sealed class AccountWriter(WriterPorts ports)
{
    private const int MostRiders = 98;
    private const int PruneEvery = 512;
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private int _entered;

    /// <summary>How many workspaces are held in memory.</summary>
    public int Held => _lanes.Count;

    /// <summary>Decides and stores. Completes when it is durable.</summary>
    /// <returns>Null when there is no such workspace.</returns>
    /// <exception cref="StorageUnavailableException">It may not be stored; the same request can be sent again with the same operation.</exception>
    public Task<Done<T>?> SubmitAsync<T>(string workspaceId, Work<T> work)
    {
        Prune();
        var rider = new Rider<T>(work);
        var lane = _lanes.GetOrAdd(workspaceId, static id => new Lane(id));
        if (lane.Enter(rider, ports.Clock.GetTimestamp()))
        {
            _ = DrainAsync(lane);
        }

        return rider.Task;
    }

    /// <summary>An account as it is now, for reading: one point read. Null when there is none.</summary>
    public async Task<Account?> ReadAsync(string workspaceId, CancellationToken cancellation)
    {
        var known = _lanes.TryGetValue(workspaceId, out var lane) ? lane.Held : null;
        var stored = await AccountRows.LoadAsync(ports.Ledger, workspaceId, known, cancellation).ConfigureAwait(false);
        return stored is null
            ? null
            : Renewals.Advance.Project(stored.Account, ports.Catalogs[stored.Account.Product], Instants.Milliseconds(ports.Clock.GetUtcNow()));
    }

    private async Task DrainAsync(Lane lane)
    {
        while (lane.Take(MostRiders) is { Count: > 0 } riders)
        {
            try
            {
                await new Round(ports, lane, riders).RunAsync().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // whatever it is, it belongs to those who wait for an answer
            catch (Exception exception)
#pragma warning restore CA1031
            {
                lane.Forget();
                riders.ForEach(rider => rider.Fail(exception));
            }
        }
    }

    private void Prune()
    {
        if (Interlocked.Increment(ref _entered) % PruneEvery != 0)
        {
            return;
        }

        var idle = ports.Clock.GetTimestamp() - (long)IdleAfter.TotalSeconds * ports.Clock.TimestampFrequency;
        foreach (var (workspaceId, lane) in _lanes)
        {
            if (lane.IsIdleSince(idle))
            {
                _lanes.TryRemove(workspaceId, out _);
            }
        }
    }
}
