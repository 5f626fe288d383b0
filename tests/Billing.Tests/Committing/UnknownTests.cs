using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Subscriptions;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>Transactions that nobody says the fate of: never a success that is not stored, nor a failure that is.</summary>
public sealed class UnknownTests
{
    [Fact]
    public async Task Another_process_renewal_is_not_taken_for_the_own_commit_it_looks_like()
    {
        var world = await World.OpenAsync("bluma", plan: "starter");
        var (here, there) = (world.Process(), world.Process());
        await here.DoAsync(CatchUp.Work);
        world.Clock.Now = World.Start.AddMonths(1);
        var first = true;
        world.Store.BeforeCommit = async (partition, writes) =>
        {
            if (partition.Table != Table.Ledger || !first)
            {
                return null;
            }

            first = false;
            await there.DoAsync(CatchUp.Work);
            return new CommitResult.Unknown();
        };

        await here.DoAsync(new Work<Subscription>((unit, catalog) => SubscriptionDecisions.Cancel(unit, catalog)));

        Assert.True((await world.AccountAsync()).Subscription!.Canceled);
        Assert.Equal(2, (await Audit.ProveAsync(world)).Count(entry => entry.Description.Contains("renewal", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_stored_is_found_when_no_answer_ever_comes()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit());
        world.Store.AfterCommit = (_, _, _) => Task.FromResult<CommitResult>(new CommitResult.Unknown());

        await writer.DoAsync(world.Admit());

        Assert.Equal(2, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task What_was_stored_is_found_when_storage_refuses_to_be_asked_again()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit());
        var commits = 0;
        world.Store.BeforeCommit = (_, _) => ++commits > 1 ? throw new StorageUnavailableException("It is busy.") : Task.FromResult<CommitResult?>(null);
        world.Store.AfterCommit = (_, _, _) => Task.FromResult<CommitResult>(new CommitResult.Unknown());

        await writer.DoAsync(world.Admit());

        Assert.Equal(2, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task What_arrives_after_everybody_gave_up_is_found_by_who_asks_again()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit(idempotencyKey: "before"));
        var ghost = await GiveUpAsync(world, writer);
        Assert.IsType<CommitResult.Committed>(ghost());

        var again = await writer.InsistAsync(() => world.Admit(5, "key"));

        Assert.True(again.Replayed);
        Assert.Equal(2, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
        Assert.IsNotType<CommitResult.Committed>(ghost());
    }

    [Fact]
    public async Task What_arrives_after_it_was_done_another_time_is_refused()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit(idempotencyKey: "before"));
        var ghost = await GiveUpAsync(world, writer);
        await writer.DoAsync(world.Admit(5, "key"));

        Assert.IsNotType<CommitResult.Committed>(ghost());

        Assert.Equal(2, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task When_too_much_happened_since_to_tell_nobody_is_told_anything_false()
    {
        var world = await World.OpenAsync(credits: 100);
        var (here, there) = (world.Process(), world.Process());
        await here.DoAsync(world.Admit(idempotencyKey: "before"));
        var first = true;
        world.Store.AfterCommit = async (_, _, result) =>
        {
            if (!first)
            {
                return result;
            }

            first = false;
            for (var i = 0; i < 20; i++)
            {
                await there.DoAsync(world.Admit());
            }

            return new CommitResult.Unknown();
        };

        await Assert.ThrowsAsync<StorageUnavailableException>(() => here.DoAsync(world.Admit(5, "key")));
        var again = await here.InsistAsync(() => world.Admit(5, "key"));

        Assert.True(again.Replayed);
        Assert.Equal(22, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task A_hit_that_may_be_stored_counts_at_least_once()
    {
        var world = await World.OpenAsync("gleam", plan: "free");
        var writer = world.Process();
        var hit = World.Hit("key");
        await writer.DoAsync(hit);
        var lost = true;
        world.Store.AfterCommit = (_, _, result) =>
        {
            (var unknown, lost) = (lost, false);
            return Task.FromResult(unknown ? new CommitResult.Unknown() : result);
        };

        await writer.DoAsync(hit);

        Assert.InRange((await writer.SubmitAsync(World.WorkspaceId, hit))!.Rate!.Headers.Remaining, 1, 2);
    }

    [Fact]
    public async Task A_message_is_sent_before_its_row_is_stored_and_revealed_after()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        var id = (await writer.DoAsync(world.Admit())).Admission!.Generations[0].Id;
        var (hidden, visible) = (0, 0);
        world.Store.BeforeCommit = (partition, _) =>
        {
            (hidden, visible) = (world.Messages.Hidden(Queues.Refunds).Length, world.Messages.Visible(Queues.Refunds).Length);
            return Task.FromResult<CommitResult?>(null);
        };

        await writer.DoAsync(world.Fail(id));

        Assert.Equal((1, 0), (hidden, visible));
        await Eventually(() => world.Messages.Visible(Queues.Refunds).Length == 1);
        Assert.Equal(1, world.Messages.Sent);
    }

    [Fact]
    public async Task A_link_that_may_not_be_stored_is_not_relied_on()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        world.Store.BeforeCommit = (partition, _) =>
            Task.FromResult<CommitResult?>(partition.Table == Table.Schedule ? new CommitResult.Unknown() : null);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => writer.DoAsync(world.Admit()));
        world.Store.BeforeCommit = null;
        await writer.DoAsync(world.Admit());

        Assert.Contains("expirations|2025-11-01T13", world.Store.RowsOf(Table.Schedule).Select(link => link.Partition.Key));
        await Audit.ProveAsync(world);
    }

    private static async Task Eventually(Func<bool> holds)
    {
        for (var i = 0; i < 1_000 && !holds(); i++)
        {
            await Task.Delay(5);
        }

        Assert.True(holds());
    }

    /// <summary>An admission that storage never answers for, so that everybody gives it up.</summary>
    /// <returns>Lets it arrive after all.</returns>
    private static async Task<Func<CommitResult>> GiveUpAsync(World world, WorkspaceWriter writer)
    {
        Func<CommitResult>? ghost = null;
        world.Store.BeforeCommit = (partition, writes) =>
        {
            ghost = () => world.Store.Arrive(partition, writes);
            return Task.FromResult<CommitResult?>(new CommitResult.Unknown());
        };
        await Assert.ThrowsAsync<StorageUnavailableException>(() => writer.DoAsync(world.Admit(5, "key")));
        world.Store.BeforeCommit = null;
        return ghost!;
    }
}
