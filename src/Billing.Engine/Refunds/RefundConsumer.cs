using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Generations;

namespace Billing.Engine.Refunds;

public sealed class RefundConsumer(WorkspaceWriter writer) : IConsumer
{
    public string Queue => Queues.Refunds;

    public async Task<Consumption> ConsumeAsync(string message, CancellationToken cancellation)
    {
        var rows = RefundDecisions.RowKeysOfRefund(message);
        if (rows.IsEmpty || !Ids.TryParse("rfd", message, out var workspaceId, out _))
        {
            return Consumption.Parked("it is not the id of a refund");
        }

        var work = new Work<Refund>((unit, _) => RefundDecisions.CarryOut(unit, message)) { Reads = rows };
        var done = await writer.SubmitAsync(workspaceId, work).ConfigureAwait(false);
        return done?.Outcome?.TryGet(out _, out _) == true ? Consumption.Done : Consumption.Dropped("there is no such refund");
    }
}
