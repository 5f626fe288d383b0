using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Billing.Client.Tests;

/// <summary>Whoever listens is told of every call; nobody else pays for it.</summary>
public sealed class TelemetryTests
{
    private static readonly GenerationRequest Images = new() { Parameters = { ["size"] = "4K" } };

    [Fact]
    public async Task A_call_is_a_span_with_its_generation()
    {
        using var spans = new Spans();
        var wire = new Wire(Wire.Says(503), Wire.Says(201, Wire.Running, replayed: true), Wire.Refuses(409, ProblemCodes.AlreadySettled), Wire.Says(501));
        await wire.Client().AdmitAsync("customer-key", Images);
        await Assert.ThrowsAsync<BillingRefusedException>(() => wire.Client().CompleteAsync("gen_2"));
        await Assert.ThrowsAsync<BillingException>(() => wire.Client().HeartbeatAsync("gen_3"));
        Assert.Equal(
            [("Admit", "gen_1", true, null, ActivityStatusCode.Unset), ("Complete", "gen_2", null, ProblemCodes.AlreadySettled, ActivityStatusCode.Unset), ("Heartbeat", "gen_3", null, null, ActivityStatusCode.Error)],
            spans.Ended.Select(span => (span.DisplayName, span.GetTagItem("billing.generation.id"), span.GetTagItem("billing.replayed"), span.GetTagItem("billing.code"), span.Status)));
        Assert.DoesNotContain(spans.Ended, span => span.TagObjects.Any(tag => $"{tag.Value}".Contains("customer-key", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Durations_and_retries_are_measured()
    {
        using var meter = new Measures();
        var wire = new Wire(Wire.Breaks(), Wire.Says(503), Wire.Says(201, Wire.Running), Wire.Refuses(402, ProblemCodes.InsufficientCredits));
        await wire.Client().QuoteAsync("customer-key", Images).ContinueWith(_ => { }, TaskScheduler.Default);
        await wire.Client().QuoteAsync("customer-key", Images).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(["Quote HttpRequestException", "Quote 503"], meter.Of("billing.client.retries"));
        Assert.Equal(["Quote BillingException", "Quote INSUFFICIENT_CREDITS"], meter.Of("billing.client.call.duration"));
    }

    [Fact]
    public async Task Retries_are_logged_without_keys()
    {
        var log = new Log();
        using var http = new HttpClient(new Broken()) { BaseAddress = new Uri("http://billing.example") };
        var client = new BillingClient(http, Wire.ServiceKey, new BillingClientOptions { Clock = new HastyClock(), MaxAttempts = 2 }, log);
        await Assert.ThrowsAsync<BillingException>(() => client.AdmitAsync("customer-key", Images));
        var line = Assert.Single(log.Lines);
        Assert.StartsWith("Admit: try 1 came to HttpRequestException", line, StringComparison.Ordinal);
        Assert.DoesNotContain("key", line, StringComparison.Ordinal);
    }

    private sealed class Broken : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new HttpRequestException("It broke.");
    }

    /// <summary>The spans of this test's own flow; other tests run beside it.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;
        private readonly Activity _root = new Activity("test").Start();

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == BillingTelemetry.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (span.TraceId == _root.TraceId)
                    {
                        Ended.Enqueue(span);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentQueue<Activity> Ended { get; } = new();

        public void Dispose()
        {
            _listener.Dispose();
            _root.Dispose();
        }
    }

    /// <summary>What is measured in this test's own flow: other tests quote nothing meanwhile.</summary>
    private sealed class Measures : IDisposable
    {
        private static readonly AsyncLocal<Measures?> Current = new();
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Instrument, string Text)> _seen = new();

        public Measures()
        {
            Current.Value = this;
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == BillingTelemetry.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Take(instrument, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Take(instrument, tags));
            _listener.Start();
        }

        public IEnumerable<string> Of(string instrument) => _seen.Where(seen => seen.Instrument == instrument).Select(seen => seen.Text);

        public void Dispose() => _listener.Dispose();

        private void Take(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (Current.Value == this)
            {
                _seen.Enqueue((instrument.Name, string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
            }
        }
    }

    private sealed class Log : ILogger<BillingClient>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
