using Billing.Generations;
using Billing.Tests.Catalogs;
using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.ReportedElsewhere;

public sealed class TemplateTests
{
    // Customers took the large plan for a day, had their own templates made, went down again and used them ever after.
    [Fact]
    public void Templates_of_ones_own_go_with_the_plan_that_has_them_and_come_back_with_it()
    {
        var workspace = Of("bluma", plan: "enterprise", credits: 3_000);
        var own = workspace.Catalog.ReadTemplate("acme-intro", Request.Reader("""{"attributes": {"base": 7, "complexity": "basic"} }"""))!;
        var catalog = workspace.Catalog.With(own);
        var usage = catalog.Parse("""{"template_id": "acme-intro"}""");
        Outcome<Admitted> Ask() => workspace.TryAdmit(new Admit(workspace.NextKey(), [new AdmitItem(usage, catalog.Price(usage)) { Own = own }]));

        workspace.Subscribe("starter");
        Assert.Single(Accepted(Ask()).Items);
        workspace.On("2025-12-01T00:00:00Z");
        Assert.Equal(workspace.Catalog.BuyUrl, Declined(RefusalCodes.TemplateNotInPlan, Ask()).ActionUrl);
        Assert.Equal((100, 0), (workspace.Balance, workspace.Account.Overage.Units));
        workspace.Subscribe("enterprise", 3_000);
        Assert.Single(Accepted(Ask()).Items);
    }
}
