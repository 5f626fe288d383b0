using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>Generations that nobody settles, and what time alone does to an account.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    [Fact]
    public async Task Nothing_is_read_before_one_can_have_expired()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit());
        world.Clock.Now += TimeToLive - TimeSpan.FromMilliseconds(1);
        var before = world.Store.Calls;

        await writer.DoAsync(world.Admit());

        Assert.Equal(0, (world.Store.Calls - before).Lists);
    }

    [Fact]
    public async Task Thousands_that_expired_are_settled_without_holding_anybody_up()
    {
        var world = await World.OpenAsync(credits: 100_000);
        var writer = world.Process();
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => writer.DoAsync(world.Admit())));
        for (var batch = 0; batch < 7; batch++)
        {
            await writer.DoAsync(world.Admit([.. Enumerable.Repeat(World.Wanted(1), 100)]));
        }

        world.Clock.Now += TimeToLive;
        var before = world.Store.Calls;
        await world.Process().DoAsync(world.Admit());
        Assert.InRange((world.Store.Calls - before).Commits, 1, 10);

        await CatchUpUntilSweptAsync(world, most: 100);

        Assert.Equal(1, (await world.AccountAsync()).Running);
        Assert.Equal(1_700, world.Rows(Refund.Prefix).Length);
        Assert.Equal(1_700, world.Messages.Hidden(Queues.Refunds).Concat(world.Messages.Visible(Queues.Refunds)).Select(message => message.Message).Distinct().Count());
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task Old_ones_that_show_life_do_not_hide_the_dead_behind_them()
    {
        var world = await World.OpenAsync(credits: 100_000);
        var writer = world.Process();
        var old = await Task.WhenAll(Enumerable.Range(0, 1_100).Select(_ => writer.DoAsync(world.Admit())));
        world.Clock.Now += TimeSpan.FromMinutes(1);
        var dead = await writer.DoAsync(world.Admit(7));
        world.Clock.Now += TimeToLive - TimeSpan.FromMinutes(2);
        await Task.WhenAll(old.Select(one => writer.DoAsync(world.Heartbeat(one.Admission!.Generations[0].Id))));
        world.Clock.Now += TimeSpan.FromMinutes(2);
        var before = world.Store.Calls;

        await CatchUpUntilSweptAsync(world, most: 10);

        var workspace = await world.AccountAsync();
        Assert.Equal(1_100, workspace.Running);
        Assert.Equal(world.Clock.Now - TimeSpan.FromMinutes(2) + TimeToLive, workspace.RunningSpans.NextExpiryAt);
        Assert.Equal(dead.Admission!.Generations[0].Id, RowJson.Read<Refund>(Assert.Single(world.Rows(Refund.Prefix)).Data).GenerationId);
        Assert.InRange((world.Store.Calls - before).Lists, 1, 20);
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task A_long_look_goes_on_where_it_ended_and_forgets_nobody()
    {
        var world = await World.OpenAsync(credits: 100_000);
        var writer = world.Process();
        var random = new Random(7);
        var running = (await Task.WhenAll(Enumerable.Range(0, 1_200).Select(_ => writer.DoAsync(world.Admit())))).Select(one => one.Admission!.Generations[0].Id).ToList();
        var alive = running;

        for (var hour = 0; hour < 3; hour++)
        {
            alive = [.. alive.Where(_ => random.Next(4) > 0)];
            foreach (var minutes in new[] { 35, 20 })
            {
                world.Clock.Now += TimeSpan.FromMinutes(minutes);
                await Task.WhenAll(alive.Select(id => writer.DoAsync(world.Heartbeat(id))));
            }

            world.Clock.Now += TimeSpan.FromMinutes(10);
            await CatchUpUntilSweptAsync(world, most: 200);

            Assert.Equal(alive.Count, (await world.AccountAsync()).Running);
            await Audit.ProveAsync(world);
        }
    }

    [Fact]
    public async Task One_that_expired_is_not_running_for_who_comes_to_settle_it()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        var id = (await writer.DoAsync(world.Admit())).Admission!.Generations[0].Id;
        world.Clock.Now += TimeToLive;

        Assert.Equal(RefusalCodes.AlreadySettled, (await writer.InsistAsync(() => world.Complete(id))).CodeOf());
        Assert.Equal(0, (await world.AccountAsync()).Running);
    }

    [Fact]
    public async Task Nobody_spends_what_has_expired_however_many_grants_it_was()
    {
        var world = await World.OpenAsync(credits: 5);
        var writer = world.Process();
        for (var i = 0; i < 150; i++)
        {
            await writer.DoAsync(world.Give(1, World.Start.AddDays(1 + i % 3)));
        }

        world.Clock.Now = World.Start.AddDays(10);

        Assert.Equal(RefusalCodes.InsufficientCredits, (await writer.InsistAsync(() => world.Admit(6))).CodeOf());
        await writer.DoAsync(world.Admit(5));
        var entries = await Audit.ProveAsync(world);
        Assert.Equal(150, entries.Count(entry => entry.Type == EntryType.RenewalExpiry));
        Assert.Equal([1L], entries[^1].Draws!.Value.Select(draw => draw.GrantId));
    }

    [Fact]
    public async Task No_transaction_is_too_large_whatever_comes_together()
    {
        var world = await World.OpenAsync("bluma", plan: "starter");
        var writer = world.Process();
        await writer.DoAsync(world.Listen(20));
        for (var i = 0; i < 60; i++)
        {
            await writer.DoAsync(world.Give(1, World.Start.AddMinutes(59)));
        }

        var wordy = World.Wanted(1) with
        {
            Metadata = Enumerable.Range(0, 20).ToImmutableSortedDictionary(number => $"name {number}", _ => new string('"', 30)),
        };
        for (var i = 0; i < 40; i++)
        {
            await writer.DoAsync(world.Admit([.. Enumerable.Repeat(wordy, i % 2 == 0 ? 100 : 1)]));
        }

        world.Clock.Now = new DateTimeOffset(2025, 12, 2, 0, 0, 0, TimeSpan.Zero);
        var most = 0;
        world.Store.BeforeCommit = (_, writes) =>
        {
            most = Math.Max(most, writes.Length);
            return Task.FromResult<CommitResult?>(null);
        };
        var other = world.Process();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(number => (Task)(number % 4 == 0
            ? other.SubmitAsync(World.WorkspaceId, world.Admit([wordy, wordy, wordy], $"key {number}") with { Rate = new RateHit($"key{number}", null) })
            : other.SubmitAsync(World.WorkspaceId, CatchUp.Work with { Rate = new RateHit($"key{number}", null), ReadsAccount = false }))));

        Assert.InRange(most, 50, ITableStore.MaxWrites);
        await CatchUpUntilSweptAsync(world, most: 200);
        await Audit.ProveAsync(world);
    }

    private static async Task CatchUpUntilSweptAsync(World world, int most)
    {
        for (var turns = 0; (await world.AccountAsync()).RunningSpans.NextExpiryAt <= world.Clock.Now; turns++)
        {
            Assert.True(turns < most, "The sweep does not come to an end.");
            await world.Process().DoAsync(CatchUp.Work);
        }
    }

    [Fact]
    public async Task However_much_expired_before_a_months_end_none_of_it_is_invoiced()
    {
        var world = await World.OpenAsync("bluma", plan: "starter");
        var writer = world.Process();
        await writer.DoAsync(world.Admit([.. Enumerable.Repeat(World.Wanted(20), 60)]));
        Assert.Equal(55, (await world.AccountAsync()).Overage.Units);
        world.Clock.Now = new DateTimeOffset(2025, 12, 1, 0, 0, 1, TimeSpan.Zero);

        await writer.DoAsync(CatchUp.Work);
        await writer.DoAsync(world.Admit());

        Assert.Empty(world.Rows("inv:"));
        Assert.Equal((60, 0, 1L), ((await world.AccountAsync()).PendingRefunds, (await world.AccountAsync()).Overage.Credit.Count, (await world.AccountAsync()).Overage.Units));
    }
}
