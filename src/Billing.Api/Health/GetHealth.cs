using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Health;

/// <summary><c>GET /health</c>: 200 when storage answers, else 503.</summary>
public static class GetHealth
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetHealth", "GET", Routes.Health, Access.Anyone, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        // Whether the row exists does not matter; that storage says so does. Without it the pipeline answers 503.
        await call.Backend.Ledger.ReadAsync(new Partition(Table.Schedule, "health"), "health", call.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new HealthView("ok", "ok", call.Now));
    }
}

/// <summary>The answer of <c>GET /health</c>.</summary>
public sealed record HealthView(string Status, string Storage, DateTimeOffset Now);
