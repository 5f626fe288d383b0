using Microsoft.Extensions.Logging;

namespace Billing.Client;

/// <summary>Keeps a generation alive until it is disposed of.</summary>
/// <remarks>
/// How much time is left is known without comparing clocks: it begins with what the backend gives; each heartbeat adds what it moved the expiry by, and what
/// passed here is taken off.
/// </remarks>
internal sealed class Heartbeat : IAsyncDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestWaitAfterFailure = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _done = new();
    private readonly BillingClient _client;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _id;
    private readonly Task _beating;
    private DateTimeOffset _expiresAt;
    private TimeSpan _left;
    private long _leftAt;

    /// <param name="client">Sends it.</param>
    /// <param name="generation">As it is now.</param>
    /// <param name="left">How long until it expires.</param>
    /// <param name="clock">Waits.</param>
    /// <param name="logger">Is told of those that fail.</param>
    public Heartbeat(BillingClient client, Generation generation, TimeSpan left, TimeProvider clock, ILogger logger)
    {
        (_client, _clock, _logger, _id, _expiresAt) = (client, clock, logger, generation.Id, generation.ExpiresAt);
        (_left, _leftAt) = (left, clock.GetTimestamp());
        Lost = _lost.Token;
        _beating = BeatAsync();
    }

    /// <summary>Ends when the generation is over, settled elsewhere or expired.</summary>
    public CancellationToken Lost { get; }

    private TimeSpan Left => _left - _clock.GetElapsedTime(_leftAt);

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        _done.Dispose();
        _lost.Dispose();
    }

    private async Task BeatAsync()
    {
        var wait = Third();
        while (await WaitedAsync(wait).ConfigureAwait(false))
        {
            try
            {
                Extend(await SendAsync().ConfigureAwait(false));
                wait = Third();
            }
            catch (OperationCanceledException) when (_done.IsCancellationRequested)
            {
                return;
            }
            catch (BillingRefusedException refused) when (refused.Problem.Code is ProblemCodes.AlreadySettled or ProblemCodes.NotFound)
            {
                await LoseAsync().ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (exception is BillingException or OperationCanceledException)
            {
                ClientLog.HeartbeatFailed(_logger, exception, _id, (long)Left.TotalSeconds);
                wait = Between(ShortestWait, Left / 6, LongestWaitAfterFailure);
            }
        }
    }

    // One that hangs must leave time for another.
    private async Task<Generation> SendAsync()
    {
        using var limit = new CancellationTokenSource(Third(), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_done.Token, limit.Token);
        return await _client.HeartbeatAsync(_id, either.Token).ConfigureAwait(false);
    }

    private TimeSpan Third() => Between(ShortestWait, Left / 3, LongestWait);

    private async Task<bool> WaitedAsync(TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, _clock, _done.Token).ConfigureAwait(false);
            return !_done.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Extend(Generation alive)
    {
        (_left, _leftAt) = (Left + (alive.ExpiresAt - _expiresAt), _clock.GetTimestamp());
        _expiresAt = alive.ExpiresAt;
    }

    private async Task LoseAsync()
    {
        if (!_done.IsCancellationRequested)
        {
            ClientLog.Lost(_logger, _id);
            await _lost.CancelAsync().ConfigureAwait(false);
        }
    }

    private static TimeSpan Between(TimeSpan least, TimeSpan wanted, TimeSpan most) => wanted < least ? least : wanted > most ? most : wanted;
}
