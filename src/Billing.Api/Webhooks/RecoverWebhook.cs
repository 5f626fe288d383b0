using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Engine.Webhooks;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary><c>POST /webhooks/{id}/recover</c>: enables the endpoint and sends again what was given up since an instant, be it that it was disabled then.</summary>
public static class RecoverWebhook
{
    public const string Route = "api/v1/webhooks/{id}/recover";

    public static readonly ApiEndpoint Endpoint = new("RecoverWebhook", "POST", Route, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var since = SinceOf(request);
        var cursor = request.Body.Text("cursor", PageRequest.LongestCursor, required: false);
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (await WebhookCall.OfAsync(request).ConfigureAwait(false) is not { } webhook)
        {
            return request.Refuse(WebhookCall.NotFound);
        }

        var all = WebhookDelivery.Of(WebhookEndpoint.KeyOf(webhook.Id)[WebhookEndpoint.Prefix.Length..]);
        if (!(cursor is null ? all : PageRequest.After(cursor, all)).TryGet(out var rest, out var mistake))
        {
            return request.Refuse(mistake);
        }

        var lost = await LostDeliveries.FindAsync(request.Backend.Store, webhook.Partition, rest, since, request.Now, request.Cancellation).ConfigureAwait(false);
        var recover = new RecoverDecision(webhook.Id, since, lost.Found);
        var work = new Work<int>((unit, _) => recover.Decide(unit)) { Reads = recover.Reads, MostRows = RecoverDecision.MostRows };
        var next = lost.Last is { } last ? PageRequest.CursorOf(last) : null;
        return await request.DecideAsync(webhook.WorkspaceId, work, count =>
            new Reply(StatusCodes.Status202Accepted, ApiJson.Write(new RecoveredView(count, next)))).ConfigureAwait(false);
    }

    private static DateTimeOffset SinceOf(ApiRequest request)
    {
        var since = request.Body.Instant("since");
        if (since > request.Now)
        {
            request.Body.Reject("since", "must not be later than now");
        }

        if (since < request.Now - WebhookDelivery.KeptFor)
        {
            request.Body.Reject("since", $"must be within the last {WebhookDelivery.KeptFor.Days} days, for which deliveries are kept");
        }

        return since ?? request.Now;
    }
}

/// <summary>The answer of <c>POST /webhooks/{id}/recover</c>.</summary>
/// <param name="Count">Deliveries that are sent again by this request.</param>
/// <param name="NextCursor">Leads to older ones; null when there are none.</param>
public sealed record RecoveredView(int Count, string? NextCursor);
