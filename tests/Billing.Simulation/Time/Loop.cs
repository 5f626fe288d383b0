using Billing.Engine.Committing;

namespace Billing.Simulation.Time;

/// <summary>
/// Virtual time, and everything that happens in it, one turn after the other on one thread. What is due at the same instant happens in an order that the
/// dice choose. Time stands still within a turn and jumps to the next one, so a month costs nothing.
/// </summary>
/// <remarks>
/// The product runs inside the turns. Its awaits all end in tasks that a turn completes, and on a thread without a synchronization context and with the
/// default scheduler a continuation runs at once in the thread that completes its task; so nothing of it ever runs anywhere else, and its order is the
/// loop's. Where the product asks for a thread of its own (<see cref="WriterPorts.Start"/>) it is given a turn.
/// <see cref="Here"/> proves it: work that escaped would fail there.
/// </remarks>
internal sealed class Loop(DateTimeOffset start, Dice dice)
{
    private readonly PriorityQueue<Action, (long At, ulong Order)> _turns = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>The virtual instant.</summary>
    public DateTimeOffset Now { get; private set; } = start;

    /// <summary>How many turns were taken.</summary>
    public long Turns { get; private set; }

    /// <summary>True when something is still to happen.</summary>
    public bool Busy => _turns.Count > 0;

    /// <summary>Set to end the run before the next turn.</summary>
    public bool Stopped { get; set; }

    /// <summary>Lets something happen later.</summary>
    public void After(TimeSpan delay, Action turn)
    {
        Here();
        _turns.Enqueue(turn, (Now.Ticks + delay.Ticks, dice.Next()));
    }

    /// <summary>A task that is over after a while.</summary>
    public Task Wait(TimeSpan delay)
    {
        var over = new TaskCompletionSource();
        After(delay, over.SetResult);
        return over.Task;
    }

    /// <summary>Lets happen what happens up to an instant, which it then is.</summary>
    public void RunUntil(DateTimeOffset instant)
    {
        while (!Stopped && _turns.TryPeek(out _, out var due) && due.At <= instant.Ticks)
        {
            Turn();
        }

        Now = instant > Now ? instant : Now;
    }

    /// <summary>Lets everything happen that is under way.</summary>
    /// <returns>False when it does not come to an end.</returns>
    public bool RunOut(long mostTurns)
    {
        for (var turn = 0L; !Stopped && Busy; turn++)
        {
            if (turn == mostTurns)
            {
                return false;
            }

            Turn();
        }

        return true;
    }

    /// <summary>Fails on any thread but the loop's own.</summary>
    public void Here()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Environment.FailFast("Simulated work has left the simulation's thread: its order would not be repeatable.");
        }
    }

    private void Turn()
    {
        _turns.TryDequeue(out var turn, out var due);
        Now = new DateTimeOffset(Math.Max(due.At, Now.Ticks), TimeSpan.Zero);
        Turns++;
        turn!();
    }
}
