using System.Text.Json.Nodes;

namespace Billing.Client;

internal static class JsonBodies
{
    /// <summary>Adds a member unless there is nothing to say.</summary>
    public static JsonObject With(this JsonObject body, string name, JsonNode? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }

        return body;
    }

    public static JsonObject With(this JsonObject body, string name, DateTimeOffset? instant) =>
        body.With(name, instant is { } at ? JsonValue.Create(Instants.Text(at)) : null);

    public static JsonObject With(this JsonObject body, string name, Money? money) =>
        body.With(name, money is null ? null : new JsonObject { ["amount_minor"] = money.AmountMinor, ["currency"] = money.Currency });
}
