namespace Billing.Client.Testing.InProcess;

/// <summary>
/// Moves the clock so that whoever waits on it is woken in time: in small steps, each of which gives those that were woken a chance to send what they want to
/// send, hear the answer, and wait again. Who is slower than that is late by a step, not by all the time that is to pass.
/// </summary>
internal sealed class Advance(FakeClock clock, InProcessHandler requests)
{
    private const int Turns = 50;
    private const int MostTurns = 2_000;
    private const int Breaths = 100;
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(1);
    private bool _woken;

    public async Task ToAsync(DateTimeOffset target)
    {
        _woken = requests.UnderWay > 0;
        await QuietAsync().ConfigureAwait(false);
        while (await NextTimerAsync(target).ConfigureAwait(false) is { } next)
        {
            var step = clock.GetUtcNow() + LongestStep;
            clock.MoveTo(next < step ? next : step);
            _woken = true;
            await QuietAsync().ConfigureAwait(false);
        }

        clock.MoveTo(target);
        await QuietAsync().ConfigureAwait(false);
    }

    /// <summary>The next timer until then; null where there is none. Where somebody was woken just now, it has a moment to say that it waits again.</summary>
    private async Task<DateTimeOffset?> NextTimerAsync(DateTimeOffset target)
    {
        for (var breath = 0; clock.NextTimerAt is not { } next || next > target; breath++)
        {
            if (!_woken || breath == Breaths)
            {
                _woken = false;
                return null;
            }

            await Task.Delay(Breath).ConfigureAwait(false);
            await QuietAsync().ConfigureAwait(false);
        }

        return clock.NextTimerAt;
    }

    /// <summary>Until no request is under way and, for a while, no answer is being read, and a few turns more. It ends in the thread pool, where a timer's callback runs whatever waits for it at once.</summary>
    private async Task QuietAsync()
    {
        for (var turn = 0; turn < Turns || requests.UnderWay > 0 || (requests.Heard > 0 && turn < MostTurns); turn++)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }
}
