using Billing.Tests.Committing;

namespace Billing.Tests.Audits;

/// <summary>What an audit asks of storage grows with the commits that wrote the ledger, not with its entries.</summary>
public sealed class AuditCostTests
{
    private const int Clients = 64;
    private const int Each = 157;

    // With a row for each entry it was 17 calls here: two reads, and lists that begin with an empty page and one of a single row.
    private const int CallsWithARowEach = 17;

    [Fact]
    public async Task Ten_thousand_entries_of_64_clients_take_a_third_of_the_calls_that_a_row_for_each_would()
    {
        var world = await World.OpenAsync(credits: 100_000);
        var writer = world.Process();
        for (var i = 0; i < Each; i++)
        {
            var admitted = await world.TogetherAsync(Clients, client => writer.DoAsync(world.Admit(idempotencyKey: $"{client}-{i}")));
            await world.TogetherAsync(Clients, client => writer.DoAsync(world.Complete(admitted[client].Admission!.Generations[0].Id)));
        }

        var before = world.Store.Calls;

        var report = await new Engine.Audits.Audit(world.Store).RunAsync(World.WorkspaceId, default);

        var calls = world.Store.Calls - before;
        Assert.InRange(report!.Entries, 10_000, 11_000);
        Assert.Empty(report.Differences);
        Assert.InRange(calls.Reads + calls.Lists, 1, CallsWithARowEach / 3);
    }
}
