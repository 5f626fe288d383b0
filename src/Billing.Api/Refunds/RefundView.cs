using Billing.Generations;

namespace Billing.Api.Refunds;

/// <summary>A refund as its customer, the service and the operator see it.</summary>
public sealed record RefundView(
    string Id,
    string GenerationId,
    RefundStatus Status,
    string Reason,
    string? Note,
    Credits Credits,
    int OverageUnits,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt)
{
    internal static RefundView Of(Refund refund) => new(
        refund.Id,
        refund.GenerationId,
        refund.Status,
        refund.Reason,
        refund.Note,
        refund.Credits,
        refund.Overage ? 1 : 0,
        refund.CreatedAt,
        refund.EndedAt);
}
