using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Billing.Api.Http;
using Billing.Engine.Feed;
using Billing.Engine.Webhooks;
using Billing.Events;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/events</c>: the events of all workspaces, in the order in which they came to the seller's feed.</summary>
public static class ListEvents
{
    public const string Route = "api/v1/admin/events";

    public static readonly ApiEndpoint Endpoint = new("ListEvents", "GET", Route, Access.Operator, HandleAsync) { Query = ["after", "limit"] };

    private const int Most = 1_000;
    private const int Default = 100;

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (!PageRequest.LimitOf(request, Most, Default).TryGet(out var limit, out var refusal))
        {
            return request.Refuse(refusal);
        }

        var after = request.Query("after") is { } text ? FeedCursor.Parse(text) : FeedCursor.Beginning;
        if (after is null)
        {
            return request.Refuse(Refusal.Invalid("after", "is not one that this endpoint gave as next"));
        }

        var (events, next) = await FeedReader.ReadAsync(request.Backend.Store, request.Backend.Shards, after, limit, request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new EventsView([.. events.Select(EventView.Of)], next.ToString()));
    }
}

/// <summary>The answer of <c>GET /admin/events</c>.</summary>
/// <param name="Next">What to ask for next with <c>after</c>; there is always one.</param>
public sealed record EventsView(ImmutableArray<EventView> Events, string Next);

/// <summary>An event as the seller sees it.</summary>
/// <param name="ExternalId">The seller's own id of the account whose workspace it is; null without one.</param>
/// <param name="Sequence">Among the events of its workspace.</param>
public sealed record EventView(string Id, string Type, DateTimeOffset Timestamp, string WorkspaceId, string? ExternalId, long Sequence, JsonElement Data)
{
    internal static EventView Of(BillingEvent told)
    {
        var source = told.Source!;
        return new EventView(told.IdIn(source.WorkspaceId), told.Type, told.Timestamp, source.WorkspaceId, source.ExternalId, source.Sequence, DataOf(told));
    }

    private static JsonElement DataOf(BillingEvent told)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            WebhookBody.WriteData(told, json);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
