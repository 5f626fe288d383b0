using Billing.Catalogs;
using Billing.Workspaces;

namespace Billing.Generations;

/// <summary>Decisions on templates that one workspace alone has.</summary>
public static class OwnTemplateDecisions
{
    public const int Most = 200;

    /// <summary>Puts a template there, in place of one of the same id; refused unless the plan comes with templates of one's own.</summary>
    public static Outcome<OwnTemplate> Put(UnitOfWork unit, Catalog catalog, Template template)
    {
        if (!Catalog.AllowsOwnTemplates(AdmitDecision.PlanOf(unit.Workspace, catalog)))
        {
            return Refusal.Conflict("The workspace's plan does not come with templates of its own.");
        }

        var count = unit.Workspace.OwnTemplates ?? 0;
        var isNew = !unit.TryFind<OwnTemplate>(OwnTemplate.KeyOf(template.Id), out _);
        if (isNew && count >= Most)
        {
            return Refusal.Conflict($"The workspace has {Most} templates of its own; no more can be added.");
        }

        unit.Workspace = unit.Workspace with { OwnTemplates = isNew ? count + 1 : unit.Workspace.OwnTemplates };
        var own = new OwnTemplate { Id = template.Id, Tier = template.Tier, Attributes = template.Attributes, UpdatedAt = unit.Now };
        unit.Put(own);
        return own;
    }

    public static Outcome<string> Delete(UnitOfWork unit, string id)
    {
        if (!unit.TryFind<OwnTemplate>(OwnTemplate.KeyOf(id), out _))
        {
            return Refusal.NotFound("template");
        }

        unit.Remove(OwnTemplate.KeyOf(id));
        unit.Workspace = unit.Workspace with { OwnTemplates = unit.Workspace.OwnTemplates is > 1 and var count ? count - 1 : null };
        return id;
    }
}
