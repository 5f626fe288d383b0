using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>POST /webhooks/{id}/rotate</c>: a new secret, shown once; the one before signs, too, for 24 hours.</summary>
public static class RotateWebhook
{
    public const string Route = "api/v1/webhooks/{id}/rotate";

    public static readonly ApiEndpoint Endpoint = new("RotateWebhook", "POST", Route, Access.Customer, HandleAsync) { ShowsSecret = true };

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        var secret = WebhookCall.NewSecret(request);
        return WebhookCall.DecideAsync(request, (unit, _, id) => EndpointDecisions.Rotate(unit, id, secret), Answer);
    }

    private static Reply Answer(WebhookEndpoint endpoint) => new(StatusCodes.Status200OK, ApiJson.Write(WebhookView.Of(endpoint) with
    {
        Secret = endpoint.Secret,
        FormerSecretValidUntil = endpoint.FormerSecrets[0].ValidUntil,
    }));
}
