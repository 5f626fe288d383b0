using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Events;
using Billing.Simulation.Instances;
using Billing.Simulation.Time;

namespace Billing.Simulation.Runs;

/// <summary>What comes after the faults: timers and queues alone must bring everything to its end.</summary>
internal static class Convergence
{
    private const long MostTurns = 2_000_000;
    private const int MostRounds = 40;

    /// <summary>Lets hours go by until nothing is due any more, and days until nothing waits for a later attempt.</summary>
    public static void Reach(World world, Dice dice)
    {
        Finish(world);
        for (var round = 0; round < MostRounds && !world.Loop.Stopped; round++)
        {
            world.Loop.RunUntil(NextLook(world));
            foreach (var (job, _) in Schedules.All)
            {
                _ = dice.Pick(world.Instances).TickAsync(job);
            }

            Finish(world);
            Drain(world, dice);
            if (round > 2 && !Overdue(world).Any() && !Waits(world))
            {
                break;
            }
        }

        world.Require(!Overdue(world).Any(), "The due index is empty of the past", () => string.Join(' ', Overdue(world).Select(partition => partition.Key)));
    }

    private static DateTimeOffset NextLook(World world)
    {
        var soon = world.Loop.Now + TimeSpan.FromMinutes(65);
        var next = world.Tables.Partitions(Table.Schedule).Select(DueIndexEntry.Of).Where(entry => entry.Job == Queues.Webhooks).Select(entry => (DateTimeOffset?)entry.EndsAt).Min();
        return next > soon ? next.Value : soon;
    }

    private static bool Waits(World world) => world.Tables.Partitions(Table.Ledger).Any(partition => world.Tables.Rows(partition, ScheduledAttempt.Prefix).Any());

    /// <summary>Lets consumers work until no message is left.</summary>
    public static void Drain(World world, Dice dice)
    {
        for (var round = 0; world.Queues.Count > 0 && !world.Loop.Stopped; round++)
        {
            // Each refund that waits has a message for every run of its job while nobody consumed any, and a batch has dozens.
            if (!world.Require(round < 1_000, "Queues run empty", () => $"{world.Queues.Count} messages are left"))
            {
                return;
            }

            foreach (var queue in world.AllQueues.Where(queue => world.Queues.Visible(queue) > 0))
            {
                _ = Pick(world, dice).PumpAsync(queue, 32);
            }

            Finish(world);
            if (world.Queues.NextVisibleAt is { } next && next > world.Loop.Now)
            {
                world.Loop.RunUntil(next);
            }
        }
    }

    private static Instance Pick(World world, Dice dice) => dice.Pick(world.Instances);

    private static void Finish(World world) => world.Require(world.Loop.RunOut(MostTurns), "Work comes to an end", () => $"not within {MostTurns} turns");

    private static IEnumerable<Partition> Overdue(World world) =>
        world.Tables.Partitions(Table.Schedule).Where(partition => DueIndexEntry.Of(partition).EndsAt <= world.Loop.Now - TimeSpan.FromMinutes(66));
}
