using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Development;

/// <summary>A clock that stands still until it is moved. For development and tests only.</summary>
public sealed class DevClock(DateTimeOffset now) : TimeProvider
{
    private long _now = Instants.Milliseconds(now).ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _now));

    /// <summary>Moves it forward.</summary>
    /// <returns>False when that would be backward.</returns>
    public bool TryMove(DateTimeOffset to)
    {
        var target = to.ToUnixTimeMilliseconds();
        long now;
        do
        {
            now = Interlocked.Read(ref _now);
            if (target < now)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _now, target, now) != now);

        return true;
    }
}

/// <summary><c>PUT /dev/clock</c>: moves the development clock. The route exists only with the setting that stops the clock.</summary>
public static class MoveClock
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("MoveClock", "PUT", Routes.DevClock, Access.Anyone, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var now = call.Body.Instant("now");
        if (now is null && call.Body.Find("now") is null)
        {
            call.Body.Reject("now", "is required");
        }

        if (call.Body.Mistakes is null && !((DevClock)call.Backend.Clock).TryMove(now!.Value))
        {
            call.Body.Reject("now", $"must not be before {Instants.Text(call.Now)}: the clock moves forward only");
        }

        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        // Retries of webhooks have bells of their own, but the queue's time does not move with this clock.
        await call.Backend.Jobs.RunAsync(Queues.Webhooks, call.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new ClockView(call.Now));
    }
}

/// <summary>What the clock shows.</summary>
public sealed record ClockView(DateTimeOffset Now);
