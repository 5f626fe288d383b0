using System.Collections.Immutable;
using System.Text.Json;
using Billing.Api.Http;
using Billing.Webhooks;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>POST /webhooks</c>: a new endpoint; its secret is shown once.</summary>
public static class CreateWebhook
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CreateWebhook", "POST", Routes.Webhooks, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var url = call.Body.RequiredText("url", WebhookUrl.MaxLength);
        var events = EventsIn(call.Body);
        var threshold = call.Body.Credits("low_threshold");
        var asked = call.Body.Text("workspace_id", alias: "workspaceId") ?? call.QueryWorkspace();
        if (url.Length > 0 && WebhookUrl.MistakeIn(url, call.Backend.Development) is { } wrong)
        {
            call.Body.Reject("url", wrong);
        }

        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        if (await call.WorkspaceAsync(asked).ConfigureAwait(false) is not Outcome<string>.Accepted { Value: var workspaceId })
        {
            return call.Refuse(Refusal.NotFound("workspace"));
        }

        var command = new CreateEndpoint(Ids.Of("we", workspaceId, call.NewKey()), url, events, threshold, WebhookCall.NewSecret(call));
        var work = new Work<WebhookEndpoint>((draft, catalog) => EndpointDecisions.Create(draft, catalog, command));
        return await call.DecideAsync(workspaceId, work, endpoint =>
            new Reply(StatusCodes.Status201Created, ApiJson.Write(WebhookView.Of(endpoint) with { Secret = endpoint.Secret }))).ConfigureAwait(false);
    }

    private static ImmutableArray<string> EventsIn(RequestBody body)
    {
        var types = body.Items("events", EventTypes.All.Count)
            .Select(item => item.ValueKind == JsonValueKind.String ? EventTypes.All.FirstOrDefault(type => item.ValueEquals(type)) : null)
            .Distinct()
            .ToImmutableArray();
        if (types.Contains(null))
        {
            body.Reject("events", $"must hold only {string.Join(", ", EventTypes.All.Order(StringComparer.Ordinal))}");
        }

        return [.. types.OfType<string>()];
    }
}
