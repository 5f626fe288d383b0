using Billing.Accounts;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Webhooks;
using Billing.Writing;
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

    /// <summary>The route's endpoint; null for the caller who may not see its workspace.</summary>
    public static async Task<WebhookCall?> OfAsync(Call call)
    {
        var id = call.Route("id");
        return Ids.TryParse("we", id, out var workspaceId, out _) && await call.WorkspaceAsync(workspaceId).ConfigureAwait(false) is Outcome<string>.Accepted
            ? new WebhookCall(workspaceId, id)
            : null;
    }

    /// <summary>Decides about the route's endpoint, stores and answers.</summary>
    public static async Task<IResult> DecideAsync<T>(Call call, Func<Draft, Catalog, string, Outcome<T>> decide, Func<T, Reply> answer)
    {
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        if (await OfAsync(call).ConfigureAwait(false) is not { } webhook)
        {
            return call.Refuse(NotFound);
        }

        var work = new Work<T>((draft, catalog) => decide(draft, catalog, webhook.Id)) { Reads = [WebhookEndpoint.KeyOf(webhook.Id)] };
        return await call.DecideAsync(webhook.WorkspaceId, work, answer).ConfigureAwait(false);
    }

    /// <summary>A new secret.</summary>
    public static string NewSecret(Call call) => WebhookSignature.NewSecret(call.Random(SecretBytes));

    /// <summary>The refusal when there is no such endpoint, or not for this caller.</summary>
    public static Refusal NotFound => Refusal.NotFound("webhook");
}
