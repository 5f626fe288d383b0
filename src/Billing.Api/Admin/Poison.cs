using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Storage;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/poison</c>: messages that were given up, up to 32 of each queue.</summary>
public static class ListPoison
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("ListPoison", "GET", Routes.AdminPoison, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var lists = await Task.WhenAll(Queues.All.Select(queue => ListAsync(call, queue))).ConfigureAwait(false);
        return JsonReply.Of(new PoisonView([.. lists.SelectMany(list => list)]));
    }

    private static async Task<IEnumerable<PoisonMessageView>> ListAsync(Call call, string queue)
    {
        var messages = await call.Backend.Receiver.PeekPoisonAsync(queue, QueueReceiver.MaxBatch, call.Cancellation).ConfigureAwait(false);
        return messages.Select(message => PoisonMessageView.Of(queue, message));
    }
}

/// <summary><c>POST /admin/poison/{id}/retry</c>: puts a message back into its queue.</summary>
public static class RetryPoison
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("RetryPoison", "POST", Routes.AdminPoisonRetry, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var id = call.Route("id");
        var queue = Queues.All.FirstOrDefault(one => id.StartsWith(one + ".", StringComparison.Ordinal));
        return queue is not null && await call.Backend.Receiver.RetryPoisonAsync(queue, id[(queue.Length + 1)..], call.Cancellation).ConfigureAwait(false)
            ? JsonReply.Of(new RetriedView(id, queue), StatusCodes.Status202Accepted)
            : call.Refuse(Refusal.NotFound("poison message"));
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

/// <summary>The answer of <c>POST /admin/poison/{id}/retry</c>.</summary>
public sealed record RetriedView(string Id, string Queue);
