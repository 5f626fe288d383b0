using System.Collections.Concurrent;
using Billing.Accounts;
using Billing.Catalogs;

namespace Billing.Writing;

/// <summary>What the writer needs from outside.</summary>
/// <param name="Ledger">State.</param>
/// <param name="Doorbell">Queue messages.</param>
/// <param name="Catalogs">What is sold.</param>
/// <param name="Clock">The one clock of all decisions. It may stand still, so nothing ever waits for it.</param>
/// <param name="Backoff">Waits, in real time, before something is tried again; by how often it failed, from 1; jittered.</param>
public sealed record WriterPorts(ILedger Ledger, IDoorbell Doorbell, CatalogSet Catalogs, TimeProvider Clock, Func<int, Task> Backoff)
{
    /// <summary>Starts work on a thread of its own; null for the thread pool's. A simulation gives each a turn instead, so that its runs can be repeated.</summary>
    public Action<Action>? Start { get; init; }

    /// <summary>Is told of every transaction of an account; null when nobody wants to know.</summary>
    public CommitWatch? Watch { get; init; }

    internal CommitNames CommitNames { get; } = new();

    internal TaskCreationOptions Answering => Start is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;

    internal DateTimeOffset Now => Instants.Milliseconds(Clock.GetUtcNow());
}

/// <summary>
/// Changes accounts: load, decide, commit. One commit is in flight per workspace and process; what arrives meanwhile rides the next one, decided in order
/// of arrival on the same state. Other processes are kept apart by the account row's version.
/// </summary>
public sealed class AccountWriter(WriterPorts ports)
{
    private const int MostRiders = 98;
    private const int MostReaders = 32;
    private const int PruneEvery = 512;
    private const int IdleAfter = 8_192;
    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private long _submitted;

    /// <summary>How many workspaces are held in memory: those of the last 8,192 submissions, and 512 more at most.</summary>
    public int Held => _lanes.Count;

    /// <summary>Decides and stores. Completes when it is durable.</summary>
    /// <returns>Null when there is no such workspace.</returns>
    /// <exception cref="StorageUnavailableException">It may not be stored; the same request can be sent again with the same operation.</exception>
    public Task<Done<T>?> SubmitAsync<T>(string workspaceId, Work<T> work)
    {
        var rider = new Rider<T>(work, ports.Answering);
        var number = Interlocked.Increment(ref _submitted);
        if (number % PruneEvery == 0)
        {
            Prune(number - IdleAfter);
        }

        Enter(workspaceId, rider, number);
        return rider.Task;
    }

    /// <summary>An account as it is now, for reading: one point read. Null when there is none.</summary>
    public async Task<Account?> ReadAsync(string workspaceId, CancellationToken cancellation)
    {
        var known = _lanes.TryGetValue(workspaceId, out var lane) ? lane.Held : null;
        var stored = await AccountRows.LoadAsync(ports.Ledger, workspaceId, known, cancellation).ConfigureAwait(false);
        return stored is null
            ? null
            : Renewals.Advance.Project(stored.Account, ports.Catalogs[stored.Account.Product], stored.NotBefore(ports.Now));
    }

    private void Enter(string workspaceId, Rider rider, long number)
    {
        while (true)
        {
            var lane = _lanes.GetOrAdd(workspaceId, static id => new Lane(id));
            switch (lane.Enter(rider, number))
            {
                case Entry.Retired:
                    _lanes.TryRemove(KeyValuePair.Create(workspaceId, lane));
                    continue;
                case Entry.Full:
                    rider.Fail(new StorageUnavailableException("Too many requests wait for the workspace."));
                    return;
                case Entry.Drains when ports.Start is { } start:
                    start(() => _ = DrainAsync(lane));
                    return;
                case Entry.Drains:
                    // On a thread of its own, without the request's context: it will work for others, too.
                    ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Writer.DrainAsync(work.Lane), (Writer: this, Lane: lane), preferLocal: true);
                    return;
                default:
                    return;
            }
        }
    }

    private async Task DrainAsync(Lane lane)
    {
        while (lane.Take(MostRiders, MostReaders) is { Count: > 0 } riders)
        {
            await CarryAsync(lane, riders).ConfigureAwait(false);
            if (lane.IsToPause())
            {
                await PauseAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await ports.Backoff(1).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // without a pause goes as well; without the loop that pauses, everybody would wait for ever
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private async Task CarryAsync(Lane lane, List<Rider> riders)
    {
        var round = new Round(ports, lane, riders);
        try
        {
            await round.RunAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // whatever it is, it belongs to those who wait for an answer
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lane.Forget();
            if (exception is StorageUnavailableException || round.Sent || riders.Count == 1)
            {
                riders.ForEach(rider => rider.Fail(exception));
                return;
            }

            // One of them is at fault: alone, it costs the others nothing.
            foreach (var rider in riders)
            {
                await CarryAsync(lane, [rider]).ConfigureAwait(false);
            }
        }
    }

    private void Prune(long number)
    {
        foreach (var (workspaceId, lane) in _lanes)
        {
            if (lane.TryRetire(number))
            {
                _lanes.TryRemove(KeyValuePair.Create(workspaceId, lane));
            }
        }
    }
}
