using Billing.Simulation.Instances;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;

namespace Billing.Simulation.Clients;

/// <summary>What came back of a request.</summary>
/// <param name="Vanished">The process that it was sent to died over it.</param>
internal sealed record Heard<T>(T? Done, Exception? Exception, bool Vanished);

/// <summary>How requests are sent: to a process that may die over them, and again while no answer comes.</summary>
internal static class Sending
{
    private const int MostTries = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(20);

    /// <summary>Sends it to a process, and waits for its answer or its end.</summary>
    public static async Task<Heard<T>> HearAsync<T>(World world, Instance instance, Func<Task<T?>> send)
    {
        var heard = new TaskCompletionSource<Heard<T>>();
        instance.Life.OnEnd(() => heard.TrySetResult(new Heard<T>(default, null, Vanished: true)));
        world.Unanswered++;
        _ = ForwardAsync(send, heard);
        var result = await heard.Task;
        world.Unanswered--;
        return result;
    }

    /// <summary>Sends it again, soon or hours later, until there is an answer or the client gives up.</summary>
    /// <param name="world">Where it happens.</param>
    /// <param name="label">For the trace.</param>
    /// <param name="repeats">False for a client that gives up at once.</param>
    /// <param name="send">Null when no answer came.</param>
    /// <param name="dice">The client's.</param>
    public static async Task<T?> UntilAnsweredAsync<T>(World world, string label, bool repeats, Func<Task<T?>> send, Dice dice)
        where T : class
    {
        var firstAt = world.Loop.Now;
        for (var tries = 1; ; tries++)
        {
            if (await send() is { } done)
            {
                return done;
            }

            var wait = Wait(dice);
            if (!repeats || tries >= MostTries || world.Loop.Now + wait - firstAt >= Longest)
            {
                world.Trace.Say(world.Loop.Now, "", $"{label} is given up");
                return null;
            }

            await world.Loop.Wait(wait);
        }
    }

    private static async Task ForwardAsync<T>(Func<Task<T?>> send, TaskCompletionSource<Heard<T>> heard)
    {
        try
        {
            heard.TrySetResult(new Heard<T>(await send(), null, Vanished: false));
        }
#pragma warning disable CA1031 // the client hears of it, whatever it is
        catch (Exception exception)
#pragma warning restore CA1031
        {
            heard.TrySetResult(new Heard<T>(default, exception, Vanished: false));
        }
    }

    private static TimeSpan Wait(Dice dice) => dice.Below(10) switch
    {
        < 5 => TimeSpan.FromMilliseconds(dice.Between(1, 200)),
        < 8 => TimeSpan.FromMilliseconds(dice.Between(200, 30_000)),
        _ => TimeSpan.FromSeconds(dice.Between(30, 5 * 3_600)),
    };
}
