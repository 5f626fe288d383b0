using System.Text.Json;
using Billing.Api.Http;
using Billing.Engine.Due;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Functions.Tests;

/// <summary>What the worker tells the Functions host of itself: each function with its binding.</summary>
public sealed class IndexTests
{
    [Fact]
    public async Task Every_endpoint_is_an_anonymous_HTTP_trigger()
    {
        var endpoints = EndpointTable.All.AddRange(EndpointTable.Development).Select(endpoint => $"{endpoint.Name} {endpoint.Method} {endpoint.Route} Anonymous");
        var triggers = await TriggersAsync("httpTrigger", (name, binding) =>
            $"{name} {string.Join(',', Methods(binding))} {binding.GetProperty("route").GetString()} {binding.GetProperty("authLevel").GetString()}");

        Assert.Equal(endpoints.Append("ZNoEndpoint  {*path} Anonymous").Order(StringComparer.Ordinal), triggers);
    }

    [Fact]
    public async Task Every_schedule_is_a_timer_trigger() => Assert.Equal(
        new[]
        {
            $"AuditsTimer {Schedules.Audits}", $"ExpirationsTimer {Schedules.Expirations}", $"OverageChargesTimer {Schedules.OverageCharges}", $"PoisonTimer {PoisonDrain.Schedule}", $"RenewalsTimer {Schedules.Renewals}",
            $"RetentionTimer {Schedules.Retention}", $"WebhooksTimer {Schedules.Webhooks}",
        },
        await TriggersAsync("timerTrigger", (name, binding) => $"{name} {binding.GetProperty("schedule").GetString()}"));

    [Fact]
    public async Task Every_queue_is_a_queue_trigger() => Assert.Equal(
        Queues.All.Order(StringComparer.Ordinal),
        (await TriggersAsync("queueTrigger", (_, binding) => binding.GetProperty("queueName").GetString()!)).Order(StringComparer.Ordinal));

    private static async Task<IEnumerable<string>> TriggersAsync(string type, Func<string, JsonElement, string> show)
    {
        using var host = TestApp.Build(TestApp.Azure);
        var functions = await host.Services.GetRequiredService<IFunctionMetadataProvider>().GetFunctionMetadataAsync(AppContext.BaseDirectory);
        return functions
            .SelectMany(function => function.RawBindings!.Select(binding => (function.Name, Binding: JsonSerializer.Deserialize<JsonElement>(binding))))
            .Where(function => function.Binding.GetProperty("type").GetString() == type)
            .Select(function => show(function.Name!, function.Binding))
            .Order(StringComparer.Ordinal)
            .ToList();
    }

    private static IEnumerable<string> Methods(JsonElement binding) =>
        binding.TryGetProperty("methods", out var methods) ? methods.EnumerateArray().Select(method => method.GetString()!.ToUpperInvariant()) : [];
}
