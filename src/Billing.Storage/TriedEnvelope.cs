using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Storage;

/// <summary>A message that was tried before, as it lies in its queue.</summary>
internal sealed record TriedEnvelope(
    [property: JsonRequired, JsonPropertyName("tried_failures")] int Failures,
    [property: JsonRequired, JsonPropertyName("tried_away_since")] DateTimeOffset? AwaySince,
    [property: JsonRequired, JsonPropertyName("tried_rung_at")] DateTimeOffset SentAt,
    [property: JsonRequired, JsonPropertyName("tried_body")] string Body)
{
    [JsonPropertyName("tried_ended"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Ended { get; init; }

    /// <summary>The text of the message with what came of its tries. One too long for an envelope forgets them; none of ours is.</summary>
    public static string Seal(ReceivedMessage message)
    {
        if (!message.IsText || message.Attempts == Attempts.None)
        {
            return PoisonEnvelope.Raw(message.Body, message.IsText);
        }

        var (failures, awaySince) = message.Attempts;
        var json = JsonSerializer.SerializeToUtf8Bytes(new TriedEnvelope(failures, awaySince, message.InsertedAt, message.Body) { Ended = message.Attempts.Ended });
        return json.Length <= QueueText.MaxBytes ? Convert.ToBase64String(json) : PoisonEnvelope.Raw(message.Body, message.IsText);
    }

    /// <summary>The message as it was sent, with what came of its tries.</summary>
    public static ReceivedMessage Open(ReceivedMessage message) => message.IsText && Read(message.Body) is { } tried
        ? message with { Body = tried.Body, InsertedAt = tried.SentAt, Attempts = new Attempts(tried.Failures, tried.AwaySince) { Ended = tried.Ended } }
        : message;

    private static TriedEnvelope? Read(string text)
    {
        if (text[0] != '{')
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<TriedEnvelope>(text) is { Body.Length: > 0 } tried ? tried : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
