using Billing.Api.Admin;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Events;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>POST /webhooks</c>: a new endpoint; its secret is shown once.</summary>
public static class CreateWebhook
{
    public const string Route = "api/v1/webhooks";

    public static readonly ApiEndpoint Endpoint = new("CreateWebhook", "POST", Route, Access.Customer, HandleAsync) { Query = ["workspaceId"], ShowsSecret = true };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var url = request.Body.Text("url", WebhookUrl.MaxLength) ?? "";
        var events = request.Body.SomeOf("events", [.. EventTypes.OfCustomers.Order(StringComparer.Ordinal)]);
        var threshold = request.Body.Credits("low_threshold", required: false);
        var asked = request.Body.WorkspaceId() ?? request.QueryWorkspace();
        if (url.Length > 0 && WebhookUrl.MistakeIn(url, request.Backend.Development) is { } wrong)
        {
            request.Body.Reject("url", wrong);
        }

        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (!(await request.WorkspaceAsync(asked).ConfigureAwait(false)).TryGet(out var workspaceId, out _))
        {
            return request.Refuse(Refusal.NotFound("workspace"));
        }

        if (request.Caller.TestMode)
        {
            return request.Refuse(new Refusal(RefusalCodes.Forbidden, "A test key reaches nothing that is live, and what webhooks tell is."));
        }

        var command = new CreateEndpoint(Ids.Of("we", workspaceId, request.NewKey()), url, events, threshold, WebhookCall.NewSecret(request)) { Owner = request.Caller.AccountId };
        var work = new Work<WebhookEndpoint>((unit, catalog) => EndpointDecisions.Create(unit, catalog, command));
        var answer = await request.DecideAsync(workspaceId, work, endpoint =>
            new Reply(StatusCodes.Status201Created, ApiJson.Write(WebhookView.Of(endpoint) with { Secret = endpoint.Secret }))).ConfigureAwait(false);
        return await Members.HasLeftAsync(request, workspaceId).ConfigureAwait(false) ? request.Refuse(Refusal.NotFound("workspace")) : answer;
    }
}
