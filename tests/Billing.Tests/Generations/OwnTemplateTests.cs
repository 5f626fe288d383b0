using static Billing.Tests.Workspaces.LiveWorkspace;

namespace Billing.Tests.Generations;

public sealed class OwnTemplateTests
{
    [Fact]
    public void A_plan_with_custom_templates_lets_a_workspace_have_its_own()
    {
        var workspace = Of("bluma", plan: "enterprise", credits: 3000).On("2025-11-03T10:30:00Z");
        var put = Accepted(workspace.TryPutTemplate("our-intro", tier: "gold"));
        Assert.Equal(("our-intro", "gold", At("2025-11-03T10:30:00Z"), 4m), (put.Id, put.Tier, put.UpdatedAt, put.Attributes["base"].Number));
        Assert.Equal((true, 1), (workspace.Holds("tpl:our-intro"), workspace.Account.OwnTemplates));
    }

    [Theory]
    [InlineData("free")]
    [InlineData("pro")]
    public void No_other_plan_does(string plan)
    {
        var workspace = Of("bluma", plan: plan);
        Assert.Equal("The workspace's plan does not come with templates of its own.", Declined(RefusalCodes.Conflict, workspace.TryPutTemplate("our-intro")).Detail);
        Assert.False(workspace.Holds("tpl:our-intro"));
    }

    [Fact]
    public void One_of_the_same_id_takes_the_place_of_the_former()
    {
        var workspace = Of("bluma", plan: "enterprise", credits: 3000);
        Accepted(workspace.TryPutTemplate("our-intro", tier: "gold"));
        Accepted(workspace.TryPutTemplate("our-outro"));
        Assert.Equal("custom", Accepted(workspace.TryPutTemplate("our-intro")).Tier);
        Assert.Equal(2, workspace.Account.OwnTemplates);
    }

    [Fact]
    public void Two_hundred_are_as_many_as_there_can_be()
    {
        var workspace = Of("bluma", plan: "enterprise", credits: 3000);
        foreach (var number in Enumerable.Range(1, 200))
        {
            Accepted(workspace.TryPutTemplate($"t-{number}"));
        }

        Assert.Equal("The workspace has 200 templates of its own; no more can be added.", Declined(RefusalCodes.Conflict, workspace.TryPutTemplate("t-201")).Detail);
        Accepted(workspace.TryPutTemplate("t-200"));
        Accepted(workspace.TryDeleteTemplate("t-7"));
        Assert.Equal(199, workspace.Account.OwnTemplates);
        Accepted(workspace.TryPutTemplate("t-201"));
        Declined(RefusalCodes.Conflict, workspace.TryPutTemplate("t-7"));
    }

    [Fact]
    public void What_was_deleted_is_gone_and_what_is_not_there_cannot_be_deleted()
    {
        var workspace = Of("bluma", plan: "enterprise", credits: 3000);
        Accepted(workspace.TryPutTemplate("our-intro"));
        Declined(RefusalCodes.NotFound, workspace.TryDeleteTemplate("our-outro"));
        Assert.Equal("our-intro", Accepted(workspace.TryDeleteTemplate("our-intro")));
        Assert.Equal((false, null), (workspace.Holds("tpl:our-intro"), workspace.Account.OwnTemplates));
        Declined(RefusalCodes.NotFound, workspace.TryDeleteTemplate("our-intro"));
    }
}
