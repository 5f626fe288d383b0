using Billing.Api.Generations;
using Billing.Api.Jobs;
using Billing.Api.Keys;
using Billing.Api.Telemetry;
using Billing.Api.Tests.Webhooks;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Webhooks;
using Billing.Storage;
using Billing.Testing;

namespace Billing.Api.Tests.Telemetry;

/// <summary>Each instrument is given what it is there for, and never anything that has many values.</summary>
public sealed class MetricsTests
{
    private static readonly object Small = new { size = "2K" };
    private static readonly object Large = new { size = "4K", variant_count = 20 };

    [Fact]
    public async Task Admits_are_counted_by_product_mode_and_result()
    {
        await using var backstage = new Backstage();
        var (_, live) = await backstage.OpenAsync("bloom");
        var (_, test) = await backstage.OpenAsync("bloom", environment: "test");
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, live, Small, idempotencyKey: "one");
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, live, Small, idempotencyKey: "one");
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, live, Large);
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, test, Small);
        await backstage.ServiceAsync(AdmitBatch.Endpoint, live, new { mode = "best_effort", items = new[] { Small, Large, Small } });

        Assert.Equal(
            [
                (1, "billing.product=bloom billing.mode=live billing.result=admitted"),
                (1, "billing.product=bloom billing.mode=live billing.result=replayed"),
                (1, "billing.product=bloom billing.mode=live billing.result=refused"),
                (1, "billing.product=bloom billing.mode=test billing.result=admitted"),
                (2, "billing.product=bloom billing.mode=live billing.result=admitted"),
                (1, "billing.product=bloom billing.mode=live billing.result=refused"),
            ],
            backstage.Told.Of("billing.admits").Select(one => (one.Value, one.Tags)));
    }

    [Fact]
    public async Task An_admit_that_its_rate_limit_refuses_is_counted_too()
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("gleam", "free");
        for (var i = 0; i < 5; i++)
        {
            await backstage.ServiceAsync(VerifyKey.Endpoint, key, new { key });
        }

        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, new { });
        Assert.Equal("billing.product=gleam billing.mode=live billing.result=refused", backstage.Told.Of("billing.admits")[^1].Tags);
        Assert.Equal("error.type=TOO_MANY_REQUESTS billing.endpoint=AdmitGeneration", backstage.Told.Of("billing.refusals")[^1].Tags);
    }

    [Fact]
    public async Task Refusals_are_counted_by_code_and_endpoint()
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("bloom");
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Large);
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, new { size = "8K" });
        await backstage.SendAsync(GetGeneration.Endpoint, "wrong");

        Assert.Equal(
            [
                "error.type=INSUFFICIENT_CREDITS billing.endpoint=AdmitGeneration",
                "error.type=INVALID_REQUEST billing.endpoint=AdmitGeneration",
                "error.type=UNAUTHORIZED billing.endpoint=GetGeneration",
            ],
            backstage.Told.Of("billing.refusals").Select(one => one.Tags));
    }

    [Fact]
    public async Task A_commit_is_measured_by_its_work_rows_and_time()
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("bloom", "pro");
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Small);
        var former = backstage.Told.Of("billing.commit.size").Count;
        await backstage.RideAsync(key, Small, others: 5);

        var sizes = backstage.Told.Of("billing.commit.size").Skip(former).Select(one => one.Value).ToList();
        Assert.Equal(6, sizes.Sum());
        Assert.Equal([1, 5], sizes);
        Assert.Equal([4, 8], backstage.Told.Of("billing.commit.entities").Skip(former).Select(one => one.Value));
        Assert.All(backstage.Told.Of("billing.commit.duration"), one => Assert.Equal((true, "billing.result=stored billing.shard=0"), (one.Value > 0, one.Tags)));
    }

    [Theory]
    [InlineData(false, "stale")]
    [InlineData(true, "duplicate")]
    public async Task A_commit_that_another_writer_was_faster_than_is_a_conflict(bool duplicate, string reason)
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("bloom");
        var conflicts = 0;
        backstage.Store.BeforeCommit = (partition, _) => Task.FromResult<CommitResult?>(
            partition.Table != Table.Ledger || conflicts++ > 0 ? null : duplicate ? new CommitResult.Duplicate("gen:1") : new CommitResult.Stale("account"));
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Small);

        Assert.Equal($"billing.reason={reason}", Assert.Single(backstage.Told.Of("billing.conflicts")).Tags);
        Assert.Contains(backstage.Told.Of("billing.commit.duration"), one => one.Tags == $"billing.result={reason} billing.shard=0");
    }

    [Fact]
    public async Task A_message_is_measured_by_its_age_and_counted_when_it_is_given_up()
    {
        await using var backstage = new Backstage();
        var dispatcher = backstage.Get<MessageDispatcher>();
        var message = new ReceivedMessage("m1", "receipt", "rubbish", 1, DateTimeOffset.UtcNow.AddSeconds(-90), IsText: true);

        Assert.Equal(ConsumptionKind.Parked, (await dispatcher.ConsumeAsync(new ShardQueue(0, Queues.Refunds), message)).Kind);
        dispatcher.GaveUp(new ShardQueue(0, Queues.Refunds), message, "it is rubbish", null);

        var age = Assert.Single(backstage.Told.Of("billing.queue.age"));
        Assert.Equal("billing.queue=refunds billing.shard=0", age.Tags);
        Assert.InRange(age.Value, 90, 150);
        Assert.Equal("billing.queue=refunds billing.shard=0", Assert.Single(backstage.Told.Of("billing.poison")).Tags);
    }

    [Fact]
    public async Task A_job_is_measured_by_what_is_due_and_what_it_rang()
    {
        await using var backstage = new Backstage();
        await backstage.OpenAsync("bloom", "pro");
        await backstage.OpenAsync("bloom", "pro");
        backstage.MoveTo("2025-12-01T00:00:00Z");
        await backstage.Get<JobRunner>().RunAsync(Queues.Renewals, default);

        Assert.Equal((2, "billing.job=renewals"), backstage.Told.Of("billing.job.due").Select(one => (one.Value, one.Tags)).Single());
        Assert.Equal((1, "billing.job=renewals"), backstage.Told.Of("billing.job.rung").Select(one => (one.Value, one.Tags)).Single());
    }

    [Theory]
    [InlineData(204, "delivered")]
    [InlineData(410, "gone")]
    [InlineData(500, "refused")]
    [InlineData(null, "unanswered")]
    public async Task Deliveries_are_counted_by_what_came_of_them(int? status, string result)
    {
        await using var backstage = new Backstage();
        await using var receiver = new Receiver(status is { } code ? Receiver.Says(code) : (_, connection, _) => connection.DisposeAsync().AsTask());
        await backstage.Get<DeliveryTelemetry>().SendAsync(new WebhookRequest(receiver.Url, [], "{}"u8.ToArray()));

        Assert.Equal($"billing.result={result}", Assert.Single(backstage.Told.Of("billing.deliveries")).Tags);
    }

    [Fact]
    public async Task Requests_to_storage_are_counted_by_what_they_ask()
    {
        await using var backstage = new Backstage((await Azurite.Shared).ConnectionString);
        Assert.NotNull(backstage.Get<BillingMetrics>());
        await backstage.Get<TableStore>().EnsureCreatedAsync(0, default);
        await backstage.Get<TableStore>().ReadAsync(new Partition(Table.Keys, "nobody"), "nothing", default);

        Assert.Equal(
            ["billing.operation=commit billing.shard=0", "billing.operation=other billing.shard=0", "billing.operation=queue billing.shard=0", "billing.operation=read billing.shard=0"],
            backstage.Told.Of("billing.storage.requests").Select(one => one.Tags).Order(StringComparer.Ordinal));
        Assert.Contains(backstage.Told.Of("billing.storage.requests"), one => one is { Tags: "billing.operation=read billing.shard=0", Value: 1 });
    }

    [Fact]
    public async Task Nothing_is_told_apart_by_a_workspace_or_an_id()
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("bluma", "starter");
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, new { template_id = "news-anchor" });
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, new { template_id = "nothing" });

        Assert.DoesNotContain(
            new[] { "billing.admits", "billing.refusals", "billing.commit.size", "billing.commit.duration" }.SelectMany(backstage.Told.Of),
            one => one.Tags.Contains('_', StringComparison.Ordinal) && !one.Tags.Contains("error.type=", StringComparison.Ordinal));
    }
}
