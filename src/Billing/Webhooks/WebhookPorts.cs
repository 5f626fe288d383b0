using System.Collections.Immutable;
using Billing.Writing;

namespace Billing.Webhooks;

/// <summary>What deliveries need from outside.</summary>
/// <param name="Ledger">State.</param>
/// <param name="Doorbell">Queue messages.</param>
/// <param name="Writer">Changes accounts.</param>
/// <param name="Clock">The one clock. It may stand still: real waits are the queue's.</param>
/// <param name="Send">Sends one request.</param>
/// <param name="Backoff">Waits, in real time, before something is tried again; by how often it failed, from 1.</param>
public sealed record WebhookPorts(ILedger Ledger, IDoorbell Doorbell, AccountWriter Writer, TimeProvider Clock, WebhookSend Send, Func<int, Task> Backoff)
{
    private const int MostTries = 3;

    internal DateTimeOffset Now => Instants.Milliseconds(Clock.GetUtcNow());

    /// <summary>Does what is harmless to do again, now if storage lets it: an attempt that was made and is not stored is made twice.</summary>
    internal async Task InsistAsync(Func<Task> call)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await call().ConfigureAwait(false);
                return;
            }
            catch (StorageUnavailableException) when (tries < MostTries)
            {
                await Backoff(tries).ConfigureAwait(false);
            }
        }
    }
}

/// <summary>Sends one request and tells what came of it, within <see cref="WebhookRequest.TimeLimit"/>. It throws for bugs only.</summary>
public delegate Task<WebhookAnswer> WebhookSend(WebhookRequest request);

/// <summary>A request to a customer's endpoint.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Headers">The signature's.</param>
/// <param name="Body">JSON.</param>
public sealed record WebhookRequest(string Url, ImmutableArray<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>No attempt takes longer, connecting and reading included.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    /// <summary>Bytes of the answer's body that are remembered.</summary>
    public const int AnswerKept = 1_024;
}

/// <summary>What came of a request.</summary>
/// <param name="Status">HTTP status; null when none came.</param>
/// <param name="Text">The first <see cref="WebhookRequest.AnswerKept"/> bytes of the body.</param>
/// <param name="Error">Why no status came.</param>
/// <param name="Duration">How long it took in real time.</param>
public sealed record WebhookAnswer(int? Status, string? Text, string? Error, TimeSpan Duration)
{
    /// <summary>A redirect is not a success.</summary>
    public bool Succeeded => Status is >= 200 and <= 299;

    /// <summary>The endpoint wants nothing any more.</summary>
    public bool Gone => Status == 410;
}
