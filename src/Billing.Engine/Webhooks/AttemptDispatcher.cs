using Billing.Events;

namespace Billing.Engine.Webhooks;

/// <summary>
/// The attempts that are under way in this process. They are only awaits, so there can be many; no workspace and no endpoint has so many of them that the
/// others wait. What exceeds an endpoint's or a workspace's share takes the place of the next of theirs that ends.
/// </summary>
internal sealed class AttemptDispatcher(Func<DeliveryId, Task> attempt)
{
    public const int MostInFlight = 512;
    public const int MostOfWorkspace = 16;
    public const int MostOfEndpoint = 4;
    public const int MostQueued = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _stopped = new();
    private int _inFlight;
    private bool _stopping;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Starts an attempt, unless it is under way or has to wait for others of its workspace.</summary>
    /// <returns>The attempt; a completed task when there is nothing to wait for; null when no more can be under way.</returns>
    public Task? Start(DeliveryId id)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return Task.CompletedTask;
            }

            var share = _shares.GetValueOrDefault(id.WorkspaceId) ?? new Share();
            if (share.Holds(id) || !share.HasRoomFor(id))
            {
                share.Enqueue(id);
                return Task.CompletedTask;
            }

            if (_inFlight == MostInFlight)
            {
                return null;
            }

            _shares[id.WorkspaceId] = share;
            Begin(share, id);
        }

        return RunAsync(id);
    }

    /// <summary>Begins no more.</summary>
    /// <returns>Ends with the last attempt that is under way. What waits is left to its notes.</returns>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            if (_inFlight == 0)
            {
                _stopped.TrySetResult();
            }
        }

        return _stopped.Task;
    }

    private async Task RunAsync(DeliveryId id)
    {
        try
        {
            await attempt(id).ConfigureAwait(false);
        }
        finally
        {
            if (End(id) is { } next)
            {
                _ = RunAsync(next);
            }
        }
    }

    private DeliveryId? End(DeliveryId id)
    {
        lock (_gate)
        {
            var share = _shares[id.WorkspaceId];
            share.Running.Remove(id);
            _inFlight--;
            if (!_stopping && share.Dequeue() is { } next)
            {
                Begin(share, next);
                return next;
            }

            if (share.Running.Count == 0)
            {
                _shares.Remove(id.WorkspaceId);
            }

            if (_stopping && _inFlight == 0)
            {
                _stopped.TrySetResult();
            }

            return null;
        }
    }

    private void Begin(Share share, DeliveryId id)
    {
        share.Running.Add(id);
        _inFlight++;
    }

    private sealed class Share
    {
        private readonly List<DeliveryId> _queue = [];

        public HashSet<DeliveryId> Running { get; } = [];

        public bool Holds(DeliveryId id) => Running.Contains(id) || _queue.Contains(id);

        public bool HasRoomFor(DeliveryId id) =>
            Running.Count < MostOfWorkspace && !Running.Contains(id) && Running.Count(one => one.EndpointKey == id.EndpointKey) < MostOfEndpoint;

        /// <summary>Queues it once. One that is under way is looked at again: it may have been asked for anew. More than fit are left to their notes.</summary>
        public void Enqueue(DeliveryId id)
        {
            if (_queue.Count < MostQueued && !_queue.Contains(id))
            {
                _queue.Add(id);
            }
        }

        public DeliveryId? Dequeue()
        {
            var at = _queue.FindIndex(HasRoomFor);
            if (at < 0)
            {
                return null;
            }

            var id = _queue[at];
            _queue.RemoveAt(at);
            return id;
        }
    }
}
