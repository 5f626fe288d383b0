using Billing.Accounts;
using Billing.Overage;
using Billing.Refunds;
using Billing.Webhooks;
using Billing.Writing;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Telemetry;

/// <summary>Logs what became of accounts: what nobody was there to see, and what an operator asks for at night.</summary>
public sealed partial class AccountLog(ILogger<AccountLog> logger)
{
    /// <summary>Notes a transaction that ended.</summary>
    public void Note(Draft draft, CommitEnd end)
    {
        if (end.TimedOut)
        {
            Log.TimeOutResolved(logger, draft.Account.WorkspaceId, BillingMetrics.NameOf(end.Fate));
        }

        if (end.Fate == CommitFate.Stored)
        {
            foreach (var record in draft.Written.Values)
            {
                Note(draft, record);
            }
        }
    }

    private void Note(Draft draft, Record? record)
    {
        var workspaceId = draft.Account.WorkspaceId;
        switch (record)
        {
            case LedgerEntry entry when draft.Account.Subscription is { } subscription && subscription.AllowanceGrant == entry.Sequence:
                Log.Renewed(logger, workspaceId, subscription.Current.Plan, entry.Amount, subscription.PeriodEndsAt);
                break;
            case Invoice invoice:
                Log.MonthClosed(logger, workspaceId, invoice.Month, invoice.Total.AmountMinor, invoice.Total.Currency);
                break;
            case Refund { Status: RefundStatus.Succeeded } refund:
                Log.RefundGiven(logger, workspaceId, refund.Id, refund.Credits, refund.Reason);
                break;
            case WebhookEndpoint { Disabled: { } disabled } endpoint when disabled.At == draft.Now:
                Log.EndpointDisabled(logger, workspaceId, endpoint.Id, disabled.Reason);
                break;
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
