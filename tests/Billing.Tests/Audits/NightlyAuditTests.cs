using Billing.Engine.Audits;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Generations;
using Billing.Tests.Committing;
using Billing.Workspaces;

namespace Billing.Tests.Audits;

public sealed class NightlyAuditTests
{
    private static readonly DateTimeOffset FirstNight = new(2025, 11, 2, 8, 20, 0, TimeSpan.Zero);

    public static TheoryData<string> Tamperings => [.. Tamper.Keys];

    private static readonly Dictionary<string, Action<World>> Tamper = new()
    {
        ["an entry's amount is edited"] = world => Edit(world, Entry(world, 2), "\"amount\":-", "\"amount\":-1"),
        ["an entry's description is edited"] = world => Edit(world, Entry(world, 1), "Goodwill", "Badwill"),
        ["the newest entry is removed"] = world => Remove(world, Entry(world, 0)),
        ["an entry in the middle is removed"] = world => Remove(world, Entry(world, 2)),
        ["the first entry is removed"] = world => Remove(world, world.Rows(LedgerPage.Prefix)[^1]),
        ["a running generation is removed"] = world => Remove(world, world.Rows(Admission.Prefix).First(row => row.Data.Text.Contains("running", StringComparison.Ordinal))),
        ["the account's grants are edited"] = world => Edit(world, world.WorkspaceRow, " bonus ", " bonus 9"),
    };

    [Fact]
    public async Task A_ledger_that_adds_up_is_audited_every_night()
    {
        var world = await UsedAsync();
        for (var night = FirstNight; night < FirstNight.AddDays(3); night = night.AddDays(1))
        {
            world.Clock.Now = night;
            Assert.Equal([Consumption.Done], await NightAsync(world));
            Assert.Equal([DueIndexEntry.NextAudit(World.WorkspaceId, night)], AuditLinks(world));
            Assert.Empty(await NightAsync(world));
        }
    }

    [Theory, MemberData(nameof(Tamperings))]
    public async Task Its_message_is_parked_when(string tampering)
    {
        var world = await UsedAsync();
        world.Clock.Now = FirstNight;
        Tamper[tampering](world);

        var consumption = Assert.Single(await NightAsync(world));

        Assert.Equal(ConsumptionKind.Parked, consumption.Kind);
        Assert.StartsWith($"{World.WorkspaceId}: the audit failed, ", consumption.Reason, StringComparison.Ordinal);
        Assert.Equal([DueIndexEntry.NextAudit(World.WorkspaceId, FirstNight)], AuditLinks(world));
    }

    [Fact]
    public async Task One_difference_does_not_hide_the_audits_of_others()
    {
        var world = await UsedAsync();
        await world.OpenAsync("ws_0edcba987654321f", "bloom");
        world.Clock.Now = FirstNight;
        Remove(world, Entry(world, 1));

        var consumption = Assert.Single(await NightAsync(world));

        Assert.DoesNotContain("ws_0edcba987654321f", consumption.Reason, StringComparison.Ordinal);
        Assert.Equal(2, world.Store.RowsOf(Table.Schedule).Count(found => found.Partition.Key.StartsWith("audits|2025-11-03", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_retry_audits_again()
    {
        var world = await UsedAsync();
        world.Clock.Now = FirstNight;
        var entry = Entry(world, 1);
        Remove(world, entry);
        var message = Assert.Single(await MessagesAsync(world));
        var consumer = new AuditConsumer(world.Jobs());
        Assert.Equal(ConsumptionKind.Parked, (await consumer.ConsumeAsync(message, default)).Kind);

        world.Store.Arrive(world.Partition, [new RowWrite(WriteKind.Put, entry)]);

        Assert.Equal(Consumption.Done, await consumer.ConsumeAsync(message, default));
    }

    [Fact]
    public async Task What_is_written_meanwhile_is_no_difference()
    {
        var world = await UsedAsync();
        world.Clock.Now = FirstNight;
        var other = world.Process();
        var (writing, written) = (false, 0);
        world.Store.AfterRead = async read =>
        {
            if (!writing && read.PartitionKey == World.WorkspaceId)
            {
                writing = true;
                await other.DoAsync(world.Admit());
                (writing, written) = (false, written + 1);
            }
        };

        Assert.Equal([Consumption.Done], await NightAsync(world));
        Assert.True(written > 2);
    }

    [Fact]
    public async Task A_link_to_a_workspace_that_was_never_opened_goes()
    {
        var world = new World();
        world.Store.Arrive(DueIndexEntry.NextAudit(World.WorkspaceId, World.Start).Partition, [new RowWrite(WriteKind.Put, new Row(World.WorkspaceId, "{}"))]);
        world.Clock.Now = FirstNight;

        Assert.Equal([Consumption.Done], await NightAsync(world));
        Assert.Empty(AuditLinks(world));
    }

    [Fact]
    public async Task What_is_no_message_of_ours_is_parked() =>
        Assert.Equal(ConsumptionKind.Parked, (await new AuditConsumer(new World().Jobs()).ConsumeAsync("ws_1", default)).Kind);

    /// <summary>A workspace with some ten entries and a generation that runs.</summary>
    private static async Task<World> UsedAsync()
    {
        var world = await World.OpenAsync(credits: 50);
        var writer = world.Process();
        for (var round = 0; round < 3; round++)
        {
            var admitted = await writer.DoAsync(world.Admit(2));
            await writer.DoAsync(world.Fail(admitted.Items[0].Generation!.Id));
            await writer.DoAsync(world.Give(1 + round));
            await writer.DoAsync(world.Admit(1));
        }

        return world;
    }

    private static async Task<IReadOnlyList<Consumption>> NightAsync(World world)
    {
        var consumptions = new List<Consumption>();
        foreach (var message in await MessagesAsync(world))
        {
            consumptions.Add(await new AuditConsumer(world.Jobs()).ConsumeAsync(message, default));
        }

        return consumptions;
    }

    private static async Task<IEnumerable<string>> MessagesAsync(World world)
    {
        await new DueJob(world.Store, world.Messages, ShardMap.One, world.Clock).RunAsync(Queues.Audits, default);
        return world.Messages.Drain(Queues.Audits).Select(message => message.Message);
    }

    private static IEnumerable<DueIndexEntry> AuditLinks(World world) =>
        world.Store.RowsOf(Table.Schedule).Select(found => DueIndexEntry.Of(found.Partition)).Where(link => link.Job == Queues.Audits);

    private static Row Entry(World world, int fromNewest) => world.Rows(LedgerPage.Prefix)[fromNewest];

    private static void Edit(World world, Row row, string from, string to)
    {
        Assert.Contains(from, row.Data.Text, StringComparison.Ordinal);
        world.Store.Arrive(world.Partition, [new RowWrite(WriteKind.Put, row with { Data = row.Data.Text.Replace(from, to, StringComparison.Ordinal) })]);
    }

    private static void Remove(World world, Row row) => world.Store.Arrive(world.Partition, [new RowWrite(WriteKind.Delete, row)]);
}
