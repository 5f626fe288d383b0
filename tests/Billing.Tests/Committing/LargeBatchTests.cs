using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Generations;
using Billing.Workspaces;

namespace Billing.Tests.Committing;

/// <summary>A thousand generations in one charge, and settling them: whole or not at all, once, and within what a transaction holds.</summary>
public sealed class LargeBatchTests
{
    [Theory]
    [InlineData(1_000, null)]
    [InlineData(999, RefusalCodes.InsufficientCredits)]
    public async Task A_thousand_are_admitted_on_exactly_enough_and_none_on_one_less(int credits, string? refused)
    {
        var world = await World.OpenAsync(credits: credits);
        var done = (await world.Process().SubmitAsync(World.WorkspaceId, Batch(world, Alike(1_000))))!;

        Assert.Equal(refused, done.CodeOf());
        Assert.Equal(refused is null ? (0, 1_000, 40) : (999, 0, 0), ((int)(await world.AccountAsync()).Balance.ToDecimal(), (await world.AccountAsync()).Running, world.Rows(Admission.Prefix).Length));
        Assert.Equal(refused is null ? 1 : 0, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
    }

    [Fact]
    public async Task Best_effort_takes_what_fits_wherever_it_stands()
    {
        var world = await World.OpenAsync(credits: 600);
        var wanted = Enumerable.Range(0, 1_000).Select(number => World.Wanted(CostOf(number))).ToImmutableArray();
        var admitted = await world.Process().DoAsync(Batch(world, wanted, allOrNothing: false));

        // The dear ones take what there is; the cheap ones behind them what is left.
        var spent = 0;
        Assert.All(admitted.Items.Select((item, index) => (item, index)), one =>
        {
            var fits = spent + CostOf(one.index) <= 600;
            Assert.Equal(fits, one.item.Generation is not null);
            spent += fits ? CostOf(one.index) : 0;
        });
        Assert.Equal(Credits.Of(600 - spent), admitted.Workspace.Balance);
        var outcomes = await world.Process().SettleAsync(World.WorkspaceId, admitted.Items.Where(item => item.Generation is not null).Select(item => new Complete(item.Generation!.Id, null)), _ => true);
        Assert.All(outcomes, outcome => Assert.IsType<Outcome<Settled>.Accepted>(outcome));
        Assert.Equal(0, (await world.AccountAsync()).Running);
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task A_repeat_gets_the_same_answer_before_and_after_settling_and_expiry()
    {
        var world = await World.OpenAsync(credits: 1_000);
        var first = (await world.Process().SubmitAsync(World.WorkspaceId, Batch(world, Alike(1_000), "order")))!;
        var ids = first.Value().Items.Select(item => item.Generation!.Id).ToList();
        Assert.InRange(first.Answer!.Body.Length, 30_000, 100_000);

        await RepeatAsync();
        await world.Process().SettleAsync(World.WorkspaceId, ids.Take(700).Select((id, index) => index % 2 == 0 ? (Settle)new Complete(id, null) : new Fail(id, "server_error")), _ => true);
        await RepeatAsync();
        world.Clock.Now += TimeSpan.FromHours(2);
        await RepeatAsync();
        Assert.Single(await Audit.ProveAsync(world), entry => entry.Type == EntryType.Deduction);

        async Task RepeatAsync()
        {
            var again = (await world.Process().SubmitAsync(World.WorkspaceId, Batch(world, Alike(1_000), "order")))!;
            Assert.True(again.Replayed);
            Assert.Equal(first.Answer, again.Answer);
        }
    }

    [Fact]
    public async Task Two_instances_that_get_it_at_once_charge_it_once()
    {
        var world = await World.OpenAsync(credits: 10_000);
        var processes = new[] { world.Process(), world.Process() };
        for (var round = 0; round < 5; round++)
        {
            var key = $"order {round}";
            var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => processes[number % 2].InsistAsync(() => Batch(world, Alike(600), key))));
            Assert.Single(done.Select(one => one.Answer!).Distinct());
            Assert.Single(done, one => !one.Replayed);
        }

        Assert.Equal(5, (await Audit.ProveAsync(world)).Count(entry => entry.Type == EntryType.Deduction));
        Assert.Equal(3_000, (await world.AccountAsync()).Running);
    }

    public static TheoryData<Fault> EveryFault => [.. Enum.GetValues<Fault>()];

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task Whatever_call_goes_wrong_it_is_admitted_once_and_each_is_settled_once(Fault fault)
    {
        for (var at = 0; at < 8; at++)
        {
            await AdmitAndSettleAsync(fault, at);
        }
    }

    private static async Task AdmitAndSettleAsync(Fault fault, int at)
    {
        var world = await World.OpenAsync(credits: 300);
        var admitting = new Faults(world, fault, at);
        var admitted = await world.Process().InsistAsync(() => Batch(world, Alike(200), "order"));
        admitting.Over();
        var ids = IdsIn(admitted.Answer!);
        var settling = new Faults(world, fault, at);
        for (var tries = 0; tries < 6; tries++)
        {
            var outcomes = await world.Process().SettleAsync(World.WorkspaceId, ids.Select((id, index) => index % 3 == 0 ? (Settle)new Fail(id, "server_error") : new Complete(id, null)), _ => true);
            if (outcomes.All(outcome => outcome is Outcome<Settled>.Accepted or Outcome<Settled>.AlreadyApplied))
            {
                break;
            }

            Assert.All(outcomes.OfType<Outcome<Settled>.Declined>(), outcome => Assert.Equal(RefusalCodes.StorageUnavailable, outcome.Refusal.Code));
        }

        settling.Over();
        Assert.Equal((Credits.Of(100), 0, 67), ((await world.AccountAsync()).Balance, (await world.AccountAsync()).Running, (await world.AccountAsync()).PendingRefunds));
        Assert.Single(await Audit.ProveAsync(world), entry => entry.Type == EntryType.Deduction);
    }

    [Fact]
    public async Task A_row_of_twenty_five_is_written_once_a_portion_and_a_thousand_take_few_round_trips()
    {
        var world = await World.OpenAsync(credits: 2_000);
        var writer = world.Process();
        await writer.DoAsync(world.Admit());
        var before = world.Store.Calls;
        var admitted = await writer.DoAsync(Batch(world, Alike(1_000), "order"));

        // Rows, page, answer and account, in one transaction; the one call beside it links the answer's retention.
        Assert.Equal(new(Reads: 0, Lists: 0, Finds: 0, Commits: 2, Writes: 44), world.Store.Calls - before);
        before = world.Store.Calls;
        await writer.SettleAsync(World.WorkspaceId, admitted.Items.Select(item => new Complete(item.Generation!.Id, null)), _ => true);
        Assert.Equal(new(Reads: 40, Lists: 0, Finds: 0, Commits: 20, Writes: 60), world.Store.Calls - before);
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task Small_ones_ride_with_a_large_batch_and_large_ones_do_not_with_each_other()
    {
        var world = await World.OpenAsync(credits: 100_000);
        var writer = world.Process();
        var most = 0;
        world.Store.BeforeCommit = (_, writes) =>
        {
            most = Math.Max(most, writes.Length);
            return Task.FromResult<CommitResult?>(null);
        };
        var work = Enumerable.Range(0, 60).Select(number => number % 6 == 0 ? Batch(world, Alike(1_000), $"order {number}") : world.Admit(idempotencyKey: $"key {number}"));
        var done = await Task.WhenAll(work.Select(one => writer.SubmitAsync(World.WorkspaceId, one)));

        Assert.All(done, one => Assert.IsType<Outcome<Admitted>.Accepted>(one!.Outcome));
        Assert.InRange(most, 46, ITableStore.MaxWrites);
        Assert.Equal(10_050, (await world.AccountAsync()).Running);
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task A_thousand_that_nobody_settles_expire_in_portions_and_hold_nobody_up()
    {
        var world = await World.OpenAsync(credits: 5_000);
        var admitted = await world.Process().DoAsync(Batch(world, Alike(1_000)));
        await world.Process().DoAsync(world.Heartbeat(admitted.Items[500].Generation!.Id));
        world.Clock.Now += TimeSpan.FromMinutes(30);
        await world.Process().DoAsync(world.Heartbeat(admitted.Items[501].Generation!.Id));
        world.Clock.Now += TimeSpan.FromMinutes(40);
        var before = world.Store.Calls;

        // The next of the same size finds room beside what expired.
        await world.Process().DoAsync(Batch(world, Alike(1_000)));
        Assert.InRange((world.Store.Calls - before).Commits, 1, 12);
        for (var turns = 0; (await world.AccountAsync()).RunningSpans.NextExpiryAt <= world.Clock.Now; turns++)
        {
            Assert.InRange(turns, 0, 40);
            await world.Process().DoAsync(CatchUp.Work);
        }

        Assert.Equal((1_001, 999), ((await world.AccountAsync()).Running, world.Rows(Refund.Prefix).Length));
        await Audit.ProveAsync(world);
        world.Clock.Now += TimeSpan.FromHours(2);
        for (var turns = 0; (await world.AccountAsync()).Running > 0; turns++)
        {
            Assert.InRange(turns, 0, 40);
            await world.Process().DoAsync(CatchUp.Work);
        }

        Assert.Equal(2_000, world.Rows(Refund.Prefix).Length);
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task What_is_too_large_to_be_stored_is_refused_and_what_waits_with_it_is_not()
    {
        var world = await World.OpenAsync(credits: 1_000);
        var writer = world.Process();
        var small = Enumerable.Range(0, 5).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())).ToList();
        var large = writer.SubmitAsync(World.WorkspaceId, Batch(world, Wordy(25, 20_000), "large"));
        small.AddRange(Enumerable.Range(0, 5).Select(_ => writer.SubmitAsync(World.WorkspaceId, world.Admit())));

        Assert.Equal(RefusalCodes.FileTooLarge, (await large)!.CodeOf());
        Assert.All(await Task.WhenAll(small), done => Assert.IsType<Outcome<Admitted>.Accepted>(done!.Outcome));
        Assert.Empty(world.Rows(Operation.Prefix));
        Assert.Equal(Credits.Of(990), (await world.AccountAsync()).Balance);

        // The same text in several rows is no trouble.
        await writer.DoAsync(Batch(world, [.. Wordy(25, 10_000), .. Wordy(25, 10_000)], "large"));
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task Who_repeats_what_would_be_too_large_by_now_gets_its_stored_answer()
    {
        var world = await World.OpenAsync(credits: 1_000);
        var first = (await world.Process().SubmitAsync(World.WorkspaceId, Batch(world, Wordy(2, 20_000), "key")))!;
        var again = Batch(world, Wordy(25, 20_000), "other") with { Operation = World.Key("key", "2") };

        Assert.Equal(first.Answer, (await world.Process().SubmitAsync(World.WorkspaceId, again))!.Answer);
        Assert.Single(await Audit.ProveAsync(world), entry => entry.Type == EntryType.Deduction);
    }

    [Fact]
    public async Task Rows_that_are_large_are_settled_and_expire_in_as_many_transactions_as_they_need()
    {
        var world = await World.OpenAsync(credits: 1_000);
        var writer = world.Process();
        var ids = new List<string>();
        for (var i = 0; i < 16; i++)
        {
            ids.AddRange((await writer.DoAsync(Batch(world, Wordy(18, 20_000)))).Items.Take(2).Select(item => item.Generation!.Id));
        }

        // One of each row first: together they are more than a transaction holds.
        var outcomes = await writer.SettleAsync(World.WorkspaceId, ids.Where((_, index) => index % 2 == 0).Concat(ids.Where((_, index) => index % 2 == 1)).Select(id => new Fail(id, "server_error")), _ => true);

        Assert.All(outcomes, outcome => Assert.IsType<Outcome<Settled>.Accepted>(outcome));
        Assert.Equal(16 * 16, (await world.AccountAsync()).Running);
        world.Clock.Now += TimeSpan.FromHours(2);
        for (var turns = 0; (await world.AccountAsync()).Running > 0; turns++)
        {
            Assert.InRange(turns, 0, 40);
            await world.Process().DoAsync(world.Give(1));
        }

        Assert.Equal(16 * 18, world.Rows(Refund.Prefix).Length);
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task Of_an_id_that_is_named_twice_the_second_finds_what_came_of_the_first()
    {
        var world = await World.OpenAsync(credits: 1_000);
        var writer = world.Process();
        var id = (await writer.DoAsync(Batch(world, Alike(30)))).Items[29].Generation!.Id;
        var others = Enumerable.Range(0, 60).Select(number => new Complete($"gen_0123456789abcdefnone{number}", null));

        var outcomes = await writer.SettleAsync(World.WorkspaceId, [new Complete(id, null), .. others, new Fail(id, "server_error"), new Complete(id, null)], _ => true);

        Assert.IsType<Outcome<Settled>.Accepted>(outcomes[0]);
        Assert.Equal(RefusalCodes.AlreadySettled, ((Outcome<Settled>.Declined)outcomes[61]).Refusal.Code);
        Assert.IsType<Outcome<Settled>.AlreadyApplied>(outcomes[62]);
        Assert.All(outcomes[1..61], outcome => Assert.Equal(RefusalCodes.NotFound, ((Outcome<Settled>.Declined)outcome).Refusal.Code));
    }

    [Fact]
    public async Task What_was_settled_before_storage_failed_is_told()
    {
        var world = await World.OpenAsync(credits: 1_000);
        var ids = (await world.Process().DoAsync(Batch(world, Alike(200)))).Items.Select(item => item.Generation!.Id).ToList();
        var commits = 0;
        world.Store.BeforeCommit = (partition, _) => partition.Table == Table.Ledger && ++commits > 2 ? throw new StorageUnavailableException("It is down.") : Task.FromResult<CommitResult?>(null);

        var outcomes = await world.Process().SettleAsync(World.WorkspaceId, ids.Select(id => new Complete(id, null)), _ => true);

        Assert.Equal([.. Enumerable.Repeat(true, 100), .. Enumerable.Repeat(false, 100)], outcomes.Select(outcome => outcome is Outcome<Settled>.Accepted));
        Assert.All(outcomes[100..], outcome => Assert.Equal(Settlements.Unavailable, ((Outcome<Settled>.Declined)outcome).Refusal));
        world.Calm();
        Assert.Equal(100, (await world.AccountAsync()).Running);
        Assert.Equal(100, (await world.Process().SettleAsync(World.WorkspaceId, ids.Select(id => new Complete(id, null)), _ => true)).OfType<Outcome<Settled>.AlreadyApplied>().Count());
        await Audit.ProveAsync(world);
    }

    [Fact]
    public async Task The_audit_misses_a_row_of_a_batch()
    {
        var world = await World.OpenAsync(credits: 1_000);
        await world.Process().DoAsync(Batch(world, Alike(60)));
        Assert.Empty((await new Engine.Audits.Audit(world.Store).RunAsync(World.WorkspaceId, default))!.Differences);
        world.Store.Arrive(world.Partition, [RowWrite.Delete(world.Rows(Admission.Prefix)[1].Key)]);
        Assert.Equal("The account counts 60 running generations; 35 hold a slot.", Assert.Single((await new Engine.Audits.Audit(world.Store).RunAsync(World.WorkspaceId, default))!.Differences));
    }

    [Fact]
    public async Task Those_of_one_row_that_are_settled_by_themselves_at_once_are_written_once()
    {
        var world = await World.OpenAsync(credits: 1_000);
        var writer = world.Process();
        var ids = (await writer.DoAsync(Batch(world, Alike(25)))).Items.Select(item => item.Generation!.Id).ToList();
        var writes = new List<int>();
        world.Store.AfterCommit = (_, some, result) =>
        {
            writes.Add(some.Count(write => write.Row.Key.StartsWith(Admission.Prefix, StringComparison.Ordinal)));
            return Task.FromResult(result);
        };

        await world.TogetherAsync(ids.Count, number => writer.DoAsync(world.Complete(ids[number])));

        Assert.InRange(writes.Count, 1, 3);
        Assert.All(writes, count => Assert.Equal(1, count));
        Assert.Equal(0, (await world.AccountAsync()).Running);
    }

    private static ImmutableArray<AdmitItem> Alike(int count) => [.. Enumerable.Repeat(World.Wanted(1), count)];

    private static ImmutableArray<AdmitItem> Wordy(int count, int characters) =>
        [.. Enumerable.Range(0, count).Select(number => World.Wanted(1) with { Description = new string((char)('a' + number), characters) })];

    private static Work<Admitted> Batch(World world, ImmutableArray<AdmitItem> items, string? idempotencyKey = null, bool allOrNothing = true)
    {
        var command = new Admit(world.NextKey(), items, allOrNothing) { Batch = true };
        return new Work<Admitted>((unit, catalog) => AdmitDecision.Decide(unit, catalog, command))
        {
            Operation = World.Key(idempotencyKey, items.Length.ToString(CultureInfo.InvariantCulture)),
            MostRows = Work.FewRows + Admission.RowsOf(items.Length),
            Answer = admitted => new Reply(201, JsonSerializer.Serialize(admitted.Items.Select(item => item.Generation?.Id))),
        };
    }

    private static int CostOf(int index) => index % 4 == 0 ? 1 : 20;

    private static List<string> IdsIn(Reply reply) => JsonSerializer.Deserialize<List<string>>(reply.Body)!;
}
