using Billing.Generations;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Generations;

public sealed class BatchTests
{
    [Fact]
    public void A_batch_is_one_charge()
    {
        var workspace = Of("bluma", plan: "starter");
        var admitted = Accepted(workspace.TryBatch(allOrNothing: true, 1, 2.5m, 3));
        Assert.Equal(["purchase 100 → 100", "deduction -6.5 → 93.5"], workspace.Lines);
        Assert.Equal($"Video generation: batch_{Id[3..]}{admitted.Admission!.Key}", workspace.LastEntry.Description);
        Assert.Equal(3, workspace.LastEntry.Metadata!["generations"].Number);
        Assert.Equal([Amount(1), Amount(2.5m), Amount(3)], admitted.Items.Select(item => item.Generation!.Charged));
        Assert.Distinct(admitted.Items.Select(item => item.Generation!.Id));
        Assert.Equal(3, workspace.Account.Running);
    }

    [Fact]
    public void The_charge_of_a_batch_is_called_by_the_batch_whatever_is_said_of_its_first()
    {
        var workspace = Of("bluma", plan: "starter");
        var admitted = Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [workspace.Wanted(60) with { Description = "Trailer" }, workspace.Wanted(60)]) { Batch = true }));
        var name = $"batch_{Id[3..]}{admitted.Admission!.Key}";
        Assert.Equal([$"Video generation: {name}", $"Video generation on overage: {name}"], workspace.Entries.TakeLast(2).Select(entry => entry.Description));
    }

    [Fact]
    public void Best_effort_admits_as_many_as_the_keys_window_has_room_for_and_says_first_what_else_is_amiss()
    {
        var workspace = Of("bluma");
        var wanted = new decimal[] { 4, 20, 4, 1, 20 }.Select(cost => workspace.Wanted(cost));
        var admitted = Accepted(workspace.Decide(unit =>
        {
            unit.RateRoom = 2;
            var outcome = AdmitDecision.Decide(unit, workspace.Catalog, new Admit(workspace.NextKey(), [.. wanted], AllOrNothing: false) { Batch = true });
            Assert.Equal(2, unit.RateTaken);
            return outcome;
        }));
        Assert.Equal(
            [null, RefusalCodes.InsufficientCredits, null, RefusalCodes.TooManyRequests, RefusalCodes.InsufficientCredits],
            admitted.Items.Select(item => item.Refusal?.Code));
    }

    [Fact]
    public void All_or_nothing_refuses_all_when_the_sum_is_more_than_there_is()
    {
        var workspace = Of("bluma");
        var refusal = Declined(RefusalCodes.InsufficientCredits, workspace.TryBatch(allOrNothing: true, 4, 4, 4));
        Assert.Equal((Amount(12), Amount(10)), (refusal.Required, refusal.Available));
        Assert.Equal(("items[2]: This batch costs 12 credits; 10 are left.", 2), (refusal.Detail, refusal.Index));
        Assert.Equal((10, 0), (workspace.Balance, workspace.Account.Running));
    }

    [Fact]
    public void Best_effort_admits_what_fits_in_order()
    {
        var workspace = Of("bluma");
        var admitted = Accepted(workspace.TryBatch(allOrNothing: false, 4, 4, 4, 2));
        Assert.Equal([true, true, false, true], admitted.Items.Select(item => item.Generation is not null));
        var refusal = admitted.Items[2].Refusal!;
        Assert.Equal((RefusalCodes.InsufficientCredits, Amount(4), Amount(2)), (refusal.Code, refusal.Required, refusal.Available));
        Assert.Equal("This generation costs 4 credits; 2 are left.", refusal.Detail);
        Assert.Equal(0, workspace.Balance);
        Assert.Equal(3, admitted.Admission!.Generations.Length);
        Assert.EndsWith("-3", admitted.Items[3].Generation!.Id, StringComparison.Ordinal);
    }

    [Fact]
    public void Best_effort_with_nothing_that_fits_is_accepted_and_changes_nothing()
    {
        var workspace = Of("bluma");
        var admitted = Accepted(workspace.TryBatch(allOrNothing: false, 11, 12));
        Assert.Null(admitted.Admission);
        Assert.All(admitted.Items, item => Assert.Equal(RefusalCodes.InsufficientCredits, item.Refusal!.Code));
        Assert.Single(workspace.Entries);
    }

    [Fact]
    public void A_batch_takes_a_concurrency_slot_for_each_of_its_generations()
    {
        var workspace = Of("gleam", plan: "pro");
        Assert.Equal(
            ("items[5]: 5 generations are running; the plan allows 5 at once.", 5),
            Declined(RefusalCodes.ConcurrencyLimit, workspace.TryBatch(allOrNothing: true, 1, 1, 1, 1, 1, 1)) is var first ? (first.Detail, first.Index) : default);
        var admitted = Accepted(workspace.TryBatch(allOrNothing: false, 1, 1, 1, 1, 1, 1));
        Assert.Equal(5, admitted.Items.Count(item => item.Generation is not null));
        Assert.Equal(RefusalCodes.ConcurrencyLimit, admitted.Items[5].Refusal!.Code);
        Assert.Equal(5, workspace.Account.Running);
    }

    [Fact]
    public void Each_generation_of_a_batch_is_settled_by_itself()
    {
        var workspace = Of("bluma", plan: "starter");
        var admitted = Accepted(workspace.TryBatch(allOrNothing: true, 10, 20, 30));
        var ids = admitted.Items.Select(item => item.Generation!.Id).ToList();
        workspace.Complete(ids[0]);
        workspace.FailAndRefund(ids[1]);
        Assert.Equal((60, 1), (workspace.Balance, workspace.Account.Running));
        workspace.After(TimeSpan.FromHours(1));
        workspace.CarryOutRefunds();
        Assert.Equal((90, 0), (workspace.Balance, workspace.Account.Running));
        Assert.Equal(
            [GenerationStatus.Completed, GenerationStatus.Failed, GenerationStatus.Expired],
            ids.Select(id => workspace.Generation(id).Status));
    }

    [Fact]
    public void Of_a_batch_the_one_that_shows_life_runs_on_and_the_other_expires_in_its_time()
    {
        var workspace = Of("bluma", plan: "starter");
        var ids = Accepted(workspace.TryBatch(allOrNothing: true, 10, 20)).Items.Select(item => item.Generation!.Id).ToList();
        Accepted(workspace.On("2025-11-01T00:50:00Z").TryHeartbeat(ids[0]));
        workspace.On("2025-11-01T01:00:00Z");
        Assert.Equal([GenerationStatus.Running, GenerationStatus.Expired], ids.Select(id => workspace.Generation(id).Status));
        Assert.Equal((90, 1), (workspace.CarryOutRefunds().Balance, workspace.Account.Running));
    }

    [Fact]
    public void A_batch_has_no_further_generation_than_its_own()
    {
        var workspace = Of("bluma", plan: "starter");
        var id = Accepted(workspace.TryBatch(allOrNothing: true, 10, 20)).Items[1].Generation!.Id;
        Declined(RefusalCodes.NotFound, workspace.TryComplete(id[..^1] + '2'));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_batch_that_outgrows_the_credits_one_takes_what_is_left_and_the_rest_is_overage_alone(bool allOrNothing)
    {
        var workspace = Of("bluma", plan: "starter");
        var admitted = Accepted(workspace.TryBatch(allOrNothing, 60, 60, 40, 1));
        Assert.Equal([false, true, true, true], admitted.Items.Select(item => item.Generation!.Overage is not null));
        Assert.Equal([Amount(60), Amount(40), Amount(0), Amount(0)], admitted.Items.Select(item => item.Generation!.Charged));
        Assert.Equal(["purchase 100 → 100", "deduction -100 → 0", "overage 0 → 0"], workspace.Lines);
        Assert.Equal(3, workspace.LastEntry.Metadata!["overage_units"].Number);
        Assert.Equal((3L, 2L), (workspace.Account.Overage.Units, workspace.Usage.Generations));
        workspace.FailAndRefund(admitted.Items[1].Generation!.Id);
        Assert.Equal((40, 2L, 1L), (workspace.Balance, workspace.Account.Overage.Units, workspace.Usage.Generations));
    }

    [Fact]
    public void The_charge_of_a_batch_names_each_grant_once()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Buy(20, "pay_1");
        Accepted(workspace.TryBatch(allOrNothing: true, 50, 45, 20));
        Assert.Equal(["1 100", "2 15"], workspace.LastEntry.Draws!.Value.Select(draw => $"{draw.GrantId} {draw.Amount}"));
        Assert.Equal(GrantKind.TopUp, workspace.LastEntry.Draws!.Value[1].Kind);
    }

    [Fact]
    public void An_entry_names_the_price_versions_of_all_that_it_charges()
    {
        var workspace = Of("bluma", plan: "starter");
        AdmitItem At(decimal cost, string version) => workspace.Wanted(cost) with { Price = workspace.Wanted(cost).Price with { PriceVersion = version } };
        Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [At(1, "old"), At(1, "new"), At(1, "old")]) { Batch = true }));
        Assert.Equal("old new", workspace.LastEntry.PriceVersion);
        Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [At(96, "old"), At(3, "new")]) { Batch = true }));
        Assert.Equal(["old new", "new"], workspace.Entries.TakeLast(2).Select(entry => entry.PriceVersion));
    }

    [Fact]
    public void What_is_refused_names_no_price_version()
    {
        var workspace = Of("bluma");
        var dear = workspace.Wanted(11) with { Price = workspace.Wanted(11).Price with { PriceVersion = "refused" } };
        Accepted(workspace.TryAdmit(new Admit(workspace.NextKey(), [dear, workspace.Wanted(3)], AllOrNothing: false) { Batch = true }));
        Assert.Equal("prices-1", workspace.LastEntry.PriceVersion);
    }

    [Fact]
    public void Of_a_large_batch_twenty_five_are_a_row_and_an_id_leads_to_its_own()
    {
        var workspace = Of("bluma", plan: "pro");
        var admitted = Accepted(workspace.TryBatch(allOrNothing: true, [.. Enumerable.Repeat(1m, 61)]));
        var key = admitted.Admission!.Key;
        Assert.Equal([25, 25, 11], admitted.Rows.Select(row => row.Generations.Length));
        Assert.Equal([$"gen:{key}", $"gen:{key}-1", $"gen:{key}-2"], admitted.Rows.Select(row => row.RowKey));
        Assert.Equal(admitted.Rows.Select(row => row.RowKey), Admission.RowKeysOf(workspace.LastEntry.AdmissionKey!));
        Assert.Equal((439, 61, 2), (workspace.Balance, workspace.Account.Running, workspace.Entries.Count));
        Assert.All(admitted.Rows, row => Assert.All(row.Generations, one => Assert.Equal(row.RowKey, Admission.RowKeyOf(one.Id[20..]))));
        var (last, other) = (admitted.Items[60].Generation!.Id, admitted.Items[59].Generation!.Id);
        workspace.FailAndRefund(last);
        workspace.Complete(other);
        Assert.Equal((440, 59), (workspace.Balance, workspace.Account.Running));
        Assert.Equal(60, workspace.On("2025-11-01T01:00:00Z").CarryOutRefunds().Entries.Count(entry => entry.Type == EntryType.Refund));
        Assert.Equal((499, 0), (workspace.Balance, workspace.Account.Running));
    }

    [Fact]
    public void Items_that_are_alike_take_little_room()
    {
        var workspace = Of("bluma", plan: "pro");
        var admitted = Accepted(workspace.TryBatch(allOrNothing: true, [.. Enumerable.Repeat(1m, 50)]));
        var alone = Accepted(workspace.TryBatch(allOrNothing: true, 1));
        Assert.All(admitted.Rows, row => Assert.InRange(workspace.LengthOf(row.RowKey) - workspace.LengthOf(alone.Admission!.RowKey), 1, 24 * 4));
    }

    [Fact]
    public void Where_the_first_of_a_batch_are_refused_the_others_stand_where_their_ids_lead()
    {
        var workspace = Of("bluma", plan: "free");
        var admitted = Accepted(workspace.TryBatch(allOrNothing: false, [.. Enumerable.Repeat(11m, 30), 1, .. Enumerable.Repeat(11m, 50), 2]));
        Assert.Equal(["-1", "-3"], admitted.Rows.Select(row => row.RowKey[^2..]));
        Assert.EndsWith("-3", workspace.LastEntry.AdmissionKey, StringComparison.Ordinal);
        workspace.Complete(admitted.Items[30].Generation!.Id);
        workspace.FailAndRefund(admitted.Items[81].Generation!.Id);
        Assert.Equal((9, 0), (workspace.Balance, workspace.Account.Running));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("-x")]
    [InlineData("-030")]
    [InlineData("-30-30")]
    [InlineData("-99999999999999999999")]
    [InlineData("-2147483647")]
    public void What_is_nearly_an_id_of_a_batch_leads_nowhere(string end)
    {
        var workspace = Of("bluma", plan: "pro");
        var id = Accepted(workspace.TryBatch(allOrNothing: true, [.. Enumerable.Repeat(1m, 40)])).Items[30].Generation!.Id;
        Declined(RefusalCodes.NotFound, workspace.TryComplete(id[..^3] + end));
    }

    [Fact]
    public void A_batch_of_one_is_named_as_a_batch()
    {
        var admitted = Accepted(Of("bloom").TryBatch(allOrNothing: true, 1));
        Assert.EndsWith("-0", admitted.Items.Single().Generation!.Id, StringComparison.Ordinal);
    }
}
