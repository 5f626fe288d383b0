using System.Diagnostics;
using Billing.Api.Generations;
using Billing.Api.Jobs;
using Billing.Api.Telemetry;
using Billing.Api.Tests.Webhooks;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Engine.Webhooks;
using Billing.Storage;

namespace Billing.Api.Tests.Telemetry;

/// <summary>What is done in the background has spans, and those of a request are in its trace.</summary>
public sealed class SpanTests
{
    private static readonly object Small = new { size = "2K" };

    [Fact]
    public async Task A_commit_belongs_to_the_request_that_came_first_and_is_linked_to_the_others()
    {
        await using var backstage = new Backstage();
        var (workspaceId, key) = await backstage.OpenAsync("bloom", "pro");
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Small);
        var former = backstage.Told.Ended.Count;
        await backstage.RideAsync(key, Small, others: 3);

        var commits = backstage.Told.Ended.Skip(former).ToList();
        Assert.All(commits, commit => Assert.Equal(("commit", backstage.Trace, workspaceId), (commit.OperationName, commit.TraceId, commit.GetTagItem("billing.workspace_id"))));
        Assert.Equal([(1, 0), (3, 2)], commits.Select(commit => ((int)commit.GetTagItem("billing.commit.size")!, commit.Links.Count())));
        Assert.All(commits, commit => Assert.Equal("stored", commit.GetTagItem("billing.result")));
    }

    [Fact]
    public async Task What_storage_is_asked_in_a_commit_is_part_of_its_span()
    {
        await using var backstage = new Backstage();
        var (_, key) = await backstage.OpenAsync("bloom");
        string? current = null;
        backstage.Store.BeforeCommit = (partition, _) =>
        {
            current = partition.Table == Table.Ledger ? Activity.Current?.OperationName : current;
            return Task.FromResult<CommitResult?>(null);
        };
        await backstage.ServiceAsync(AdmitGeneration.Endpoint, key, Small);

        Assert.Equal("commit", current);
    }

    [Fact]
    public async Task A_message_a_job_and_a_delivery_have_spans()
    {
        await using var backstage = new Backstage();
        await using var receiver = new Receiver(Receiver.Says(500));
        await backstage.Get<MessageDispatcher>().ConsumeAsync(new ShardQueue(0, Queues.Refunds), new ReceivedMessage("m1", "receipt", "rubbish", 1, DateTimeOffset.UtcNow, IsText: true));
        await backstage.Get<JobRunner>().RunAsync(Queues.Renewals, default);
        await backstage.Get<DeliveryTelemetry>().SendAsync(new WebhookRequest(receiver.Url, [], "{}"u8.ToArray()));

        Assert.Equal(
            [("process refunds", ActivityKind.Consumer), ("run job", ActivityKind.Internal), ("deliver webhook", ActivityKind.Client)],
            backstage.Told.Ended.Select(span => (span.OperationName, span.Kind)));
        Assert.Equal([null, null, "refused"], backstage.Told.Ended.Select(span => span.GetTagItem("error.type")));
        Assert.False(receiver.Arrivals.Single().Headers.ContainsKey("traceparent"), "Our trace is none of the receiver's business.");
    }

    [Fact]
    public async Task What_fails_says_so_in_its_span()
    {
        await using var backstage = new Backstage();
        backstage.Store.BeforeRead = _ => throw new StorageUnavailableException("It is down.");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => backstage.Get<JobRunner>().RunAsync(Queues.Renewals, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => backstage.Get<MessageDispatcher>().ConsumeAsync(
            new ShardQueue(0, Queues.Webhooks), new ReceivedMessage("m1", "receipt", "evt_0123456789abcdef000000001", 1, DateTimeOffset.UtcNow, IsText: true)));

        Assert.All(backstage.Told.Ended, span => Assert.Equal((ActivityStatusCode.Error, typeof(StorageUnavailableException).FullName), (span.Status, span.GetTagItem("error.type"))));
        Assert.Equal(2, backstage.Told.Ended.Count);
    }
}
