using System.Collections.Concurrent;
using Billing.Catalogs;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Engine.Committing;

/// <summary>What the writer needs from outside.</summary>
/// <param name="Clock">The one clock of all decisions. It may stand still, so nothing ever waits for it.</param>
/// <param name="Backoff">Waits, in real time, before something is tried again; by how often it failed, from 1; jittered.</param>
public sealed record WriterPorts(ITableStore Store, IMessageQueue Messages, CatalogSet Catalogs, TimeProvider Clock, Func<int, Task> Backoff)
{
    /// <summary>Starts work on a thread of its own; null for the thread pool's. A simulation gives each a turn instead, so that its runs can be repeated.</summary>
    public Action<Action>? Start { get; init; }

    /// <summary>Is told of every transaction of an account; null when nobody wants to know.</summary>
    public CommitWatch? Watch { get; init; }

    /// <summary>Looks for a product or plan that the files of this instance lack and another's may have; null where all have the same.</summary>
    public Func<string, Task>? Learn { get; init; }

    internal CommitNames CommitNames { get; } = new();

    internal TaskCreationOptions Answering => Start is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;

    internal DateTimeOffset Now => Instants.Milliseconds(Clock.GetUtcNow());

    /// <summary>The catalog that a workspace is decided by: one that knows the plans which it has.</summary>
    internal ValueTask<Catalog> CatalogOfAsync(Workspace workspace)
    {
        if (workspace.Type == WorkspaceType.Feed)
        {
            // It sells nothing: nothing that is decided there asks what is sold.
            return new(Catalogs.All.First());
        }

        var subscription = workspace.Subscription is { Ended: false } running ? running : null;
        return CatalogAsync(workspace.Product, Catalogs.Unknown(workspace.Product, subscription?.Current.Plan, subscription?.Next?.Plan));
    }

    internal ValueTask<Catalog> CatalogOfAsync(string product) => CatalogAsync(product, Catalogs.Unknown(product));

    private async ValueTask<Catalog> CatalogAsync(string product, string? unknown)
    {
        if (unknown is not null && Learn is { } learn)
        {
            await learn(unknown).ConfigureAwait(false);
        }

        return Catalogs[product];
    }
}

/// <summary>
/// Changes accounts: load, decide, commit. One commit is in flight per workspace and process; what arrives meanwhile is in the next one, decided in order
/// of arrival on the same state. Other processes are kept apart by the account row's version.
/// </summary>
public sealed class WorkspaceWriter(WriterPorts ports)
{
    private const int MostInBatch = 98;
    private const int MostReaders = 32;

    // With what one of the others writes they fill a transaction.
    private const int MostRows = ITableStore.MaxWrites - Work.FewRows - 3;
    private const int PruneEvery = 512;
    private const int IdleAfter = 8_192;
    private readonly ConcurrentDictionary<string, WorkspaceQueue> _queues = new(StringComparer.Ordinal);
    private long _submitted;

    /// <summary>How many workspaces are held in memory: those of the last 8,192 submissions, and 512 more at most.</summary>
    public int Held => _queues.Count;

    /// <summary>Decides and stores. Completes when it is durable.</summary>
    /// <returns>Null when there is no such workspace.</returns>
    /// <exception cref="StorageUnavailableException">It may not be stored; the same request can be sent again with the same operation.</exception>
    public Task<WorkResult<T>?> SubmitAsync<T>(string workspaceId, Work<T> work)
    {
        var pending = new PendingWork<T>(work, ports.Answering);
        var number = Interlocked.Increment(ref _submitted);
        if (number % PruneEvery == 0)
        {
            Prune(number - IdleAfter);
        }

        Enter(workspaceId, pending, number);
        return pending.Task;
    }

    /// <summary>An account as it is now, for reading: one point read. Null when there is none.</summary>
    public async Task<Workspace?> ReadAsync(string workspaceId, CancellationToken cancellation)
    {
        var known = _queues.TryGetValue(workspaceId, out var queue) ? queue.Held : null;
        var stored = await WorkspaceRows.LoadAsync(ports.Store, workspaceId, known, cancellation).ConfigureAwait(false);
        return stored is null
            ? null
            : DueChanges.Project(stored.Workspace, await ports.CatalogOfAsync(stored.Workspace).ConfigureAwait(false), stored.NotBefore(ports.Now));
    }

    private void Enter(string workspaceId, PendingWork pending, long number)
    {
        while (true)
        {
            var queue = _queues.GetOrAdd(workspaceId, static id => new WorkspaceQueue(id));
            switch (queue.Enter(pending, number))
            {
                case Entry.Retired:
                    _queues.TryRemove(KeyValuePair.Create(workspaceId, queue));
                    continue;
                case Entry.Full:
                    pending.Fail(new StorageUnavailableException("Too many requests wait for the workspace."));
                    return;
                case Entry.Drains when ports.Start is { } start:
                    start(() => _ = DrainAsync(queue));
                    return;
                case Entry.Drains:
                    // On a thread of its own, without the request's context: it will work for others, too.
                    ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Writer.DrainAsync(state.Queue), (Writer: this, Queue: queue), preferLocal: true);
                    return;
                default:
                    return;
            }
        }
    }

    private async Task DrainAsync(WorkspaceQueue queue)
    {
        while (queue.Take(MostInBatch, MostReaders, MostRows) is { Count: > 0 } pending)
        {
            await CarryAsync(queue, pending).ConfigureAwait(false);
            if (queue.IsToPause())
            {
                // Without a pause goes as well; without this loop everybody would wait for ever.
                await PauseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task PauseAsync() => await ports.Backoff(1).ConfigureAwait(false);

    private async Task CarryAsync(WorkspaceQueue queue, List<PendingWork> pending)
    {
        var batch = new CommitBatch(ports, queue, pending);
        try
        {
            await batch.RunAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // whatever it is, it belongs to those who wait for an answer
        catch (Exception exception)
#pragma warning restore CA1031
        {
            queue.Forget();
            if (exception is StorageUnavailableException || batch.Sent || pending.Count == 1)
            {
                pending.ForEach(work => work.Fail(exception));
                return;
            }

            // One of them is at fault: alone, it costs the others nothing.
            foreach (var work in pending)
            {
                await CarryAsync(queue, [work]).ConfigureAwait(false);
            }
        }
    }

    private void Prune(long number)
    {
        foreach (var (workspaceId, queue) in _queues)
        {
            if (queue.TryRetire(number))
            {
                _queues.TryRemove(KeyValuePair.Create(workspaceId, queue));
            }
        }
    }
}
