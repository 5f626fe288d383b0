using Billing.Engine.Committing;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.RateLimits;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>Two processes on one storage. They know nothing of each other.</summary>
public sealed class TwoProcessesTests
{
    [Fact]
    public async Task Of_2000_admits_on_1000_credits_exactly_1000_succeed()
    {
        var world = await World.OpenAsync(credits: 1_000);
        var processes = new[] { world.Process(), world.Process() };

        var codes = await Task.WhenAll(Enumerable.Range(0, 64).Select(async client =>
        {
            var mine = new List<string?>();
            for (var i = client; i < 2_000; i += 64)
            {
                var done = await processes[client % 2].InsistAsync(() => world.Admit(idempotencyKey: $"request {i}"));
                mine.Add(done.Answer is null ? done.CodeOf() : "accepted");
            }

            return mine;
        }));

        Assert.Equal(
            [("INSUFFICIENT_CREDITS", 1_000), ("accepted", 1_000)],
            codes.SelectMany(code => code).GroupBy(code => code).Select(code => (code.Key!, code.Count())).Order());
        var entries = await Audit.ProveAsync(world);
        Assert.Equal(1_000, entries.Count(entry => entry.Type == EntryType.Deduction));
        Assert.Equal(Credits.Zero, entries.Aggregate(Credits.Zero, (sum, entry) => sum + entry.Amount));
        Assert.Equal(1_000, world.Rows(Admission.Prefix).Count(row => RowJson.Read<Admission>(row.Data).Answered is not null));
    }

    [Fact]
    public async Task One_Idempotency_Key_at_once_in_both_has_one_effect_and_one_answer()
    {
        var world = await World.OpenAsync(credits: 1_000);
        var processes = new[] { world.Process(), world.Process() };

        for (var i = 0; i < 50; i++)
        {
            var key = $"request {i}";
            var done = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => processes[number % 2].InsistAsync(() => world.Admit(idempotencyKey: key))));

            Assert.Single(done.Select(one => one.Answer!).Distinct());
            Assert.Single(done, one => !one.Replayed);
        }

        Assert.Equal(50, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task The_key_of_one_request_is_refused_to_another()
    {
        var world = await World.OpenAsync(credits: 1_000);
        await world.Process().DoAsync(world.Admit(1, "key"));
        var here = world.Process();
        await here.DoAsync(world.Give(1));

        var done = await here.InsistAsync(() => world.Admit(2, "key"));

        Assert.Equal(RefusalCodes.IdempotencyKeyReused, done.CodeOf());
        Assert.False(done.Replayed);
        Assert.Single(await Audit.ProveAsync(world), entry => entry.Type == EntryType.Deduction);
    }

    [Fact]
    public async Task A_repeat_is_answered_as_before_even_when_it_would_be_declined_now()
    {
        var world = await World.OpenAsync(credits: 1);
        var (here, there) = (world.Process(), world.Process());
        await here.DoAsync(world.Give(4));
        var first = await there.InsistAsync(() => world.Admit(5, "key"));

        var again = await here.InsistAsync(() => world.Admit(5, "key"));

        Assert.True(again.Replayed);
        Assert.Equal(first.Answer, again.Answer);
    }

    [Fact]
    public async Task Nobody_is_refused_for_what_only_a_cache_says()
    {
        var world = await World.OpenAsync(credits: 1);
        var (here, there) = (world.Process(), world.Process());
        await here.DoAsync(world.Admit());
        await there.DoAsync(world.Give(1));

        await here.DoAsync(world.Admit());

        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task Nobody_is_limited_by_a_plan_that_has_been_left()
    {
        var world = await World.OpenAsync("gleam", plan: "free");
        var (here, there) = (world.Process(), world.Process());
        var hit = World.Hit("key");
        for (var i = 0; i < 5; i++)
        {
            await here.DoAsync(hit);
        }

        Assert.False((await here.SubmitAsync(World.WorkspaceId, hit))!.Rate!.Accepted);
        await there.DoAsync(new Work<Subscription>((unit, catalog) => SubscriptionDecisions.Subscribe(unit, catalog, new Subscribe("pro", null, null))));

        Assert.True((await here.SubmitAsync(World.WorkspaceId, hit))!.Rate!.Accepted);
    }

    [Fact]
    public async Task A_hit_counts_once_however_often_its_request_is_decided()
    {
        var world = await World.OpenAsync(credits: 1);
        var (here, there) = (world.Process(), world.Process());
        var hit = new RateHit("key", new RateLimit(20, 60, RateLimitKind.Sliding));
        await here.DoAsync(CatchUp.Work with { Rate = hit });
        await there.DoAsync(CatchUp.Work with { Rate = hit });
        await there.DoAsync(world.Give(1));

        var declined = await here.InsistAsync(() => world.Admit(3, "key") with { Rate = hit });

        Assert.Equal(RefusalCodes.InsufficientCredits, declined.CodeOf());
        Assert.Equal(17, declined.Rate!.Headers.Remaining);
    }

    [Fact]
    public async Task A_limit_holds_across_processes()
    {
        var world = await World.OpenAsync("bloom", credits: 10);
        var processes = new[] { world.Process(), world.Process() };
        var hit = new Work<bool>((_, _) => true) { Rate = new RateHit("key", new RateLimit(20, 60, RateLimitKind.Sliding)), ReadsAccount = false };

        var accepted = await Task.WhenAll(Enumerable.Range(0, 100).Select(async number => (await processes[number % 2].InsistAsync(() => hit)).Rate!.Accepted));

        Assert.Equal(20, accepted.Count(one => one));
    }

    [Fact]
    public async Task A_process_whose_clock_is_behind_never_takes_an_account_back_in_time()
    {
        var world = await World.OpenAsync(credits: 100);
        var (ahead, behind) = (world.Process(new StillClock(World.Start.AddSeconds(2))), world.Process(new StillClock(World.Start.AddSeconds(-2))));
        for (var i = 0; i < 5; i++)
        {
            await ahead.DoAsync(world.Admit());
            await behind.DoAsync(world.Admit());
        }

        Assert.All((await Audit.ProveAsync(world)).Skip(1), entry => Assert.Equal(World.Start.AddSeconds(2), entry.CreatedAt));
    }

    [Fact]
    public async Task A_month_is_closed_once_when_a_clock_is_behind_at_midnight()
    {
        var world = await World.OpenAsync("bluma", plan: "starter");
        var clocks = (Ahead: new StillClock(World.Start), Behind: new StillClock(World.Start));
        var (ahead, behind) = (world.Process(clocks.Ahead), world.Process(clocks.Behind));
        await ahead.DoAsync(world.Admit(20));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ahead.DoAsync(world.Admit(20))));
        var midnight = new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero);
        clocks.Ahead.Now = midnight.AddMilliseconds(-40);
        await ahead.DoAsync(world.Complete((await ahead.DoAsync(world.Admit(20))).Items[0].Generation!.Id));
        (clocks.Ahead.Now, clocks.Behind.Now) = (midnight.AddMilliseconds(20), midnight.AddMilliseconds(-20));

        await ahead.DoAsync(CatchUp.Work);
        await behind.DoAsync(world.Complete((await behind.DoAsync(world.Admit(20))).Items[0].Generation!.Id));
        (clocks.Ahead.Now, clocks.Behind.Now) = (midnight.AddMonths(1), midnight.AddMonths(1));
        await behind.DoAsync(CatchUp.Work);

        Assert.Equal(["inv:2025-11", "inv:2025-12"], world.Rows("inv:").Select(row => row.Key));
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task A_busy_process_does_not_shut_the_other_out()
    {
        var world = await World.OpenAsync(credits: 1_000_000);
        world.Store.BeforeCommit = async (_, _) =>
        {
            await Task.Delay(1);
            return null;
        };
        world.Store.BeforeRead = _ => Task.Delay(1);
        var (busy, quiet) = (world.Process(), world.Process());
        using var stop = new CancellationTokenSource();
        var crowd = Task.WhenAll(Enumerable.Range(0, 32).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                await busy.DoAsync(world.Admit());
            }
        }));

        for (var i = 0; i < 20; i++)
        {
            await quiet.DoAsync(world.Admit());
        }

        await stop.CancelAsync();
        await crowd;
        await Audit.ProveAsync(world);
    }
}
