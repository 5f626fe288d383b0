using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Subscriptions;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>PUT /admin/workspaces/{id}/subscription</c>: starts a subscription or changes its plan.</summary>
public static class PutSubscription
{
    public const string Route = "api/v1/admin/workspaces/{id}/subscription";

    public static readonly ApiEndpoint Endpoint = new("PutSubscription", "PUT", Route, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = new Subscribe(request.Body.Text("plan", 50) ?? "", request.Body.Credits("credits", required: false), request.Body.Instant("started_at", required: false));
        var work = new Work<Subscription>((unit, catalog) => SubscriptionDecisions.Subscribe(unit, catalog, command));
        return AdminWork.DecideListedAsync(request, work, SubscriptionView.Of);
    }
}

/// <summary><c>DELETE /admin/workspaces/{id}/subscription</c>: lets it end with its period.</summary>
public static class CancelSubscription
{
    public const string Route = "api/v1/admin/workspaces/{id}/subscription";

    public static readonly ApiEndpoint Endpoint = new("CancelSubscription", "DELETE", Route, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(ApiRequest request) =>
        AdminWork.DecideListedAsync(request, new Work<Subscription>((unit, catalog) => SubscriptionDecisions.Cancel(unit, catalog)), SubscriptionView.Of);
}

/// <summary><c>POST /admin/workspaces/{id}/payments</c>: news of a payment, which pauses or resumes when the payment is the newest.</summary>
public static class ReportPaymentEndpoint
{
    public const string Route = "api/v1/admin/workspaces/{id}/payments";

    public static readonly ApiEndpoint Endpoint = new("ReportPayment", "POST", Route, Access.Operator, HandleAsync);

    private static readonly ImmutableArray<string> Words = [.. Enum.GetNames<PaymentStatus>().Select(name => name.ToLowerInvariant())];

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        var status = request.Body.OneOf("status", Words);
        var command = new ReportPayment(
            Enum.Parse<PaymentStatus>(status ?? Words[0], ignoreCase: true), request.Body.Text("reference", 200) ?? "", request.Body.Instant("occurred_at", required: false), request.Body.Money("paid", min: 0));
        var work = new Work<PaymentReport>((unit, catalog) => PaymentDecisions.Report(unit, catalog, command)) { Reads = [Payment.KeyOf(command.Reference)] };
        return AdminWork.DecideListedAsync(request, work, report => new PaymentReportView(report.Applied, report.Subscription.Status));
    }
}

/// <summary>The answer to news of a payment.</summary>
public sealed record PaymentReportView(bool Applied, string PlanStatus);

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
        subscription.Status,
        subscription.Allowance,
        subscription.Next?.Plan,
        subscription.Next?.Allowance,
        subscription.AnchorAt,
        BillingPeriod.At(subscription.AnchorAt, subscription.Period).StartsAt,
        subscription.PeriodEndsAt,
        subscription.Canceled);
}
