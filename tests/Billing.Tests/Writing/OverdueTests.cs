using Billing.Accounts;
using Billing.Jobs;
using Billing.Writing;

namespace Billing.Tests.Writing;

public sealed class OverdueTests
{
    [Fact]
    public async Task What_a_decision_makes_due_in_the_past_is_found_by_its_job()
    {
        var world = await World.OpenAsync("bluma", "starter");
        var writer = world.Process();
        await writer.DoAsync(Pay("failed"));
        world.Clock.Now = World.Start.AddMonths(1).AddDays(10);

        // A paused subscription does not renew, so its link of ten days ago is not needed any more.
        await RunAsync(world, writer);
        Assert.DoesNotContain(Links(world), partition => partition.StartsWith(Queues.Renewals, StringComparison.Ordinal));

        // Canceled, it has ended ten days ago.
        await writer.DoAsync(new Work<Subscription>((draft, _) => SubscriptionDecisions.Cancel(draft)));
        Assert.False((await world.AccountAsync()).Subscription!.Ended);

        world.Clock.Now += TimeSpan.FromHours(1);
        await RunAsync(world, writer);

        Assert.True((await world.AccountAsync()).Subscription!.Ended);
    }

    private static Work<Subscription> Pay(string status) => new((draft, catalog) =>
        PaymentDecisions.Report(draft, catalog, new ReportPayment(Enum.Parse<PaymentStatus>(status, ignoreCase: true), "pay_1")));

    private static async Task RunAsync(World world, AccountWriter writer)
    {
        await new DueJob(world.Ledger, world.Doorbell, world.Clock).RunAsync(Queues.Renewals, default);
        foreach (var ring in world.Doorbell.Drain(Queues.Renewals))
        {
            await new DueConsumer(Queues.Renewals, world.Ledger, world.Doorbell, writer, world.Clock).ConsumeAsync(ring.Message, default);
        }
    }

    private static IEnumerable<string> Links(World world) => world.Ledger.RowsOf(Table.Schedule).Select(found => found.Partition.Key);
}
