using Billing.Engine.Ports;

namespace Billing.Storage.Tests;

public abstract partial class TableStoreContract
{
    [Fact]
    public async Task A_stored_transaction_whose_answer_is_lost_is_unknown_and_its_second_copy_is_a_duplicate()
    {
        var etags = await StoredAsync(Insert("account", "[0]"));

        var result = await LosingAnswers().CommitAsync(Workspace, [Insert("op:1"), Replace("account", etags[0], "[1]")], default);

        Assert.IsType<CommitResult.Unknown>(result);
        Assert.Equal("[1]", (await ReadAsync("account"))!.Data);
        Assert.Equal(
            new CommitResult.Duplicate("op:1"),
            await NothingChangesAsync(() => CommitAsync(Insert("op:1"), Replace("account", etags[0], "[1]"))));
    }

    [Fact]
    public async Task A_transaction_that_never_arrived_is_unknown_and_its_second_copy_is_stored()
    {
        var etags = await StoredAsync(Insert("account", "[0]"));

        var result = await NothingChangesAsync(() =>
            LosingRequests().CommitAsync(Workspace, [Insert("op:1"), Replace("account", etags[0], "[1]")], default));

        Assert.IsType<CommitResult.Unknown>(result);
        await StoredAsync(Insert("op:1"), Replace("account", etags[0], "[1]"));
    }

    [Fact]
    public async Task A_refusal_whose_answer_is_lost_is_unknown()
    {
        await StoredAsync(Insert("op:1"));

        var result = await NothingChangesAsync(() => LosingAnswers().CommitAsync(Workspace, [Insert("op:1")], default));

        Assert.IsType<CommitResult.Unknown>(result);
    }

    [Fact]
    public async Task A_commit_that_is_cancelled_before_it_is_sent_throws()
    {
        await NothingChangesAsync(() => Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.CommitAsync(Workspace, [Insert("row")], new CancellationToken(canceled: true))));
    }
}
