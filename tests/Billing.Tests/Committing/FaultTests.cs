using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Rows;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>Every call to storage goes wrong once, in every way there is; the client insists, and the effect is one.</summary>
public sealed class FaultTests
{
    public static TheoryData<string, Fault, bool> All()
    {
        var all = new TheoryData<string, Fault, bool>();
        foreach (var name in Scenarios.Keys)
        {
            foreach (var fault in Enum.GetValues<Fault>())
            {
                all.Add(name, fault, true);
                all.Add(name, fault, false);
            }
        }

        return all;
    }

    private static readonly Dictionary<string, Func<World, Scenario>> Scenarios = new()
    {
        ["admit"] = world => new Scenario(
            _ => Task.FromResult(""),
            async (writer, _) => (await writer.InsistAsync(() => world.Admit(5, "key"))).Answer!.Body,
            entries => Assert.Single(entries, entry => entry.Type == EntryType.Deduction)),
        ["complete"] = world => new Scenario(
            AdmitAsync(world, 4),
            async (writer, id) => (await writer.InsistAsync(() => world.Complete(id, 1))).Value().Generation.SettledAt.ToString()!,
            _ => Assert.Equal(Credits.Of(3), Assert.Single(Refunds(world)).Credits)),
        ["fail"] = world => new Scenario(
            AdmitAsync(world, 4),
            async (writer, id) => (await writer.InsistAsync(() => world.Fail(id))).Value().Generation.Status.ToString(),
            _ => Assert.Equal(RefundStatus.Pending, Assert.Single(Refunds(world)).Status)),
        ["carry out"] = world => new Scenario(
            async writer =>
            {
                await writer.DoAsync(world.Fail(await AdmitAsync(world, 4)(writer)));
                return Refunds(world).Single().Id;
            },
            async (writer, id) => (await writer.InsistAsync(() => world.CarryOut(id))).Value().ToString(),
            entries =>
            {
                Assert.Equal(RefundStatus.Succeeded, Assert.Single(Refunds(world)).Status);
                Assert.Equal(Credits.Of(4), Assert.Single(entries, entry => entry.Type == EntryType.Refund).Amount);
            }),
        ["top up"] = world => new Scenario(
            _ => Task.FromResult(""),
            async (writer, _) => (await writer.InsistAsync(() => world.Buy(50, "payment"))).Answer!.Body,
            entries => Assert.Single(entries, entry => entry.Type == EntryType.Purchase)),
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task Whatever_fails_is_done_once(string scenario, Fault fault, bool warm)
    {
        // Once without faults counts the calls; then each of them goes wrong.
        var calls = await RunAsync(scenario, fault, warm, at: -1);
        for (var at = 0; at < calls; at++)
        {
            await RunAsync(scenario, fault, warm, at);
        }
    }

    private static async Task<int> RunAsync(string name, Fault fault, bool warm, int at)
    {
        var world = await World.OpenAsync(credits: 100);
        world.Backoff = _ => Task.CompletedTask;
        await world.Process().DoAsync(world.Listen(2));
        var scenario = Scenarios[name](world);
        var writer = world.Process();
        var prepared = await scenario.Prepare(writer);
        writer = warm ? writer : world.Process();
        if (warm)
        {
            await writer.DoAsync(world.Give(1));
        }

        var faults = new Faults(world, fault, at);
        var first = await scenario.Act(writer, prepared);
        faults.Over();
        var again = await scenario.Act(world.Process(), prepared);

        Assert.Equal(first, again);
        scenario.Expect(await Audit.ProveAsync(world));
        await ProveMessagesAsync(world);
        return faults.Calls;
    }

    /// <summary>Whatever is to be carried out has a message that is visible or will be.</summary>
    private static async Task ProveMessagesAsync(World world)
    {
        var workspace = await world.AccountAsync();
        var sent = Queues.All.SelectMany(queue => world.Messages.Visible(queue).Concat(world.Messages.Hidden(queue))).Select(message => message.Message).ToHashSet();
        Assert.All(Refunds(world).Where(refund => refund.Status == RefundStatus.Pending), refund => Assert.Contains(refund.Id, sent));
        Assert.All(Enumerable.Range(1, (int)workspace.Events), number => Assert.Contains(Ids.Of("evt", World.WorkspaceId, number), sent));
    }

    private static Func<WorkspaceWriter, Task<string>> AdmitAsync(World world, long variants) => async writer =>
        (await writer.DoAsync(world.Admit(variants))).Admission!.Generations[0].Id;

    private static List<Refund> Refunds(World world) => [.. world.Rows(Refund.Prefix).Select(row => RowJson.Read<Refund>(row.Data))];

    private sealed record Scenario(
        Func<WorkspaceWriter, Task<string>> Prepare, Func<WorkspaceWriter, string, Task<string>> Act, Action<ImmutableArray<LedgerEntry>> Expect);
}
