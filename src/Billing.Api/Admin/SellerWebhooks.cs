using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Api.Http;
using Billing.Api.Webhooks;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Engine.Webhooks;
using Billing.Events;
using Billing.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/webhooks</c>: an endpoint of the seller's, for the events of all workspaces; its secret is shown once.</summary>
public static class CreateSellerWebhook
{
    public const string Route = "api/v1/admin/webhooks";

    public static readonly ApiEndpoint Endpoint = new("CreateSellerWebhook", "POST", Route, Access.Operator, HandleAsync) { ShowsSecret = true };

    private const string Everything = "*";
    private static readonly ImmutableArray<string> Types = [.. EventTypes.All.Remove(EventTypes.Ping).Order(StringComparer.Ordinal)];

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var url = request.Body.Text("url", WebhookUrl.MaxLength) ?? "";
        var events = request.Body.SomeOf("events", Types.Add(Everything));
        if (url.Length > 0 && WebhookUrl.MistakeIn(url, request.Backend.Development) is { } wrong)
        {
            request.Body.Reject("url", wrong);
        }

        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var lanes = SellerLanes.Of(request);
        var endpoint = new WebhookEndpoint
        {
            Id = Ids.Of("we", lanes.First, request.NewKey()),
            Url = url,
            Events = events.Contains(Everything) ? Types : events,
            Secret = WebhookCall.NewSecret(request),
            CreatedAt = request.Now,
        };
        return await lanes.CreateAsync(endpoint).ConfigureAwait(false) is { } refusal
            ? request.Refuse(refusal)
            : JsonReply.Of(SellerWebhookView.Of([endpoint]) with { Secret = endpoint.Secret }, StatusCodes.Status201Created);
    }
}

/// <summary><c>GET /admin/webhooks</c>: the seller's endpoints, oldest first, without their secrets.</summary>
public static class ListSellerWebhooks
{
    public const string Route = "api/v1/admin/webhooks";

    public static readonly ApiEndpoint Endpoint = new("ListSellerWebhooks", "GET", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request) =>
        JsonReply.Of(new SellerWebhooksView([.. (await SellerLanes.Of(request).ListAsync().ConfigureAwait(false)).Select(SellerWebhookView.Of)]));
}

/// <summary><c>DELETE /admin/webhooks/{id}</c>: the endpoint goes, and its deliveries with it.</summary>
public static class DeleteSellerWebhook
{
    public const string Route = "api/v1/admin/webhooks/{id}";

    public static readonly ApiEndpoint Endpoint = new("DeleteSellerWebhook", "DELETE", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var id = request.Route("id");
        var lanes = SellerLanes.Of(request);
        return request.Body.Refusal() is { } mistakes ? request.Refuse(mistakes)
            : Ids.TryParse("we", id, out var lane, out _) && lane == lanes.First && await lanes.DeleteAsync(id).ConfigureAwait(false)
            ? JsonReply.Of(new DeletedWebhookView(id, Deleted: true))
            : request.Refuse(WebhookCall.NotFound);
    }
}

/// <summary>The lanes of the seller's feed, each of which has all endpoints of the seller's. Their ids are those in the first.</summary>
internal sealed class SellerLanes(ApiRequest request, ImmutableArray<string> lanes)
{
    public static SellerLanes Of(ApiRequest request) => new(request, [.. SellerFeed.LanesOf(request.Backend.Shards)]);

    public string First => lanes[0];

    /// <summary>Creates an endpoint in all lanes, or in none.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public async Task<Refusal?> CreateAsync(WebhookEndpoint endpoint)
    {
        try
        {
            var created = await Task.WhenAll(lanes.Select(lane => CreateAsync(endpoint.In(lane), lane))).ConfigureAwait(false);
            var refusal = created.Select(one => one.TryGet(out _, out var why) ? null : why).FirstOrDefault(why => why is not null);
            if (refusal is not null)
            {
                await DeleteAsync(endpoint.Id).ConfigureAwait(false);
            }

            return refusal;
        }
        catch (StorageUnavailableException)
        {
            // Its secret was shown to nobody. What cannot be taken back now is in the list.
            await ((Task)DeleteAsync(endpoint.Id)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>The endpoints, each with what it is in every lane that has it.</summary>
    public async Task<IEnumerable<ImmutableArray<WebhookEndpoint>>> ListAsync()
    {
        var found = await Task.WhenAll(lanes.Select(lane => EndpointRows.ListAsync(request.Backend.Store, lane, request.Cancellation))).ConfigureAwait(false);
        return found.SelectMany(endpoints => endpoints).GroupBy(one => one.Key)
            .OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => same.Select(one => one with { Id = Ids.Of("we", First, one.Key) }).ToImmutableArray());
    }

    /// <returns>False when no lane had it.</returns>
    public async Task<bool> DeleteAsync(string id)
    {
        Ids.TryParse("we", id, out _, out var key);
        return (await Task.WhenAll(lanes.Select(lane => DeleteAsync(Ids.Of("we", lane, key), lane))).ConfigureAwait(false)).Contains(true);
    }

    private async Task<Outcome<WebhookEndpoint>> CreateAsync(WebhookEndpoint endpoint, string lane)
    {
        var work = new Work<WebhookEndpoint>((unit, _) => EndpointDecisions.Take(unit, endpoint)) { Reads = [endpoint.RowKey] };
        return (await request.Backend.Feed.SubmitAsync(lane, work).ConfigureAwait(false)).Outcome!;
    }

    private async Task<bool> DeleteAsync(string id, string lane)
    {
        var work = new Work<WebhookEndpoint>((unit, _) => EndpointDecisions.Delete(unit, id)) { Reads = [WebhookEndpoint.KeyOf(id)] };
        return await request.Backend.Writer.SubmitAsync(lane, work).ConfigureAwait(false) is { Outcome: { } outcome } && outcome.TryGet(out _, out _);
    }
}

/// <summary>The answer of <c>GET /admin/webhooks</c>.</summary>
public sealed record SellerWebhooksView(ImmutableArray<SellerWebhookView> Webhooks);

/// <summary>An endpoint of the seller's.</summary>
/// <param name="Status">Disabled where a part of the feed is not sent any more.</param>
public sealed record SellerWebhookView(
    string Id, string Url, ImmutableArray<string> Events, WebhookStatus Status, DisabledReason? DisabledReason, DateTimeOffset? DisabledAt, DateTimeOffset CreatedAt)
{
    /// <summary>The secret; only in the answer that makes it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    internal static SellerWebhookView Of(ImmutableArray<WebhookEndpoint> lanes)
    {
        var disabled = lanes.Select(lane => lane.Disabled).OfType<Disabling>().MinBy(one => one.At);
        var endpoint = lanes[0];
        return new SellerWebhookView(
            endpoint.Id, endpoint.Url, endpoint.Events, disabled is null ? WebhookStatus.Enabled : WebhookStatus.Disabled, disabled?.Reason, disabled?.At, endpoint.CreatedAt);
    }
}
