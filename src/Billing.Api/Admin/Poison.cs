using System.Collections.Immutable;
using System.Globalization;
using Billing.Api.Http;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/poison</c>: messages that were given up, up to 32 of each queue. A shard that is away hides only its own.</summary>
public static class ListPoison
{
    public const string Route = "api/v1/admin/poison";

    public static readonly ApiEndpoint Endpoint = new("ListPoison", "GET", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var lists = await Task.WhenAll(request.Backend.Shards.All.Select(shard => ListAsync(request, shard))).ConfigureAwait(false);
        ImmutableArray<int> failed = [.. request.Backend.Shards.All.Where(shard => lists[shard] is null)];
        return failed.Length < lists.Length
            ? JsonReply.Of(new PoisonView([.. lists.SelectMany(list => list ?? [])], failed))
            : throw new StorageUnavailableException("No shard answers.");
    }

    /// <returns>Null when the shard is away.</returns>
    private static async Task<IEnumerable<PoisonMessageView>?> ListAsync(ApiRequest request, int shard)
    {
        try
        {
            var lists = await Task.WhenAll(Queues.All.Select(name => ListAsync(request, new ShardQueue(shard, name)))).ConfigureAwait(false);
            return lists.SelectMany(list => list);
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }

    private static async Task<IEnumerable<PoisonMessageView>> ListAsync(ApiRequest request, ShardQueue queue)
    {
        var messages = await request.Backend.Receiver.PeekPoisonAsync(queue, QueueReceiver.MaxBatch, request.Cancellation).ConfigureAwait(false);
        return messages.Select(message => PoisonMessageView.Of(queue, message));
    }
}

/// <summary><c>POST /admin/poison/{id}/retry</c>: puts a message back into its queue.</summary>
public static class RetryPoison
{
    public const string Route = "api/v1/admin/poison/{id}/retry";

    public static readonly ApiEndpoint Endpoint = new("RetryPoison", "POST", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        return PoisonId.Of(request) is var (queue, id) && await request.Backend.Receiver.RetryPoisonAsync(queue, id, request.Cancellation).ConfigureAwait(false)
            ? JsonReply.Of(new RetriedView(request.Route("id"), queue.Name), StatusCodes.Status202Accepted)
            : request.Refuse(Refusal.NotFound("poison message"));
    }
}

/// <summary><c>DELETE /admin/poison/{id}</c>: discards a message that can never succeed.</summary>
public static class DiscardPoison
{
    public const string Route = "api/v1/admin/poison/{id}";

    public static readonly ApiEndpoint Endpoint = new("DiscardPoison", "DELETE", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        return PoisonId.Of(request) is var (queue, id) && await request.Backend.Receiver.DiscardPoisonAsync(queue, id, request.Cancellation).ConfigureAwait(false)
            ? JsonReply.Of(new DiscardedView(request.Route("id"), queue.Name, Deleted: true))
            : request.Refuse(Refusal.NotFound("poison message"));
    }
}

/// <summary>A message's id: its queue, its shard unless that is the first, and its id there.</summary>
internal static class PoisonId
{
    public static string Of(ShardQueue queue, string id) => queue.Shard == 0 ? $"{queue.Name}.{id}" : $"{queue.Name}.{queue.Shard}.{id}";

    /// <summary>The route's message; null when there can be none of that id.</summary>
    public static (ShardQueue Queue, string Id)? Of(ApiRequest request)
    {
        var parts = request.Route("id").Split('.');
        var shard = 0;
        var sound = parts.Length == 2 || (parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out shard) && shard > 0 && shard < request.Backend.Shards.Count);
        return sound && Queues.All.Contains(parts[0]) ? (new ShardQueue(shard, parts[0]), parts[^1]) : null;
    }
}

/// <summary>The answer of <c>GET /admin/poison</c>.</summary>
/// <param name="Messages">Those of all shards that answer.</param>
/// <param name="FailedShards">Shards that do not; empty where all do.</param>
public sealed record PoisonView(ImmutableArray<PoisonMessageView> Messages, ImmutableArray<int> FailedShards);

/// <summary>A message that was given up.</summary>
/// <param name="Id">Retry it by this.</param>
/// <param name="Queue">Where it came from.</param>
/// <param name="Body">What it said, its first 1,000 characters.</param>
/// <param name="Reason">Why it was given up.</param>
/// <param name="PoisonedAt">When.</param>
public sealed record PoisonMessageView(string Id, string Queue, string Body, string? Reason, DateTimeOffset PoisonedAt)
{
    private const int MostShown = 1_000;

    internal static PoisonMessageView Of(ShardQueue queue, PoisonedDelivery message) => new(
        PoisonId.Of(queue, message.Id), queue.Name, message.Body.Length <= MostShown ? message.Body : message.Body[..MostShown], message.Reason, message.InsertedAt);
}

/// <summary>The answer of <c>DELETE /admin/poison/{id}</c>.</summary>
public sealed record DiscardedView(string Id, string Queue, bool Deleted);

/// <summary>The answer of <c>POST /admin/poison/{id}/retry</c>.</summary>
public sealed record RetriedView(string Id, string Queue);
