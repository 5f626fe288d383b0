using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Billing.Client;

/// <summary>The names by which a program listens to this client: <c>AddSource</c> and <c>AddMeter</c> of OpenTelemetry take them.</summary>
public static class BillingTelemetry
{
    /// <summary>Of the <see cref="ActivitySource"/>: a span for each call and each run.</summary>
    public const string ActivitySourceName = "Billing.Client";

    /// <summary>Of the <see cref="Meter"/>: <c>billing.client.call.duration</c> and <c>billing.client.retries</c>.</summary>
    public const string MeterName = "Billing.Client";
}

internal static class ClientTelemetry
{
    private static readonly string? Version = typeof(ClientTelemetry).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter Meter = new(BillingTelemetry.MeterName, Version);

    public static readonly ActivitySource Source = new(BillingTelemetry.ActivitySourceName, Version);

    public static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("billing.client.call.duration", "s", "How long a call took, its retries and waits included.");

    public static readonly Counter<long> Retries = Meter.CreateCounter<long>("billing.client.retries", "{retry}", "Tries after the first.");
}

/// <summary>A call while it is under way. It costs nothing where nobody listens.</summary>
internal readonly struct WatchedCall : IDisposable
{
    private readonly Activity? _span;
    private readonly string _operation;
    private readonly long _startedAt;

    private WatchedCall(Outgoing outgoing)
    {
        _operation = outgoing.Operation;
        _span = ClientTelemetry.Source.StartActivity(_operation);
        _startedAt = ClientTelemetry.Duration.Enabled ? Stopwatch.GetTimestamp() : 0;
        _span?.SetTag("billing.generation.id", outgoing.GenerationId);
    }

    public static WatchedCall Begin(Outgoing outgoing) => new(outgoing);

    public void Retried(string why)
    {
        if (ClientTelemetry.Retries.Enabled)
        {
            ClientTelemetry.Retries.Add(1, new TagList { { "billing.operation", _operation }, { "error.type", why } });
        }
    }

    public void Answered(BillingResult result)
    {
        if (_span is not null)
        {
            _span.SetTag("billing.request.id", result.RequestId).SetTag("billing.replayed", result.Replayed);
            if (result is Generation generation)
            {
                _span.SetTag("billing.generation.id", generation.Id);
            }
        }

        Measure(null);
    }

    /// <summary>A refusal is an answer: the span is not in error.</summary>
    public void Refused(Problem problem)
    {
        _span?.SetTag("billing.request.id", problem.RequestId).SetTag("billing.code", problem.Code);
        Measure(problem.Code);
    }

    public void Failed(Exception exception)
    {
        var type = exception.GetType().Name;
        _span?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, exception.Message);
        Measure(type);
    }

    public void Dispose() => _span?.Dispose();

    private void Measure(string? failure)
    {
        if (_startedAt == 0)
        {
            return;
        }

        var tags = new TagList { { "billing.operation", _operation } };
        if (failure is not null)
        {
            tags.Add("error.type", failure);
        }

        ClientTelemetry.Duration.Record(Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, tags);
    }
}
