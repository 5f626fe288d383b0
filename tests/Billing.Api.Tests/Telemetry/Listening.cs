using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Billing.Api.Telemetry;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Tests.Telemetry;

/// <summary>A value that an instrument was given, with its tags as <c>name=value</c>, in order.</summary>
internal sealed record Measured(string Instrument, double Value, string Tags);

/// <summary>A line of the log.</summary>
internal sealed record Logged(EventId Event, LogLevel Level, string Text);

/// <summary>Hears everything that one backend tells: the meter of its container, the source of spans, and its log.</summary>
internal sealed class Listening : ILoggerProvider
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _spans;
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ConcurrentQueue<Logged> _logged = new();

    /// <param name="trace">The trace whose spans it hears: other tests have spans of their own.</param>
    public Listening(ActivityTraceId trace)
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace || span.Links.Any(link => link.Context.TraceId == trace))
                {
                    _ended.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_spans);
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
    }

    /// <summary>The instruments there are, with their units.</summary>
    public ConcurrentDictionary<string, string> Instruments { get; } = [];

    public IReadOnlyList<Activity> Ended => [.. _ended];

    public IReadOnlyList<Logged> Log => [.. _logged];

    /// <summary>Begins to hear the instruments that this factory makes.</summary>
    public void Hear(IMeterFactory factory)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Spans.Name && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                Instruments[instrument.Name] = instrument.Unit!;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.Start();
    }

    /// <summary>What an instrument was given so far.</summary>
    public IReadOnlyList<Measured> Of(string instrument)
    {
        _meters.RecordObservableInstruments();
        return [.. _measured.Where(one => one.Instrument == instrument)];
    }

    public ILogger CreateLogger(string categoryName) => new Book(_logged);

    public void Dispose()
    {
        _spans.Dispose();
        _meters.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _measured.Enqueue(new Measured(
        instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));

    private sealed class Book(ConcurrentQueue<Logged> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new Logged(eventId, logLevel, formatter(state, exception)));
    }
}
