using Billing.Api.Http;
using Billing.Engine.Due;
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
    public const string Route = "dev/clock";

    public static readonly ApiEndpoint Endpoint = new("MoveClock", "PUT", Route, Access.Anyone, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var now = request.Body.Instant("now");
        if (request.Body.Refusal() is null && !((DevClock)request.Backend.Clock).TryMove(now!.Value))
        {
            request.Body.Reject("now", $"must not be before {Instants.Text(request.Now)}: the clock moves forward only");
        }

        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        // Retries of webhooks have messages of their own, but the queue's time does not move with this clock.
        await request.Backend.Jobs.RunAsync(Queues.Webhooks, request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new ClockView(request.Now));
    }
}

/// <summary>What the clock shows.</summary>
public sealed record ClockView(DateTimeOffset Now);
