using Billing.Generations;
using Billing.Workspaces;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Generations;

public sealed class ManualRefundTests
{
    [Theory]
    [InlineData("quality_issue")]
    [InlineData("incorrect_charge")]
    [InlineData("technical_problem")]
    public void A_refund_that_was_asked_for_waits_for_review_and_approved_gives_the_credits_back(string reason)
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        workspace.Complete(id);
        var asked = workspace.RequestRefund(id, reason);
        Assert.Equal((RefundStatus.PendingReview, reason, "Blurred", Amount(6), "review"), (asked.Status, asked.Reason, asked.Note, asked.Credits, asked.Tag));
        Assert.Equal((0, 4), (workspace.PendingRefunds, workspace.CarryOutRefunds().Balance));
        Assert.Equal(RefundStatus.Pending, workspace.Review(asked, approve: true).Status);
        Assert.Equal((1, 4), (workspace.PendingRefunds, workspace.Balance));
        workspace.On("2025-11-05T00:00:00Z").CarryOutRefunds();
        Assert.Equal(10, workspace.Balance);
        var given = workspace.Refunds.Single();
        Assert.Equal((RefundStatus.Succeeded, At("2025-11-05T00:00:00Z")), (given.Status, given.EndedAt));
        Assert.Equal((asked.Id, reason), (workspace.LastEntry.Metadata!["refund_id"].Text, workspace.LastEntry.Metadata["reason"].Text));
    }

    [Theory]
    [InlineData("user_error")]
    [InlineData("content_policy")]
    [InlineData("not_as_expected")]
    public void Some_reasons_are_not_eligible(string reason)
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        workspace.Complete(id);
        Declined(RefusalCodes.RefundNotEligible, workspace.TryRequestRefund(id, reason));
        Accepted(workspace.TryRequestRefund(id));
    }

    [Fact]
    public void Asking_again_tells_how_it_stands()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        workspace.Complete(id);
        var asked = workspace.RequestRefund(id);
        Assert.Equal(asked, Repeated(workspace.TryRequestRefund(id, "technical_problem")));
        workspace.Review(asked, approve: false);
        Assert.Equal(RefundStatus.Denied, Repeated(workspace.TryRequestRefund(id)).Status);
        Assert.Single(workspace.Refunds);
    }

    [Fact]
    public void A_running_generation_is_not_refunded_yet()
    {
        var workspace = Of("bloom");
        Declined(RefusalCodes.Conflict, workspace.TryRequestRefund(workspace.Admit(6)));
    }

    [Fact]
    public void What_was_refunded_by_itself_cannot_be_asked_for_again()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        workspace.Fail(id, "server_error");
        Declined(RefusalCodes.RefundNotEligible, workspace.TryRequestRefund(id));
        workspace.CarryOutRefunds();
        Declined(RefusalCodes.RefundNotEligible, workspace.TryRequestRefund(id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_a_partial_refund_the_rest_can_be_asked_for_in_whatever_order_they_are_carried_out(bool manualFirst)
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6, units: 3);
        workspace.Complete(id, 2);
        var asked = workspace.RequestRefund(id);
        Assert.Equal(Amount(4), asked.Credits);
        workspace.Review(asked, approve: true);
        if (manualFirst)
        {
            Accepted(workspace.TryCarryOut(asked.Id));
            Assert.Equal(Amount(4), workspace.Generation(id).Refunded);
            Accepted(workspace.TryCarryOut(workspace.Refunds.Single(refund => refund.Id != asked.Id).Id));
        }
        else
        {
            workspace.CarryOutRefunds();
        }

        Assert.Equal((10, Amount(6)), (workspace.Balance, workspace.Generation(id).Refunded));
    }

    [Fact]
    public void A_failure_of_the_customers_own_can_still_be_asked_for()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        workspace.Fail(id, "content_policy");
        workspace.Review(workspace.RequestRefund(id, "incorrect_charge"), approve: true);
        Assert.Equal(10, workspace.CarryOutRefunds().Balance);
    }

    [Fact]
    public void A_denied_refund_gives_nothing_back()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        workspace.Complete(id);
        var denied = workspace.Review(workspace.RequestRefund(id), approve: false);
        Assert.Equal((RefundStatus.Denied, At("2025-11-01T00:00:00Z")), (denied.Status, denied.EndedAt));
        Repeated(workspace.TryCarryOut(denied.Id));
        Assert.Equal((0, 4), (workspace.PendingRefunds, workspace.Balance));
    }

    [Fact]
    public void The_first_review_stands()
    {
        var workspace = Of("bloom");
        var (yes, no) = (workspace.Admit(1), workspace.Admit(1));
        workspace.Complete(yes);
        workspace.Complete(no);
        var approved = workspace.Review(workspace.RequestRefund(yes), approve: true);
        Repeated(workspace.TryReview(approved.Id, approve: true));
        Assert.Equal("The refund was approved.", Declined(RefusalCodes.Conflict, workspace.TryReview(approved.Id, approve: false)).Detail);
        workspace.CarryOutRefunds();
        Repeated(workspace.TryReview(approved.Id, approve: true));
        Declined(RefusalCodes.Conflict, workspace.TryReview(approved.Id, approve: false));
        var denied = workspace.Review(workspace.RequestRefund(no), approve: false);
        Repeated(workspace.TryReview(denied.Id, approve: false));
        Assert.Equal("The refund was denied.", Declined(RefusalCodes.Conflict, workspace.TryReview(denied.Id, approve: true)).Detail);
    }

    [Fact]
    public void Nothing_is_carried_out_before_it_is_approved()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        workspace.Complete(id);
        Repeated(workspace.TryCarryOut(workspace.RequestRefund(id).Id));
        Assert.Equal(4, workspace.Balance);
    }

    [Fact]
    public void An_automatic_refund_is_not_reviewed()
    {
        var workspace = Of("bloom");
        workspace.Fail(workspace.Admit(6), "server_error");
        var refund = workspace.Refunds.Single();
        Repeated(workspace.TryReview(refund.Id, approve: true));
        Declined(RefusalCodes.Conflict, workspace.TryReview(refund.Id, approve: false));
        Assert.Equal(10, workspace.CarryOutRefunds().Balance);
    }

    [Fact]
    public void A_refund_without_its_generation_changes_nothing()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6);
        workspace.Complete(id);
        var asked = workspace.RequestRefund(id);
        foreach (var refund in new[] { asked, asked with { Status = RefundStatus.Pending } })
        {
            var unit = new UnitOfWork(workspace.Account, workspace.Now, new Dictionary<string, Record> { [refund.RowKey] = refund });
            Declined(RefusalCodes.NotFound, refund.Status == RefundStatus.Pending ? RefundDecisions.CarryOut(unit, refund.Id) : RefundDecisions.Review(unit, refund.Id, approve: true));
            Assert.Empty(unit.Written);
        }
    }

    [Fact]
    public void No_more_comes_back_than_was_charged_whatever_was_granted()
    {
        var workspace = Of("bloom");
        var id = workspace.Admit(6, units: 3);
        workspace.Complete(id, 2);
        workspace.CarryOutRefunds();
        var refund = workspace.RequestRefund(id) with { Status = RefundStatus.Pending, Credits = Amount(6) };
        var admission = workspace.Admission(id);
        var unit = new UnitOfWork(workspace.Account, workspace.Now, new Dictionary<string, Record> { [refund.RowKey] = refund, [admission.RowKey] = admission });
        Assert.Equal(Amount(4), Accepted(RefundDecisions.CarryOut(unit, refund.Id)).Credits);
        Assert.Equal(Amount(10), unit.Workspace.Balance);
    }

    [Theory]
    [InlineData("rfd_0123456789abcdef0000000000000000a")]
    [InlineData("rfd_zzzz456789abcdef0000000000000000m")]
    [InlineData("gen_0123456789abcdef0000000000000000a")]
    [InlineData("rubbish")]
    public void A_message_about_nothing_does_nothing(string id)
    {
        var workspace = Of("bloom");
        Declined(RefusalCodes.NotFound, workspace.TryCarryOut(id));
        Declined(RefusalCodes.NotFound, workspace.TryReview(id, approve: true));
        Assert.Single(workspace.Entries);
    }

    [Fact]
    public void A_refund_id_tells_its_generation()
    {
        var workspace = Of("bluma", plan: "starter");
        foreach (var item in Accepted(workspace.TryBatch(allOrNothing: true, 1, 2)).Items)
        {
            workspace.Fail(item.Generation!.Id, "server_error");
            Assert.Contains(item.Generation.Id, workspace.Refunds.Select(refund => RefundDecisions.GenerationOf(refund.Id)));
        }

        Assert.All(workspace.Refunds, refund => Assert.Contains(Refund.Prefix + refund.Id, RefundDecisions.RowKeysOfRefund(refund.Id)));
        Assert.Empty(RefundDecisions.RowKeysOfRefund("rubbish"));
        Assert.Null(RefundDecisions.GenerationOf("rubbish"));
        Assert.Null(RefundDecisions.GenerationOf("rfd_0123456789abcdefm"));
        Assert.Null(RefundDecisions.GenerationOf("gen_0123456789abcdef0000000000000000a"));
    }
}
