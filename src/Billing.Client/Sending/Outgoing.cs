using System.Text.Json.Nodes;

namespace Billing.Client;

/// <summary>A request, as it is sent as often as it takes. Whoever watches sees the name of its operation.</summary>
internal sealed record Outgoing(string Operation, HttpMethod Method, RequestPath Path, Customer? Customer = null, JsonObject? Body = null, string? IdempotencyKey = null)
{
    /// <summary>The generation that it is about; null where that is known from the answer, or never.</summary>
    public string? GenerationId { get; init; }

    /// <summary>True when nobody could tell a repeat from a second wish: it is sent once.</summary>
    public bool Once { get; init; }
}
