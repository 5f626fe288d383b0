using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Billing.Webhooks;

/// <summary>
/// An endpoint's lane as this process found or holds it. Every write of deliveries goes through it and rewrites the lane at its version, so a holder that
/// lost the lane can write nothing any more.
/// </summary>
internal sealed class LaneHold(WebhookPorts ports, Partition partition, string endpointKey)
{
    private const int MostSends = 4;
    private string? _etag;
    private string? _written;

    /// <summary>As last read or written.</summary>
    public EndpointLane Lane { get; private set; } = new() { EndpointKey = endpointKey, Token = "" };

    /// <summary>Reads it.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        if (await ports.Ledger.ReadAsync(partition, EndpointLane.KeyOf(endpointKey), cancellation).ConfigureAwait(false) is { } row)
        {
            (Lane, _etag) = (RowJson.Read<EndpointLane>(row.Data), row.ETag);
        }
    }

    /// <summary>Takes the lane, from nobody or from a holder that is dead.</summary>
    /// <returns>False when somebody else took it in the meantime.</returns>
    public Task<bool> TryTakeAsync() => TryWriteAsync([], Lane with { Held = true });

    /// <summary>Gives the lane back, unless it is somebody else's by now.</summary>
    public Task ReleaseAsync() => Lane.Token == _written ? TryWriteAsync([], Lane with { Held = false }) : Task.CompletedTask;

    /// <summary>Writes rows of deliveries and the lane in one transaction.</summary>
    /// <returns>False when the lane is somebody else's by now, or a row was gone; nothing was written then.</returns>
    /// <exception cref="StorageUnavailableException">It may not be stored.</exception>
    public async Task<bool> TryWriteAsync(ImmutableArray<RowWrite> rows, EndpointLane lane)
    {
        var next = lane with { Token = RandomNumberGenerator.GetHexString(16, lowercase: true) };
        var row = RowJson.ToRow(next) with { ETag = _etag };
        var writes = rows.Add(new RowWrite(_etag is null ? WriteKind.Insert : WriteKind.Replace, row));
        var doubtful = false;
        for (var sent = 1; sent <= MostSends; sent++)
        {
            switch (await SendAsync(writes).ConfigureAwait(false))
            {
                case CommitResult.Committed { ETags: var etags }:
                    (Lane, _etag, _written) = (next, etags[^1], next.Token);
                    return true;
                case CommitResult.Unknown:
                    doubtful = true;
                    break;
                case not null:
                    return doubtful && await WasStoredAsync(next).ConfigureAwait(false);
            }

            await ports.Backoff(sent).ConfigureAwait(false);
        }

        throw new StorageUnavailableException("Storage did not say whether the deliveries were stored.");
    }

    /// <returns>Null when storage could not be reached.</returns>
    private async Task<CommitResult?> SendAsync(ImmutableArray<RowWrite> writes)
    {
        try
        {
            return await ports.Ledger.CommitAsync(partition, writes, default).ConfigureAwait(false);
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }

    /// <summary>An earlier copy of the transaction may be what stood in the way of a later one.</summary>
    private async Task<bool> WasStoredAsync(EndpointLane written)
    {
        await ReadAsync(default).ConfigureAwait(false);
        if (Lane.Token != written.Token)
        {
            return false;
        }

        _written = written.Token;
        return true;
    }
}
