using System.Text.Json.Nodes;

namespace Billing.Client;

/// <summary>One generation that a customer wants.</summary>
public sealed class GenerationRequest
{
    /// <summary>The product's own fields: <c>size</c>, <c>template_id</c>, …</summary>
    public JsonObject Parameters { get; } = [];

    /// <summary>A team workspace to charge; null for the customer's own.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>A quote to pay the price of.</summary>
    public string? Quote { get; init; }

    /// <summary>Shown to the customer.</summary>
    public string? Description { get; init; }

    /// <summary>At most 20 strings, returned with the ledger entry.</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    internal JsonObject ToBody() => Parameters.DeepClone().AsObject()
        .With("workspace_id", WorkspaceId)
        .With("quote", Quote)
        .With("description", Description)
        .With("metadata", Metadata.Count == 0 ? null : new JsonObject(Metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))));
}

/// <summary>What one refused item does to a batch.</summary>
public enum BatchMode
{
    /// <summary>It refuses all.</summary>
    AllOrNothing,

    /// <summary>The others are admitted.</summary>
    BestEffort,
}

/// <summary>How a generation ended.</summary>
public sealed class Settlement
{
    private readonly JsonObject _body;

    private Settlement(JsonObject body) => _body = body;

    /// <summary>It was delivered. Fewer units than asked for: the rest is refunded.</summary>
    public static Settlement Completed(string generationId, long? succeededUnits = null)
    {
        var body = Of(generationId, "completed");
        if (succeededUnits is { } units)
        {
            body["succeeded_units"] = units;
        }

        return new(body);
    }

    /// <summary>It failed, for one of <see cref="FailReasons"/>.</summary>
    public static Settlement Failed(string generationId, string reason)
    {
        var body = Of(generationId, "failed");
        body["reason"] = reason;
        return new(body);
    }

    internal JsonNode ToBody() => _body.DeepClone();

    private static JsonObject Of(string generationId, string outcome)
    {
        ArgumentException.ThrowIfNullOrEmpty(generationId);
        return new JsonObject { ["id"] = generationId, ["outcome"] = outcome };
    }
}

/// <summary>Why a generation failed.</summary>
public static class FailReasons
{
    /// <summary>Refunded: the server failed.</summary>
    public const string ServerError = "server_error";

    /// <summary>Refunded: rendering failed.</summary>
    public const string RenderingError = "rendering_error";

    /// <summary>Refunded: the input turned out to be invalid.</summary>
    public const string InvalidInput = "invalid_input";

    /// <summary>Not refunded: the customer's mistake.</summary>
    public const string UserError = "user_error";

    /// <summary>Not refunded: against the content policy.</summary>
    public const string ContentPolicy = "content_policy";
}
