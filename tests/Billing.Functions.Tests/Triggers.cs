using System.Diagnostics.Metrics;
using System.Text.Json;
using Billing.Api.Callers;
using Billing.Api.Jobs;
using Billing.Api.Plans;
using Billing.Api.Telemetry;
using Billing.Catalogs;
using Billing.Engine.Due;
using Billing.InMemory;
using Billing.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moq;

namespace Billing.Functions.Tests;

/// <summary>What the Functions host hands over with a trigger.</summary>
internal static class Triggers
{
    /// <summary>With the metadata of a queue message.</summary>
    public static FunctionContext Message(string id, int dequeueCount, DateTimeOffset? insertedAt = null, string function = "AQueue")
    {
        var context = new Mock<FunctionContext>();
        context.Setup(it => it.InvocationId).Returns("invocation");
        context.Setup(it => it.FunctionDefinition.Name).Returns(function);
        context.Setup(it => it.BindingContext.BindingData).Returns(new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Id"] = id,
            ["DequeueCount"] = $"{dequeueCount}", // JSON text, as the worker has it
            ["PopReceipt"] = "receipt",
            ["InsertionTime"] = JsonSerializer.Serialize(insertedAt ?? DateTimeOffset.UtcNow), // likewise
        });
        return context.Object;
    }

    /// <summary>With the trace that the Functions host goes on with.</summary>
    public static FunctionContext Trace(string? traceParent)
    {
        var context = new Mock<FunctionContext>();
        context.Setup(it => it.FunctionDefinition.Name).Returns("GetCredits");
        context.Setup(it => it.TraceContext.TraceParent).Returns(traceParent!);
        context.Setup(it => it.TraceContext.TraceState).Returns("");
        return context.Object;
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class LogBook : ILogger
{
    public List<(LogLevel Level, string Text)> Lines { get; } = [];

    /// <summary>Metrics by name, with what they were counted for.</summary>
    public List<(string Name, double Value, string Queue)> Metrics { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is IDictionary<string, object> metric)
        {
            Metrics.Add(((string)metric["Name"], (double)metric["Value"], (string)metric["queue"]));
        }
        else
        {
            Lines.Add((logLevel, formatter(state, exception)));
        }
    }
}

/// <summary>The same book, for who wants a logger of its own.</summary>
internal sealed class LogBook<T>(LogBook book) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        book.Log(logLevel, eventId, state, exception, formatter);
}

/// <summary>What triggers hand over to.</summary>
internal static class Wiring
{
    public static QueueFeed Feed(this LogBook log, QueueReceiver receiver, params IConsumer[] consumers) =>
        new(new MessageDispatcher(consumers, new MessageRetries { Second = TimeSpan.Zero }, new PlanMemory(new InMemoryTableStore(), CatalogSet.Shipped.Own(), new CacheTime(TimeProvider.System), new LogBook<PlanMemory>(log)), Metrics(), new LogBook<MessageDispatcher>(log)), receiver, new LogBook<QueueFeed>(log));

    public static JobRuns Runs(this LogBook log) => new(
        new JobRunner(new DueJob(new InMemoryTableStore(), new InMemoryMessageQueue(), ShardMap.One, TimeProvider.System), Metrics(), new LogBook<JobRunner>(log)), new LogBook<JobRuns>(log));

    private static BillingMetrics Metrics() => new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
