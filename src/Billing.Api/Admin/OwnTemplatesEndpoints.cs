using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Generations;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>PUT /admin/workspaces/{id}/templates/{template_id}</c>: a template that this workspace alone has.</summary>
public static class PutTemplate
{
    public const string Route = "api/v1/admin/workspaces/{id}/templates/{templateId}";

    public static readonly ApiEndpoint Endpoint = new("PutTemplate", "PUT", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var id = request.Route("templateId");
        if (await AdminWork.AccountAsync(request).ConfigureAwait(false) is not { } workspace)
        {
            return request.Refuse(Refusal.NotFound("workspace"));
        }

        var catalog = request.Backend.Catalogs[workspace.Product];
        if (!OwnTemplate.IsId(id) || catalog.HasTemplate(id))
        {
            return request.Refuse(Refusal.Invalid("template_id", "must be made of up to 60 letters, digits, '_' and '-', and not be one of the product's own"));
        }

        var template = catalog.ReadTemplate(id, request.Body);
        var work = new Work<OwnTemplate>((unit, sold) => OwnTemplateDecisions.Put(unit, sold, template!)) { Reads = [OwnTemplate.KeyOf(id)] };
        return await AdminWork.DecideAsync(request, work, TemplateView.Of).ConfigureAwait(false);
    }
}

/// <summary><c>DELETE /admin/workspaces/{id}/templates/{template_id}</c>: what runs already is not touched, what was quoted is honoured.</summary>
public static class DeleteTemplate
{
    public const string Route = "api/v1/admin/workspaces/{id}/templates/{templateId}";

    public static readonly ApiEndpoint Endpoint = new("DeleteTemplate", "DELETE", Route, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        var id = request.Route("templateId");
        var work = new Work<string>((unit, _) => OwnTemplateDecisions.Delete(unit, id)) { Reads = [OwnTemplate.KeyOf(id)] };
        return AdminWork.DecideAsync(request, work, deleted => new DeletedTemplateView(deleted, Deleted: true));
    }
}

/// <summary>A workspace's own template as operators see it.</summary>
public sealed record TemplateView(string Id, string? Tier, ImmutableSortedDictionary<string, Scalar> Attributes, DateTimeOffset UpdatedAt)
{
    internal static TemplateView Of(OwnTemplate template) => new(template.Id, template.Tier, template.Attributes, template.UpdatedAt);
}

/// <summary>The answer to its removal.</summary>
public sealed record DeletedTemplateView(string Id, bool Deleted);
