using Billing.Engine.Audits;
using Billing.Engine.Due;
using Billing.Engine.Feed;
using Billing.Engine.Ports;
using Billing.Events;
using Billing.Tests.Committing;
using Billing.Webhooks;
using Xunit.Abstractions;

namespace Billing.Tests.Feed;

/// <summary>How events come to the seller's feed.</summary>
public sealed class FeedConsumerTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Events_of_many_workspaces_that_come_together_cost_few_round_trips_each()
    {
        const int Workspaces = 320;
        var (world, consumer) = await TwiceAsync(Workspaces);
        await ConsumeAsync(world, consumer, world.Messages.Drain(Queues.SellerEvents).Select(one => one.Message));
        foreach (var number in Enumerable.Range(0, Workspaces))
        {
            await world.Process().SubmitAsync(IdOf(number), world.Buy(20, "pay_2"));
        }

        var before = world.Store.Calls;
        await ConsumeAsync(world, consumer, Messages(world));
        var calls = world.Store.Calls - before;
        var each = (calls.Reads + (calls.Lists / 3.0) + calls.Commits) / Workspaces;
        output.WriteLine($"{each:0.00} round trips an event, besides those of its message: {calls}");
        Assert.InRange(each, 1, 4);
        Assert.Equal(Workspaces * 3, (await AllAsync(world)).Count);
    }

    [Fact]
    public async Task A_message_that_comes_again_early_late_or_for_nothing_changes_nothing()
    {
        var (world, consumer) = await TwiceAsync(1);
        var messages = Messages(world);
        Assert.Equal(ConsumptionKind.Dropped, (await consumer.ConsumeAsync(Ids.Of("evt", IdOf(0), 9), default)).Kind);
        Assert.Equal(ConsumptionKind.Parked, (await consumer.ConsumeAsync("rubbish", default)).Kind);
        foreach (var message in messages.Concat(messages).Reverse())
        {
            Assert.Equal(Consumption.Done, await consumer.ConsumeAsync(message, default));
        }

        Assert.Equal([1, 2], (await AllAsync(world)).Select(one => one.Source!.Sequence));
    }

    [Fact]
    public async Task What_lost_messages_left_out_comes_with_the_next_event_in_order()
    {
        var (world, consumer) = await TwiceAsync(1);
        Messages(world);
        foreach (var number in Enumerable.Range(2, 60))
        {
            await world.Process().SubmitAsync(IdOf(0), world.Buy(20, $"pay_{number}"));
        }

        var last = Messages(world)[^1];
        Assert.Equal(Consumption.Done, await consumer.ConsumeAsync(last, default));
        Assert.Equal(Enumerable.Range(1, 62).Select(number => (long)number), (await AllAsync(world)).Select(one => one.Source!.Sequence));
    }

    [Fact]
    public async Task Or_with_the_nights_audit()
    {
        var (world, _) = await TwiceAsync(1);
        Messages(world);
        world.Clock.Now = new DateTimeOffset(2025, 11, 2, 8, 20, 0, TimeSpan.Zero);
        await new DueJob(world.Store, world.Messages, ShardMap.One, world.Clock).RunAsync(Queues.Audits, default);
        var audit = new AuditConsumer(world.Jobs());
        foreach (var message in world.Messages.Drain(Queues.Audits))
        {
            Assert.Equal(Consumption.Done, await audit.ConsumeAsync(message.Message, default));
        }

        Assert.Equal([1, 2], (await AllAsync(world)).Select(one => one.Source!.Sequence));
    }

    [Fact]
    public async Task Two_that_append_at_once_and_one_that_dies_after_every_call_leave_each_event_once()
    {
        for (var call = 0; ; call++)
        {
            var (world, _) = await TwiceAsync(3);
            var (messages, calls, died) = (Messages(world), 0, false);
            world.Store.BeforeCommit = (_, _) => ++calls > call && !died ? throw new PowerCutException(died = true) : Task.FromResult<CommitResult?>(null);
            await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
            {
                var consumer = new FeedConsumer(world.Jobs());
                foreach (var message in messages)
                {
                    await Xunit.Record.ExceptionAsync(() => consumer.ConsumeAsync(message, default));
                }
            }));
            world.Store.BeforeCommit = null;
            await ConsumeAsync(world, new FeedConsumer(world.Jobs()), messages);
            var all = await AllAsync(world);
            Assert.Equal(6, all.Count);
            Assert.All(all.GroupBy(one => one.Source!.WorkspaceId), one => Assert.Equal([1, 2], one.Select(told => told.Source!.Sequence)));
            if (!died)
            {
                Assert.True(call > 3);
                return;
            }
        }
    }

    [Fact]
    public async Task Ten_thousand_events_over_two_processes_one_of_which_dies_again_and_again_are_there_once_each()
    {
        const int Workspaces = 200;
        var (world, _) = await TwiceAsync(Workspaces);
        var writer = world.Process();
        await Parallel.ForAsync(0, Workspaces, async (number, _) =>
        {
            foreach (var buy in Enumerable.Range(2, 48))
            {
                await writer.SubmitAsync(IdOf(number), world.Buy(20, $"pay_{buy}"));
            }
        });
        var messages = Messages(world);
        var commits = 0;
        world.Store.BeforeCommit = (partition, _) => SellerFeed.IsLane(partition.Key) && Interlocked.Increment(ref commits) % 50 == 0
            ? throw new PowerCutException(true)
            : Task.FromResult<CommitResult?>(null);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async process =>
        {
            var consumer = new FeedConsumer(world.Jobs());
            foreach (var some in messages.Where((_, index) => index % 2 == process).Chunk(16))
            {
                // Who dies forgets all that it knew; what it was about comes again.
                if ((await Task.WhenAll(some.Select(message => Xunit.Record.ExceptionAsync(() => consumer.ConsumeAsync(message, default))))).Any(exception => exception is not null))
                {
                    consumer = new FeedConsumer(world.Jobs());
                    await Task.WhenAll(some.Select(message => Xunit.Record.ExceptionAsync(() => consumer.ConsumeAsync(message, default))));
                }
            }
        }));
        world.Store.BeforeCommit = null;
        await ConsumeAsync(world, new FeedConsumer(world.Jobs()), messages.Where((_, index) => index % 50 == 49));
        Assert.True(commits > 100);
        var (seen, cursor) = (new List<BillingEvent>(), FeedCursor.Beginning);
        while (await FeedReader.ReadAsync(world.Store, ShardMap.One, cursor, most: 1_000, default) is var (events, next) && !events.IsEmpty)
        {
            seen.AddRange(events);
            cursor = next;
        }

        Assert.Equal(50 * Workspaces, seen.Count);
        Assert.All(seen.GroupBy(one => one.Source!.WorkspaceId), one => Assert.Equal(Enumerable.Range(1, 50).Select(number => (long)number), one.Select(told => told.Source!.Sequence)));
        Assert.Equal(seen.Select(one => one.CreatedAt), seen.Select(one => one.CreatedAt).Order());
    }

    [Fact]
    public async Task Whoever_reads_page_by_page_while_events_come_gets_each_once()
    {
        var (world, consumer) = await TwiceAsync(40);
        var seen = new List<string>();
        var cursor = FeedCursor.Beginning;
        foreach (var message in Messages(world))
        {
            await consumer.ConsumeAsync(message, default);
            var (events, next) = await FeedReader.ReadAsync(world.Store, ShardMap.One, FeedCursor.Parse(cursor.ToString() is { Length: > 0 } text ? text : "AA")!, most: 1, default);
            seen.AddRange(events.Select(one => one.IdIn("")));
            cursor = next;
        }

        for (var (events, next) = (new List<BillingEvent>(), cursor); ;)
        {
            (var page, next) = await FeedReader.ReadAsync(world.Store, ShardMap.One, next, most: 7, default);
            if (page.IsEmpty)
            {
                break;
            }

            events.AddRange(page);
            seen.AddRange(page.Select(one => one.IdIn("")));
        }

        Assert.Equal(80, seen.Count);
        Assert.Equal(80, seen.Distinct().Count());
    }

    /// <summary>Workspaces with two events each, and a consumer.</summary>
    private static async Task<(World World, FeedConsumer Consumer)> TwiceAsync(int workspaces)
    {
        var world = new World();
        foreach (var number in Enumerable.Range(0, workspaces))
        {
            await world.OpenAsync(IdOf(number), "bloom", "plus");
            await world.Process().SubmitAsync(IdOf(number), world.Buy(20, "pay_1"));
        }

        return (world, new FeedConsumer(world.Jobs()));
    }

    private static string IdOf(int number) => $"ws_0{Ids.TextOf(number)}abcde{"0123456789abcdef"[number % 16]}";

    private static List<string> Messages(World world)
    {
        world.Messages.Advance(TimeSpan.FromMinutes(2));
        return [.. world.Messages.Drain(Queues.SellerEvents).Select(one => one.Message)];
    }

    private static async Task ConsumeAsync(World world, FeedConsumer consumer, IEnumerable<string> messages)
    {
        world.Messages.Advance(TimeSpan.FromMinutes(2));
        foreach (var some in messages.Concat(world.Messages.Drain(Queues.SellerEvents).Select(one => one.Message)).Chunk(32))
        {
            await Task.WhenAll(some.Select(message => consumer.ConsumeAsync(message, default)));
        }
    }

    private static async Task<IReadOnlyList<BillingEvent>> AllAsync(World world) =>
        (await FeedReader.ReadAsync(world.Store, ShardMap.One, FeedCursor.Beginning, most: 10_000, default)).Events;

    private sealed class PowerCutException(bool died) : Exception($"{died}");
}
