using System.Diagnostics;
using Billing.Api.Webhooks;
using Billing.Webhooks;

namespace Billing.Api.Telemetry;

/// <summary>What is told of every attempt to deliver to a webhook: a span, and what came of it. The receiver gets no header of the trace.</summary>
public sealed class DeliveryTelemetry(WebhookSender sender, BillingMetrics metrics)
{
    /// <inheritdoc cref="WebhookSend"/>
    public async Task<WebhookAnswer> SendAsync(WebhookRequest request)
    {
        using var span = Spans.Source.StartActivity("deliver webhook", ActivityKind.Client);
        var answer = await sender.SendAsync(request).ConfigureAwait(false);
        var result = ResultOf(answer);
        metrics.Delivered(result);
        span?.SetTag("http.request.method", "POST").SetTag("http.response.status_code", answer.Status);
        if (!answer.Succeeded)
        {
            span.Fail(result);
        }

        return answer;
    }

    private static string ResultOf(WebhookAnswer answer) => answer switch
    {
        { Succeeded: true } => "delivered",
        { Gone: true } => "gone",
        { Status: not null } => "refused",
        _ => "unanswered",
    };
}
