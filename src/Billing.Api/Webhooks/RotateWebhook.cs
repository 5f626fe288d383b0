using Billing.Api.Http;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>POST /webhooks/{id}/rotate</c>: a new secret, shown once; the one before signs, too, for 24 hours.</summary>
public static class RotateWebhook
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("RotateWebhook", "POST", Routes.WebhookRotate, Access.Customer, HandleAsync);

    private static Task<IResult> HandleAsync(Call call)
    {
        var secret = WebhookCall.NewSecret(call);
        return WebhookCall.DecideAsync(call, (draft, _, id) => EndpointDecisions.Rotate(draft, id, secret), Answer);
    }

    private static Reply Answer(WebhookEndpoint endpoint) => new(StatusCodes.Status200OK, ApiJson.Write(WebhookView.Of(endpoint) with
    {
        Secret = endpoint.Secret,
        FormerSecretValidUntil = endpoint.FormerSecrets[0].ValidUntil,
    }));
}
