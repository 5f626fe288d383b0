using Billing.Catalogs;
using Billing.Generations;
using Billing.Tests.Workspaces;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Generations;

public sealed class SettleTests
{
    [Fact]
    public void Completed_in_full_the_charge_stands_and_the_slot_is_free()
    {
        var workspace = Of("bloom").On("2025-11-01T00:05:00Z");
        var id = workspace.Admit(6, units: 3);
        workspace.On("2025-11-01T00:10:00Z");
        var generation = workspace.Complete(id);
        Assert.Equal((GenerationStatus.Completed, 3L, At("2025-11-01T00:10:00Z")), (generation.Status, generation.SucceededUnits, generation.SettledAt));
        Assert.Equal((0, 0, 4), (workspace.Account.Running, workspace.PendingRefunds, workspace.Balance));
    }

    [Theory]
    [InlineData(6, 3, 2, 2)]
    [InlineData(6, 3, 0, 6)]
    [InlineData(10, 3, 1, 6.666)]
    [InlineData(10, 3, 2, 3.333)]
    [InlineData(0.001, 7, 1, 0)]
    [InlineData(0.01, 7, 6, 0.001)]
    [InlineData(9.999, 20, 19, 0.499)]
    public void Completed_in_part_the_rest_comes_back_pro_rata_and_what_is_kept_is_rounded_up(decimal cost, long units, long succeeded, decimal back)
    {
        var workspace = Of("bloom");
        workspace.Complete(workspace.Admit(cost, units), succeeded);
        workspace.CarryOutRefunds();
        Assert.Equal(10 - cost + back, workspace.Balance);
        Assert.Equal(back > 0 ? 1 : 0, workspace.Refunds.Count());
        Assert.All(workspace.Refunds, refund => Assert.Equal("undelivered_units", refund.Reason));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(long.MaxValue)]
    public void More_or_less_than_was_asked_for_cannot_have_succeeded(long succeeded)
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6, units: 3);
        Assert.Contains("succeeded_units", Declined(RefusalCodes.InvalidRequest, workspace.TryComplete(id, succeeded)).Errors!.Keys);
        Assert.True(workspace.Generation(id).Runs);
    }

    [Theory]
    [InlineData("server_error", 10)]
    [InlineData("rendering_error", 10)]
    [InlineData("invalid_input", 10)]
    [InlineData("user_error", 4)]
    [InlineData("content_policy", 4)]
    public void A_failure_is_refunded_unless_it_was_the_customers_own(string reason, decimal left)
    {
        var workspace = Of("bloom");
        var generation = workspace.Fail(workspace.Admit(6), reason);
        Assert.Equal((GenerationStatus.Failed, reason, 0), (generation.Status, generation.Reason, workspace.Account.Running));
        Assert.Equal(4, workspace.Balance);
        Assert.Equal(left, workspace.CarryOutRefunds().Balance);
    }

    [Fact]
    public void What_nobody_settles_expires_on_time_and_is_refunded()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        Assert.True(workspace.On("2025-11-01T00:59:59.999Z").Generation(id).Runs);
        workspace.On("2025-11-01T03:00:00Z");
        Assert.Equal((GenerationStatus.Expired, At("2025-11-01T01:00:00Z")), (workspace.Generation(id).Status, workspace.Generation(id).SettledAt));
        Assert.Equal((0, 10), (workspace.Account.Running, workspace.CarryOutRefunds().Balance));
        Assert.Equal("expired", workspace.Refunds.Single().Reason);
    }

    [Fact]
    public void A_heartbeat_lets_a_generation_run_on()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        workspace.On("2025-11-01T00:50:00Z");
        Assert.Equal(At("2025-11-01T01:50:00Z"), Accepted(workspace.TryHeartbeat(id)).Generation.ExpiresAt);
        Assert.True(workspace.On("2025-11-01T01:49:59Z").Generation(id).Runs);
        Assert.False(workspace.On("2025-11-01T01:50:00Z").Generation(id).Runs);
        Declined(RefusalCodes.AlreadySettled, workspace.TryHeartbeat(id));
    }

    [Fact]
    public void Whoever_settles_too_late_finds_it_expired()
    {
        foreach (var late in new Func<LiveWorkspace, string, object>[]
        {
            (workspace, id) => Declined(RefusalCodes.AlreadySettled, workspace.TryComplete(id)),
            (workspace, id) => Declined(RefusalCodes.AlreadySettled, workspace.TryFail(id, "server_error")),
            (workspace, id) => Declined(RefusalCodes.AlreadySettled, workspace.TryHeartbeat(id)),
        })
        {
            var workspace = Of("bloom");
            var id = workspace.Admit(6);
            workspace.Now = At("2025-11-01T01:00:00Z");
            late(workspace, id);
            Assert.Equal(GenerationStatus.Expired, workspace.Generation(id).Status);
            Assert.Equal(10, workspace.CarryOutRefunds().Balance);
        }
    }

    [Fact]
    public void A_decision_expires_what_it_finds_past_its_time_by_itself()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        var unit = new UnitOfWork(workspace.Account, At("2025-11-01T01:00:00Z"), new Dictionary<string, Record> { [workspace.Admission(id).RowKey] = workspace.Admission(id) });
        Declined(RefusalCodes.AlreadySettled, SettleDecisions.Complete(unit, CatalogSet.Shipped["bloom"], new Complete(id, null)));
        Assert.Equal((0, 1), (unit.Workspace.Running, unit.Workspace.PendingRefunds));
    }

    [Fact]
    public void Settling_the_same_way_twice_is_settling_once()
    {
        var workspace = Of("bloom");
        var (full, part, failed) = (workspace.Admit(1), workspace.Admit(6, units: 3), workspace.Admit(1));
        workspace.Complete(full);
        Assert.Equal(1, Repeated(workspace.TryComplete(full)).Generation.SucceededUnits);
        Repeated(workspace.TryComplete(full, 1));
        workspace.Complete(part, 2);
        Repeated(workspace.TryComplete(part, 2));
        workspace.Fail(failed, "user_error");
        Repeated(workspace.TryFail(failed, "user_error"));
        Assert.Equal(1, workspace.PendingRefunds);
    }

    [Fact]
    public void The_second_way_of_settling_loses()
    {
        var workspace = Of("bloom");
        var (full, part, failed) = (workspace.Admit(1), workspace.Admit(6, units: 3), workspace.Admit(1));
        workspace.Complete(full);
        workspace.Complete(part, 2);
        workspace.Fail(failed, "server_error");
        Declined(RefusalCodes.AlreadySettled, workspace.TryFail(full, "server_error"));
        Declined(RefusalCodes.AlreadySettled, workspace.TryComplete(full, 0));
        Declined(RefusalCodes.AlreadySettled, workspace.TryComplete(part));
        Declined(RefusalCodes.AlreadySettled, workspace.TryComplete(failed));
        Declined(RefusalCodes.AlreadySettled, workspace.TryFail(failed, "user_error"));
        Assert.Equal("The generation completed at 2025-11-01T00:00:00Z; that stands.", Declined(RefusalCodes.AlreadySettled, workspace.TryFail(full, "user_error")).Detail);
        Assert.Equal(2, workspace.PendingRefunds);
    }

    [Theory]
    [InlineData("gen_0123456789abcdef")]
    [InlineData("gen_0123456789abcdef000000000zzzzzzzz")]
    [InlineData("gen_zzzz456789abcdef00000000000000000")]
    [InlineData("rfd_0123456789abcdef00000000000000000")]
    [InlineData("rubbish")]
    [InlineData("")]
    public void What_does_not_exist_here_cannot_be_settled(string id)
    {
        var workspace = Of("bloom");
        workspace.Admit(1);
        Declined(RefusalCodes.NotFound, workspace.TryComplete(id));
        Declined(RefusalCodes.NotFound, workspace.TryFail(id, "server_error"));
        Declined(RefusalCodes.NotFound, workspace.TryHeartbeat(id));
        Declined(RefusalCodes.NotFound, workspace.TryRequestRefund(id));
    }

    [Theory]
    [InlineData("a", 33.334, true)]
    [InlineData("m", 66.666, false)]
    public void Of_two_refunds_that_are_owed_the_one_that_is_not_carried_out_yet_stays_owed(string first, double credits, bool overage)
    {
        var workspace = Of("bluma", plan: "starter");
        var id = workspace.Admit(101, units: 3);
        workspace.Complete(id, 1);
        workspace.Review(workspace.RequestRefund(id), approve: true);
        Accepted(workspace.TryCarryOut($"rfd_{id[4..]}{first}"));
        Assert.Equal(new OwedRefund(Amount((decimal)credits), overage), workspace.Generation(id).Owed);
    }

    [Fact]
    public void Of_a_generation_without_overage_credits_alone_are_owed()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6, units: 3);
        workspace.Complete(id, 2);
        workspace.Review(workspace.RequestRefund(id), approve: true);
        Assert.Equal(new OwedRefund(Amount(6), Overage: false), workspace.Generation(id).Owed);
    }

    [Fact]
    public void What_is_owed_shows_from_the_decision_until_it_is_carried_out()
    {
        var workspace = Of("bluma", plan: "starter");
        var id = workspace.Admit(101, units: 3);
        Assert.Null(workspace.Generation(id).Owed);
        Assert.Equal(new OwedRefund(Amount(66.666m), Overage: false), workspace.Complete(id, 1).Owed);
        var asked = workspace.RequestRefund(id);
        Assert.Equal(new OwedRefund(Amount(66.666m), Overage: false), workspace.Generation(id).Owed);
        workspace.Review(asked, approve: true);
        Assert.Equal(new OwedRefund(Amount(100), Overage: true), workspace.Generation(id).Owed);
        workspace.CarryOutRefunds();
        Assert.Equal((Amount(100), true, null), (workspace.Generation(id).Refunded, workspace.Generation(id).OverageRefunded, workspace.Generation(id).Owed));
        Assert.Null(workspace.Fail(workspace.Admit(5), "user_error").Owed);
    }
}
