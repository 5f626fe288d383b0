using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Overage;
using Billing.Webhooks;
using Billing.Workspaces;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Telemetry;

/// <summary>Logs what became of accounts: what nobody was there to see, and what an operator asks for at night.</summary>
public sealed partial class WorkspaceLog(ILogger<WorkspaceLog> logger)
{
    /// <summary>Notes a transaction that ended.</summary>
    public void Note(UnitOfWork unit, CommitEnd end)
    {
        if (end.TimedOut)
        {
            Log.TimeOutResolved(logger, unit.Workspace.WorkspaceId, BillingMetrics.NameOf(end.Fate));
        }

        if (end.Fate == CommitFate.Stored)
        {
            foreach (var record in unit.Written.Values)
            {
                Note(unit, record);
            }

            NoteRenewal(unit);
        }
    }

    private void Note(UnitOfWork unit, Record? record)
    {
        var workspaceId = unit.Workspace.WorkspaceId;
        switch (record)
        {
            case Invoice invoice:
                Log.MonthClosed(logger, workspaceId, invoice.Month, invoice.Total.AmountMinor, invoice.Total.Currency);
                break;
            case Refund { Status: RefundStatus.Succeeded } refund:
                Log.RefundGiven(logger, workspaceId, refund.Id, refund.Credits, refund.Reason);
                break;
            case WebhookEndpoint { Disabled: { } disabled } endpoint when disabled.At == unit.Now:
                Log.EndpointDisabled(logger, workspaceId, endpoint.Id, disabled.Reason);
                break;
        }
    }

    private void NoteRenewal(UnitOfWork unit)
    {
        if (unit.Workspace.Subscription is { } subscription && unit.Entries.FirstOrDefault(entry => entry.Sequence == subscription.AllowanceGrant) is { } granted)
        {
            Log.Renewed(logger, unit.Workspace.WorkspaceId, subscription.Current.Plan, granted.Amount, subscription.PeriodEndsAt);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(120, LogLevel.Warning, "{WorkspaceId}: storage did not answer a commit in time; it turned out {Fate}")]
        public static partial void TimeOutResolved(ILogger logger, string workspaceId, string fate);

        [LoggerMessage(121, LogLevel.Information, "{WorkspaceId}: {Plan} granted its allowance of {Credits} credits; it renews or ends at {PeriodEndsAt:O}")]
        public static partial void Renewed(ILogger logger, string workspaceId, string plan, Credits credits, DateTimeOffset periodEndsAt);

        [LoggerMessage(122, LogLevel.Information, "{WorkspaceId}: {Month} was closed with an invoice of {AmountMinor} {Currency} (minor units)")]
        public static partial void MonthClosed(ILogger logger, string workspaceId, string month, long amountMinor, string currency);

        [LoggerMessage(123, LogLevel.Information, "{WorkspaceId}: {RefundId} gave back {Credits} credits ({Reason})")]
        public static partial void RefundGiven(ILogger logger, string workspaceId, string refundId, Credits credits, string reason);

        [LoggerMessage(124, LogLevel.Warning, "{WorkspaceId}: {EndpointId} was disabled ({Reason}); nothing is sent to it any more")]
        public static partial void EndpointDisabled(ILogger logger, string workspaceId, string endpointId, DisabledReason reason);
    }
}
