using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Subscriptions;
using Billing.Tests.Catalogs;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

public sealed class OverdueTests
{
    [Fact]
    public async Task Who_waits_no_longer_for_a_payment_is_found_by_the_job_again()
    {
        var world = await World.OpenAsync("bluma", "starter");
        var writer = world.Process();
        await writer.DoAsync(Pay(PaymentStatus.Failed));
        world.Clock.Now = World.Start.AddMonths(1).AddDays(10);

        // A paused subscription does not renew, so its link of ten days ago is not needed any more.
        await RunAsync(world, writer);
        Assert.DoesNotContain(Links(world), partition => partition.StartsWith(Queues.Renewals, StringComparison.Ordinal));

        // Canceled, it falls to the free plan at once, which renews with the next period.
        await writer.DoAsync(new Work<Subscription>((unit, catalog) => SubscriptionDecisions.Cancel(unit, catalog)));
        var fallen = (await world.AccountAsync()).Subscription!;
        Assert.Equal(("free", World.Start.AddMonths(2)), (fallen.Current.Plan, fallen.PeriodEndsAt));

        world.Clock.Now = fallen.PeriodEndsAt.AddHours(1);
        await RunAsync(world, writer);

        Assert.Equal(World.Start.AddMonths(3), (await world.AccountAsync()).Subscription!.PeriodEndsAt);
    }

    [Fact]
    public async Task A_pause_that_comes_with_the_end_of_grace_is_found_by_the_job()
    {
        var world = await World.OpenAsync("bluma", "starter");
        world.Catalogs = CatalogSet.Load([("bluma.json", Request.File("bluma", file => file["grace_days"] = 3))]);
        var writer = world.Process();
        await writer.DoAsync(Pay(PaymentStatus.Failed));
        Assert.False((await world.AccountAsync()).Subscription!.Paused);

        world.Clock.Now = World.Start.AddDays(3).AddHours(1);
        await RunAsync(world, writer);

        Assert.True((await world.AccountAsync()).Subscription!.Paused);
    }

    private static Work<PaymentReport> Pay(PaymentStatus status) => new((unit, catalog) => PaymentDecisions.Report(unit, catalog, new ReportPayment(status, "pay_1")));

    private static async Task RunAsync(World world, WorkspaceWriter writer)
    {
        await new DueJob(world.Store, world.Messages, ShardMap.One, world.Clock).RunAsync(Queues.Renewals, default);
        foreach (var message in world.Messages.Drain(Queues.Renewals))
        {
            await new DueConsumer(Queues.Renewals, world.Store, world.Messages, writer, world.Clock).ConsumeAsync(message.Message, default);
        }
    }

    private static IEnumerable<string> Links(World world) => world.Store.RowsOf(Table.Schedule).Select(found => found.Partition.Key);
}
