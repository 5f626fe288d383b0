using Billing.Generations;
using Billing.Subscriptions;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Generations;

public sealed class TestModeTests
{
    [Fact]
    public void A_test_charges_nothing_counts_nothing_and_needs_no_credits()
    {
        var workspace = Of("bluma");
        var admitted = Accepted(workspace.TryAdmit(5000, testMode: true));
        var generation = admitted.Items.Single().Generation!;
        Assert.Equal((Amount(5000), Amount(0)), (generation.Cost, generation.Charged));
        Assert.True(admitted.Admission!.TestMode);
        Assert.Single(workspace.Entries);
        Assert.Equal((10, 0, 0L), (workspace.Balance, workspace.Account.Running, workspace.Usage.Generations));
    }

    [Fact]
    public void A_test_is_watermarked_low_and_slow()
    {
        var entitlements = Accepted(Of("bluma", plan: "pro").TryAdmit(1, testMode: true)).Entitlements;
        Assert.Equal((true, "low", "low"), (entitlements["watermark"].Flag, entitlements["quality"].Text, entitlements["priority"].Text));
        Assert.Equal("priority", entitlements["support"].Text);
    }

    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(true, false, true, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, true)]
    public void A_test_key_reaches_tests_alone_and_a_live_key_sees_tests_and_settles_none(bool test, bool testKey, bool shown, bool settled)
    {
        var admission = Accepted(Of("bluma").TryAdmit(1, testMode: test)).Admission!;
        Assert.Equal((shown, settled), (admission.IsShownTo(testKey), admission.IsSettledFor(testKey)));
    }

    [Fact]
    public void A_test_takes_no_overage()
    {
        var workspace = Of("bluma", plan: "starter");
        Accepted(workspace.TryAdmit(5000, testMode: true));
        Assert.Equal(0, workspace.Account.Overage.Units);
    }

    [Fact]
    public void A_test_is_checked_like_any_other()
    {
        var workspace = Of("gleam");
        var gold = workspace.Wanted("""{"template": "gold"}""");
        Declined(RefusalCodes.TemplateNotInPlan, workspace.TryAdmit(new Admit(workspace.NextKey(), [gold], TestMode: true)));
        workspace.Admit(1);
        Declined(RefusalCodes.ConcurrencyLimit, workspace.TryAdmit(1, testMode: true));
    }

    [Fact]
    public void A_test_spends_nothing_so_a_pause_does_not_stop_it()
    {
        var workspace = Of("bluma", plan: "starter").Pay(PaymentStatus.Failed);
        Accepted(workspace.TryAdmit(1, testMode: true));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("partial")]
    [InlineData("fail")]
    [InlineData("expire")]
    public void A_settled_test_refunds_nothing(string how)
    {
        var workspace = Of("bloom");
        var id = Accepted(workspace.TryAdmit(6, units: 3, testMode: true)).Items.Single().Generation!.Id;
        _ = how switch
        {
            "complete" => (object)workspace.Complete(id),
            "partial" => workspace.Complete(id, 1),
            "fail" => workspace.Fail(id, "server_error"),
            _ => workspace.After(TimeSpan.FromHours(1)),
        };
        Assert.False(workspace.Generation(id).Runs);
        Assert.Equal((0, 1, 10), (workspace.PendingRefunds, workspace.Entries.Count, workspace.Balance));
        Declined(RefusalCodes.RefundNotEligible, workspace.TryRequestRefund(id));
    }
}
