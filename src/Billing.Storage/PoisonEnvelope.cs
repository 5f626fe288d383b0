using System.Text.Json;
using Azure.Storage.Queues.Models;

namespace Billing.Storage;

/// <summary>A poisoned message as it lies in its queue: what it said, and why it was given up.</summary>
/// <remarks>The Functions host moves the bare message, so both forms are read.</remarks>
internal sealed record PoisonEnvelope(string PoisonedId, string Reason, string Body, bool IsText)
{
    private const int MaxReason = 1_000;

    /// <summary>The text to put into the poison queue. A message that is too long for an envelope goes bare, so that none is ever lost.</summary>
    public static string Seal(ReceivedMessage delivery, string reason)
    {
        var kept = reason.Length > MaxReason ? reason[..MaxReason] : reason;
        var json = JsonSerializer.SerializeToUtf8Bytes(new PoisonEnvelope(delivery.Id, kept, delivery.Body, delivery.IsText));
        return json.Length <= QueueText.MaxBytes ? Convert.ToBase64String(json) : Raw(delivery.Body, delivery.IsText);
    }

    /// <summary>A message of a poison queue, whoever put it there.</summary>
    public static PoisonedDelivery Open(string id, string raw, DateTimeOffset insertedAt)
    {
        var isText = QueueText.TryDecode(raw, out var text);
        return isText && TryRead(text) is { } envelope
            ? new PoisonedDelivery(id, envelope.PoisonedId, envelope.Body, envelope.Reason, insertedAt, envelope.IsText)
            : new PoisonedDelivery(id, null, isText ? text : raw, null, insertedAt, isText);
    }

    public static PoisonedDelivery Open(PeekedMessage message) =>
        Open(message.MessageId, message.MessageText, message.InsertedOn ?? default);

    /// <summary>The text of the message as it was before it was poisoned.</summary>
    public static string Raw(string body, bool isText) => isText ? QueueText.Encode(body) : body;

    private static PoisonEnvelope? TryRead(string text)
    {
        try
        {
            var read = JsonSerializer.Deserialize<PoisonEnvelope>(text);
            return read is { PoisonedId: not null, Reason: not null, Body: not null } ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
