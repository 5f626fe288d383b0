using Billing.Api.Admin;
using Billing.Api.Workspaces;

namespace Billing.Functions.Http;

public sealed class WorkspaceFunctions(BillingApi api)
{
    [Function("GetWorkspaces")]
    public Task<IResult> GetWorkspacesAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetWorkspaces.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetWorkspaces.Endpoint);

    [Function("CreateWorkspace")]
    public Task<IResult> CreateWorkspaceAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CreateWorkspace.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, CreateWorkspace.Endpoint);

    [Function("PutTemplate")]
    public Task<IResult> PutTemplateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = PutTemplate.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, PutTemplate.Endpoint);

    [Function("DeleteTemplate")]
    public Task<IResult> DeleteTemplateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = DeleteTemplate.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, DeleteTemplate.Endpoint);

    [Function("AddMember")]
    public Task<IResult> AddMemberAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = AddMember.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, AddMember.Endpoint);

    [Function("RemoveMember")]
    public Task<IResult> RemoveMemberAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = RemoveMember.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, RemoveMember.Endpoint);

    [Function("GetWorkspaceAccount")]
    public Task<IResult> GetWorkspaceAccountAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetWorkspaceAccount.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetWorkspaceAccount.Endpoint);

    [Function("GetWorkspaceLedger")]
    public Task<IResult> GetWorkspaceLedgerAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = GetWorkspaceLedger.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, GetWorkspaceLedger.Endpoint);

    [Function("AuditWorkspace")]
    public Task<IResult> AuditWorkspaceAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = AuditWorkspace.Route)] HttpRequest request) =>
        api.HandleAsync(request.HttpContext, AuditWorkspace.Endpoint);
}
