using Billing.Accounts;
using Billing.Api.Http;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>PUT /admin/workspaces/{id}/subscription</c>: starts a subscription or changes its plan.</summary>
public static class PutSubscription
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("PutSubscription", "PUT", Routes.AdminSubscription, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(Call call)
    {
        var command = new Subscribe(call.Body.RequiredText("plan", 50), call.Body.Credits("credits"), call.Body.Instant("started_at"));
        var work = new Work<Subscription>((draft, catalog) => SubscriptionDecisions.Subscribe(draft, catalog, command));
        return AdminWork.DecideAsync(call, work, SubscriptionView.Of);
    }
}

/// <summary><c>DELETE /admin/workspaces/{id}/subscription</c>: lets it end with its period.</summary>
public static class CancelSubscription
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CancelSubscription", "DELETE", Routes.AdminSubscription, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(Call call) =>
        AdminWork.DecideAsync(call, new Work<Subscription>((draft, _) => SubscriptionDecisions.Cancel(draft)), SubscriptionView.Of);
}

/// <summary><c>POST /admin/workspaces/{id}/payments</c>: a failed or pending payment pauses, a succeeded one resumes.</summary>
public static class ReportPaymentEndpoint
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("ReportPayment", "POST", Routes.AdminPayments, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(Call call)
    {
        var status = call.Body.Choice("status", ["failed", "pending", "succeeded"]) switch
        {
            "failed" => PaymentStatus.Failed,
            "pending" => PaymentStatus.Pending,
            _ => PaymentStatus.Succeeded,
        };
        var command = new ReportPayment(status, call.Body.RequiredText("reference", 200));
        var work = new Work<Subscription>((draft, catalog) => PaymentDecisions.Report(draft, catalog, command));
        return AdminWork.DecideAsync(call, work, SubscriptionView.Of);
    }
}

/// <summary>A subscription as operators see it.</summary>
public sealed record SubscriptionView(
    string Plan,
    string PlanStatus,
    Credits MonthlyAllowance,
    string? NextPlan,
    Credits? NextMonthlyAllowance,
    DateTimeOffset StartedAt,
    DateTimeOffset PeriodStartsAt,
    DateTimeOffset PeriodEndsAt,
    bool CancelAtPeriodEnd)
{
    internal static SubscriptionView Of(Subscription subscription) => new(
        subscription.Current.Plan,
        subscription switch
        {
            { Ended: true } => "canceled",
            { Paused: true } => "paused",
            { Canceled: true } => "canceled",
            _ => "active",
        },
        subscription.Allowance,
        subscription.Next?.Plan,
        subscription.Next?.Allowance,
        subscription.AnchorAt,
        BillingPeriod.At(subscription.AnchorAt, subscription.Period).StartsAt,
        subscription.PeriodEndsAt,
        subscription.Canceled);
}
