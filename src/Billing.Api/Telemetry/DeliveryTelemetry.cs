using System.Diagnostics;
using Billing.Api.Webhooks;
using Billing.Engine.Webhooks;
using Billing.Webhooks;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Telemetry;

/// <summary>What is told of every attempt to deliver to a webhook: a span, and what came of it. The receiver gets no header of the trace.</summary>
public sealed partial class DeliveryTelemetry(WebhookSender sender, BillingMetrics metrics, ILogger<DeliveryTelemetry> logger)
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

    /// <summary>Tells of an attempt that could not be made or stored.</summary>
    public void Failed(string deliveryId, Exception exception) => Log.AttemptFailed(logger, exception, deliveryId);

    private static string ResultOf(WebhookAnswer answer) => answer switch
    {
        { Succeeded: true } => "delivered",
        { Gone: true } => "gone",
        { Status: not null } => "refused",
        _ => "unanswered",
    };

    private static partial class Log
    {
        [LoggerMessage(125, LogLevel.Warning, "The attempt of {DeliveryId} could not be made or stored")]
        public static partial void AttemptFailed(ILogger logger, Exception exception, string deliveryId);
    }
}
