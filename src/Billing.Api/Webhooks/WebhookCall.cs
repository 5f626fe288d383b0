using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Webhooks;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Webhooks;

/// <summary>The endpoint that the route names, if the caller may see it. Its id carries its workspace.</summary>
/// <param name="WorkspaceId">Its workspace.</param>
/// <param name="Id"><c>we_…</c></param>
internal sealed record WebhookCall(string WorkspaceId, string Id)
{
    private const int SecretBytes = 32;

    /// <summary>Its row's partition.</summary>
    public Partition Partition => new(Table.Ledger, WorkspaceId);

    /// <summary>The route's endpoint; null for the caller who may not see its workspace, or nothing that is live.</summary>
    public static async Task<WebhookCall?> OfAsync(ApiRequest request)
    {
        var id = request.Route("id");
        return !request.Caller.TestMode && Ids.TryParse("we", id, out var workspaceId, out _) && (await request.WorkspaceAsync(workspaceId).ConfigureAwait(false)).TryGet(out _, out _)
            ? new WebhookCall(workspaceId, id)
            : null;
    }

    /// <summary>Decides about the route's endpoint, stores and answers.</summary>
    public static async Task<IResult> DecideAsync<T>(ApiRequest request, Func<UnitOfWork, Catalog, string, Outcome<T>> decide, Func<T, Reply> answer)
    {
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (await OfAsync(request).ConfigureAwait(false) is not { } webhook)
        {
            return request.Refuse(NotFound);
        }

        var work = new Work<T>((unit, catalog) => decide(unit, catalog, webhook.Id)) { Reads = [WebhookEndpoint.KeyOf(webhook.Id)] };
        return await request.DecideAsync(webhook.WorkspaceId, work, answer).ConfigureAwait(false);
    }

    /// <summary>A new secret.</summary>
    public static string NewSecret(ApiRequest request) => WebhookSignature.NewSecret(request.Random(SecretBytes));

    /// <summary>The refusal when there is no such endpoint, or not for this caller.</summary>
    public static Refusal NotFound => Refusal.NotFound("webhook");
}
