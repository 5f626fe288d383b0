using Billing.Generations;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

public sealed class OverageTests
{
    // A balance above zero and overage stood there together: what was left was kept beside the charge.
    [Fact]
    public void There_is_no_overage_while_credits_are_left()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Admit(97);
        var last = workspace.Generation(workspace.Admit(6));
        Assert.Equal((Amount(3), 0), (last.Charged, workspace.Balance));
        Assert.Equal(1, workspace.Account.Overage.Units);
    }

    // The overage of the month before was taken off the new allowance, after it had been invoiced.
    [Fact]
    public void A_new_allowance_is_whole_whatever_went_over_before()
    {
        var workspace = Of("bluma", plan: "starter");
        workspace.Make(90);
        workspace.Make(90);
        workspace.Make(90);
        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal((100, 2), (workspace.Balance, Assert.Single(workspace.Invoices).Lines.Single().Units));
    }

    // A hard limit let the request through that went over it, and stopped the one after.
    [Theory]
    [InlineData("bluma", 10)]
    [InlineData("bloom", 10)]
    [InlineData("gleam", 100)]
    public void A_hard_stop_stops_the_request_that_would_go_over(string product, decimal credits)
    {
        var workspace = Of(product);
        workspace.Complete(workspace.Admit(credits - 1));
        Assert.IsType<Outcome<Admitted>.Declined>(workspace.TryAdmit(1.001m));
        workspace.Complete(workspace.Admit(1));
        Assert.IsType<Outcome<Admitted>.Declined>(workspace.TryAdmit(0.001m));
        Assert.Equal(0, workspace.Balance);
    }
}
