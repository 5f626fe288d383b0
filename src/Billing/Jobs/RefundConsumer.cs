using Billing.Generations;
using Billing.Refunds;
using Billing.Writing;

namespace Billing.Jobs;

/// <summary>Carries out the refund that a message names.</summary>
public sealed class RefundConsumer(AccountWriter writer) : IConsumer
{
    /// <inheritdoc/>
    public string Queue => Queues.Refunds;

    /// <inheritdoc/>
    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (RefundDecisions.GenerationOf(message) is not { } generationId || !Ids.TryParse("gen", generationId, out var workspaceId, out var key))
        {
            return Consumption.Parked("it is not the id of a refund");
        }

        var (running, settled) = SettleDecisions.RowKeysOf(key);
        var work = new Work<Refund>((draft, _) => RefundDecisions.CarryOut(draft, message)) { Reads = [Refund.Prefix + message, running, settled] };
        var done = await writer.SubmitAsync(workspaceId, work).ConfigureAwait(false);
        return done?.Outcome is null or Outcome<Refund>.Declined ? Consumption.Dropped("there is no such refund") : Consumption.Done;
    }
}
