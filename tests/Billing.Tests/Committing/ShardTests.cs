using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.InMemory;

namespace Billing.Tests.Committing;

/// <summary>Jobs over several shards, of which one is away.</summary>
public sealed class ShardTests
{
    private static readonly DateTimeOffset Due = new(2025, 11, 1, 10, 30, 0, TimeSpan.Zero);
    private static readonly ShardMap Three = new([1, 1, 1]);
    private readonly InMemoryTableStore _store = new();
    private readonly InMemoryMessageQueue _messages = new();

    public ShardTests()
    {
        foreach (var id in new[] { "ws_0000000000000001", "ws_1000000000000001", "ws_1000000000000002", "ws_2000000000000001" })
        {
            _store.Arrive(DueIndexEntry.At(id, Queues.Renewals, Due).Partition, [new RowWrite(WriteKind.Put, new Row(id, "{}"))]);
        }
    }

    [Fact]
    public async Task A_job_looks_into_each_shard_and_its_messages_lie_beside_the_workspaces()
    {
        var run = await RunAsync();

        Assert.Equal((4, 3), (run.Due, run.Sent));
        Assert.Empty(run.FailedShards);
        Assert.All(_messages.Visible(Queues.Renewals), message =>
        {
            Assert.True(DueMessage.TryParse(message.Message, Queues.Renewals, out var due));
            Assert.All(due.WorkspaceIds, id => Assert.Equal(message.Queue.Shard, ShardMap.ShardOf(id)));
            Assert.Equal(message.Queue.Shard, due.Entry.Shard);
        });
    }

    [Fact]
    public async Task A_shard_that_is_away_is_named_and_keeps_no_other_waiting()
    {
        _messages.BeforeSend = (_, message) => message.Contains("ws_1", StringComparison.Ordinal) ? throw new StorageUnavailableException("It is away.") : Task.CompletedTask;
        var run = await RunAsync();
        Assert.Equal((2, 2), (run.Due, run.Sent));
        Assert.Equal(1, Assert.Single(run.FailedShards));

        _messages.BeforeSend = (_, _) => throw new StorageUnavailableException("All are away.");
        await Assert.ThrowsAsync<StorageUnavailableException>(RunAsync);

        _messages.BeforeSend = null;
        Assert.Equal(4, (await RunAsync()).Due);
    }

    [Theory]
    [InlineData("renewals|2025-11-01T10;ws_1000000000000001,ws_1000000000000002", true)]
    [InlineData("renewals|2025-11-01T10;", false)]
    public void A_message_tells_the_shard_of_its_workspaces(string text, bool sound)
    {
        Assert.Equal(sound, DueMessage.TryParse(text, Queues.Renewals, out var due));
        Assert.Equal(sound ? 1 : null, due?.Entry.Shard);
    }

    private Task<DueRun> RunAsync() => new DueJob(_store, _messages, Three, new StandingClock(Due.AddHours(1))).RunAsync(Queues.Renewals, default);

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
