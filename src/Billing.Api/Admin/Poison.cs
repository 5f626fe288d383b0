using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Engine.Due;
using Billing.Storage;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/poison</c>: messages that were given up, up to 32 of each queue.</summary>
public static class ListPoison
{
    public const string Route = "api/v1/admin/poison";

    public static readonly ApiEndpoint Endpoint = new("ListPoison", "GET", Route, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var lists = await Task.WhenAll(Queues.All.Select(queue => ListAsync(request, queue))).ConfigureAwait(false);
        return JsonReply.Of(new PoisonView([.. lists.SelectMany(list => list)]));
    }

    private static async Task<IEnumerable<PoisonMessageView>> ListAsync(ApiRequest request, string queue)
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

        var (queue, id) = PoisonId.Of(request);
        return queue is not null && await request.Backend.Receiver.RetryPoisonAsync(queue, id, request.Cancellation).ConfigureAwait(false)
            ? JsonReply.Of(new RetriedView(request.Route("id"), queue), StatusCodes.Status202Accepted)
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

        var (queue, id) = PoisonId.Of(request);
        return queue is not null && await request.Backend.Receiver.DiscardPoisonAsync(queue, id, request.Cancellation).ConfigureAwait(false)
            ? JsonReply.Of(new DiscardedView(request.Route("id"), queue, Deleted: true))
            : request.Refuse(Refusal.NotFound("poison message"));
    }
}

/// <summary>The route's message: its queue, and its id there.</summary>
internal static class PoisonId
{
    public static (string? Queue, string Id) Of(ApiRequest request)
    {
        var id = request.Route("id");
        var queue = Queues.All.FirstOrDefault(one => id.StartsWith(one + ".", StringComparison.Ordinal));
        return (queue, queue is null ? id : id[(queue.Length + 1)..]);
    }
}

/// <summary>The answer of <c>GET /admin/poison</c>.</summary>
public sealed record PoisonView(ImmutableArray<PoisonMessageView> Messages);

/// <summary>A message that was given up.</summary>
/// <param name="Id">Retry it by this.</param>
/// <param name="Queue">Where it came from.</param>
/// <param name="Body">What it said, its first 1,000 characters.</param>
/// <param name="Reason">Why it was given up.</param>
/// <param name="PoisonedAt">When.</param>
public sealed record PoisonMessageView(string Id, string Queue, string Body, string? Reason, DateTimeOffset PoisonedAt)
{
    private const int MostShown = 1_000;

    internal static PoisonMessageView Of(string queue, PoisonedDelivery message) => new(
        $"{queue}.{message.Id}", queue, message.Body.Length <= MostShown ? message.Body : message.Body[..MostShown], message.Reason, message.InsertedAt);
}

/// <summary>The answer of <c>DELETE /admin/poison/{id}</c>.</summary>
public sealed record DiscardedView(string Id, string Queue, bool Deleted);

/// <summary>The answer of <c>POST /admin/poison/{id}/retry</c>.</summary>
public sealed record RetriedView(string Id, string Queue);
