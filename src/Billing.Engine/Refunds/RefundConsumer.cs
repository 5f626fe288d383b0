using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Generations;

namespace Billing.Engine.Refunds;

public sealed class RefundConsumer(WorkspaceWriter writer) : IConsumer
{
    public string Queue => Queues.Refunds;

    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        if (RefundDecisions.GenerationOf(message) is not { } generationId || !Ids.TryParse("gen", generationId, out var workspaceId, out var key))
        {
            return Consumption.Parked("it is not the id of a refund");
        }

        var (running, settled) = SettleDecisions.RowKeysOf(key);
        var work = new Work<Refund>((unit, _) => RefundDecisions.CarryOut(unit, message)) { Reads = [Refund.Prefix + message, running, settled] };
        var done = await writer.SubmitAsync(workspaceId, work).ConfigureAwait(false);
        return done?.Outcome?.TryGet(out _, out _) == true ? Consumption.Done : Consumption.Dropped("there is no such refund");
    }
}
