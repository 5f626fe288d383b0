using Billing.Engine.Ports;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>What a change costs in calls to storage.</summary>
public sealed class WarmTests
{
    [Fact]
    public async Task A_warm_admit_is_one_round_trip()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit(idempotencyKey: "one"));
        var before = world.Store.Calls;

        await writer.DoAsync(world.Admit(idempotencyKey: "two"));

        Assert.Equal(new(Reads: 0, Lists: 0, Finds: 0, Commits: 1, Writes: 3), world.Store.Calls - before);
        Assert.Equal(0, world.Messages.Sent);
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task A_cold_admit_reads_the_account_and_leaves_links_for_what_is_due()
    {
        var world = await World.OpenAsync(credits: 100);
        var before = world.Store.Calls;

        await world.Process().DoAsync(world.Admit());

        Assert.Equal(1, (world.Store.Calls - before).Reads);
        Assert.Contains("expirations|2025-11-01T13", world.Store.RowsOf(Table.Schedule).Select(link => link.Partition.Key));
    }

    [Fact]
    public async Task Links_come_before_what_they_point_to()
    {
        var world = await World.OpenAsync(credits: 100);
        var order = new List<Table>();
        world.Store.BeforeCommit = (partition, _) =>
        {
            order.Add(partition.Table);
            return Task.FromResult<CommitResult?>(null);
        };

        await world.Process().DoAsync(world.Admit());

        Assert.Equal(Table.Ledger, order[^1]);
        Assert.All(order.SkipLast(1), table => Assert.Equal(Table.Schedule, table));
    }

    [Fact]
    public async Task A_link_is_written_once_per_hour_however_much_happens()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        await writer.DoAsync(world.Admit());
        var before = world.Store.Calls;

        for (var minute = 0; minute < 50; minute++)
        {
            world.Clock.Now = World.Start.AddMinutes(minute);
            var admitted = await writer.DoAsync(world.Admit());
            await writer.DoAsync(world.Complete(admitted.Admission!.Generations[0].Id));
        }

        Assert.Equal(100, (world.Store.Calls - before).Commits);
    }

    [Fact]
    public async Task Settling_is_one_read_of_its_rows_and_one_commit()
    {
        var world = await World.OpenAsync(credits: 100);
        var writer = world.Process();
        var admitted = await writer.DoAsync(world.Admit());
        var before = world.Store.Calls;

        await writer.DoAsync(world.Complete(admitted.Admission!.Generations[0].Id));

        Assert.Equal(new(Reads: 1, Lists: 0, Finds: 0, Commits: 1, Writes: 2), world.Store.Calls - before);
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task A_hundred_admits_at_once_ride_few_commits()
    {
        var world = await World.OpenAsync(credits: 10_000);
        var writer = world.Process();
        await writer.DoAsync(world.Admit());
        var before = world.Store.Calls;

        for (var i = 0; i < 20; i++)
        {
            await world.TogetherAsync(64, client => writer.DoAsync(world.Admit(idempotencyKey: $"{client}-{i}")));
        }

        Assert.InRange((world.Store.Calls - before).Commits, 1, 0.2 * 64 * 20);
        Assert.Equal(0, (world.Store.Calls - before).Reads);
        Assert.Equal(64 * 20 + 1, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task Reading_an_account_is_one_point_read()
    {
        var world = await World.OpenAsync(credits: 100);
        var before = world.Store.Calls;

        var workspace = await world.Process().ReadAsync(World.WorkspaceId, default);

        Assert.Equal(Credits.Of(100), workspace!.Balance);
        Assert.Equal(new(Reads: 1, Lists: 0, Finds: 0, Commits: 0, Writes: 0), world.Store.Calls - before);
    }

    [Fact]
    public async Task A_workspace_that_does_not_exist_is_null()
    {
        var world = new World();

        Assert.Null(await world.Process().SubmitAsync("ws_zzzzzzzzzzzzzzzz", world.Admit()));
        Assert.Null(await world.Process().ReadAsync("ws_zzzzzzzzzzzzzzzz", default));
    }
}
