using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Generations;
using Billing.TopUps;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>Those who ride one commit: each is answered once, when it is durable, and none pays for another's fault.</summary>
public sealed class CommitBatchTests
{
    [Fact]
    public async Task Nobody_is_answered_before_it_is_stored()
    {
        var world = await World.OpenAsync(credits: 100);
        var gate = new TaskCompletionSource();
        world.Store.BeforeCommit = async (_, _) =>
        {
            await gate.Task;
            return null;
        };
        var writer = world.Process();

        var waiting = Enumerable.Range(0, 50).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())).ToList();
        await Task.Delay(50);

        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        gate.SetResult();
        Assert.All(await Task.WhenAll(waiting), done => Assert.IsType<Outcome<Admitted>.Accepted>(done!.Outcome));
        Assert.Equal(50, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task They_are_decided_in_order_of_arrival()
    {
        var world = await World.OpenAsync(credits: 10);
        var writer = world.Process();

        var done = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())));

        Assert.Equal(Enumerable.Range(0, 20).Select(number => number < 10 ? null : RefusalCodes.InsufficientCredits), done.Select(one => one!.CodeOf()));
    }

    [Fact]
    public async Task A_decision_that_fails_fails_alone()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        var bad = new Work<bool>((unit, _) =>
        {
            unit.Workspace = unit.Workspace with { Entries = -1 };
            throw new InvalidTimeZoneException("A bug.");
        });

        var good = Enumerable.Range(0, 20).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())).ToList();
        var failing = Enumerable.Range(0, 3).Select(_ => writer.SubmitAsync(World.WorkspaceId, bad)).ToList();
        good.AddRange(Enumerable.Range(0, 20).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())));

        Assert.All(await Task.WhenAll(good), done => Assert.IsType<Outcome<Admitted>.Accepted>(done!.Outcome));
        foreach (var one in failing)
        {
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => one);
        }

        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task An_answer_that_fails_fails_alone_and_nothing_of_it_is_stored()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        var bad = world.Admit(20, "bad") with { Answer = _ => throw new OperationCanceledException("The client has gone.") };

        var first = writer.SubmitAsync(World.WorkspaceId, world.Admit());
        var failing = writer.SubmitAsync(World.WorkspaceId, bad);
        var last = writer.SubmitAsync(World.WorkspaceId, world.Admit());

        await Assert.ThrowsAsync<OperationCanceledException>(() => failing);
        await Task.WhenAll(first, last);
        Assert.Equal(Credits.Of(98), (await world.AccountAsync()).Balance);
        Assert.Empty(world.Rows(Operation.Prefix));
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_the_fault_of_who_wants_them()
    {
        var world = await World.OpenAsync(credits: 100);
        world.Store.Arrive(world.Partition, [new RowWrite(WriteKind.Insert, new Row("top:broken", "{"))]);
        var writer = world.Process();

        var good = Enumerable.Range(0, 10).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())).ToList();
        var badKey = writer.SubmitAsync(World.WorkspaceId, CatchUp.Work with { Reads = ["gen:no key/at all"] });
        var badRow = writer.SubmitAsync(World.WorkspaceId, CatchUp.Work with { Reads = ["top:broken"] });
        good.AddRange(Enumerable.Range(0, 10).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())));

        await Task.WhenAll(good);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => badKey);
        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(() => badRow);
        Assert.Equal(20, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task More_rows_than_fit_a_transaction_fail_alone()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        var huge = new Work<bool>((unit, _) =>
        {
            for (var i = 0; i < 100; i++)
            {
                unit.Put(new TopUp { Id = $"top{i}", Credits = Credits.Zero, Reference = "", GrantId = 0, CreatedAt = unit.Now });
            }

            return true;
        });

        var good = Enumerable.Range(0, 10).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())).ToList();
        var failing = writer.SubmitAsync(World.WorkspaceId, huge);

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        await Task.WhenAll(good);
        Assert.Empty(world.Rows(TopUp.Prefix));
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task When_storage_is_down_everyone_is_told_and_the_next_one_is_served()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit());
        world.Store.BeforeCommit = (_, _) => throw new StorageUnavailableException("It is down.");

        var waiting = Enumerable.Range(0, 200).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())).ToList();
        foreach (var one in waiting)
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => one);
        }

        world.Store.BeforeCommit = null;
        await writer.DoAsync(world.Admit());
        Assert.Equal(Credits.Of(98), (await world.AccountAsync()).Balance);
    }

    [Fact]
    public async Task An_exception_that_nobody_expected_reaches_those_who_wait_and_nobody_else()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        world.Store.AfterCommit = (_, _, _) => throw new InvalidTimeZoneException("A bug in the ledger.");

        var waiting = Enumerable.Range(0, 30).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())).ToList();
        foreach (var one in waiting)
        {
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => one);
        }

        world.Store.AfterCommit = null;
        await writer.DoAsync(world.Admit());
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task Too_many_who_wait_are_turned_away_at_once()
    {
        var world = await World.OpenAsync(credits: 100_000);
        var gate = new TaskCompletionSource();
        world.Store.BeforeCommit = async (_, _) =>
        {
            await gate.Task;
            return null;
        };
        var writer = world.Process();

        var waiting = Enumerable.Range(0, 5_000).Select(_ => writer.SubmitAsync(World.WorkspaceId, CatchUp.Work with { Operation = null })).ToList();
        var admits = Enumerable.Range(0, 5_000).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())).ToList();
        gate.SetResult();
        await Task.WhenAny(Task.WhenAll(admits), Task.Delay(TimeSpan.FromSeconds(60)));

        Assert.All(waiting.Cast<Task>().Concat(admits), one => Assert.True(one.IsCompleted));
        Assert.Contains(admits, one => one.Exception?.InnerException is StorageUnavailableException);
        Assert.Equal(admits.Count(one => one.IsCompletedSuccessfully), (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task A_process_remembers_a_bounded_number_of_workspaces_and_forgets_the_idle_ones()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit());

        for (var i = 0; i < 20_000; i += 100)
        {
            await Task.WhenAll(Enumerable.Range(i, 100).Select(number => writer.SubmitAsync($"ws_{number:d16}", CatchUp.Work)));
        }

        Assert.InRange(writer.Held, 1, 9_000);
        await writer.DoAsync(world.Admit());
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task A_workspace_that_is_forgotten_while_it_is_used_is_used_on()
    {
        var world = await World.OpenAsync(credits: 10_000);
        var writer = world.Process();

        await Task.WhenAll(
            Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            {
                for (var i = 0; i < 250; i++)
                {
                    await writer.DoAsync(world.Admit());
                }
            })),
            Task.Run(async () =>
            {
                for (var i = 0; i < 20_000; i += 100)
                {
                    await Task.WhenAll(Enumerable.Range(i, 100).Select(number => writer.SubmitAsync($"ws_{number:d16}", CatchUp.Work)));
                }
            }));

        Assert.Equal(1_000, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }
}
