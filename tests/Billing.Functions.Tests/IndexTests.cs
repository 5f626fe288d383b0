using System.Text.Json;
using Billing.Api;
using Billing.Api.Http;
using Billing.Api.Pages;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Functions.Tests;

/// <summary>What the worker tells the Functions host of itself: each function with its binding.</summary>
public sealed class IndexTests
{
    [Fact]
    public async Task Every_endpoint_is_an_anonymous_HTTP_trigger()
    {
        var endpoints = EndpointTable.All.AddRange(EndpointTable.Development).Select(endpoint => $"{endpoint.Name} {endpoint.Method} {(endpoint == StaticPages.Landing ? StaticPages.LandingTrigger : endpoint.Route)} Anonymous");
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

    [Fact]
    public async Task Every_further_shard_has_a_trigger_for_each_queue_that_listens_there()
    {
        var settings = new Dictionary<string, string?>(TestApp.Azure) { ["Billing:Shards:1:accountName"] = "stbillingone", ["Billing:Shards:2"] = "UseDevelopmentStorage=true", ["Billing:Shards:1:credential"] = "managedidentity" };
        var triggers = await TriggersAsync("queueTrigger", Shown, settings);

        Assert.Equal(3 * Queues.All.Length, triggers.Count());
        Assert.Equal(
            ["RefundsQueue refunds ", "Shard1_RefundsQueue refunds Billing:Shards:1", "Shard2_RefundsQueue refunds Billing:Shards:2"],
            triggers.Where(trigger => trigger.Contains("RefundsQueue", StringComparison.Ordinal)));
        Assert.Equal(new ShardQueue(2, Queues.Refunds), ShardTriggers.QueueOf(Queues.Refunds, "Shard2_RefundsQueue"));
        Assert.Equal(new ShardQueue(0, Queues.Refunds), ShardTriggers.QueueOf(Queues.Refunds, "RefundsQueue"));

        settings["Billing:Shards:0:accountName"] = "stbillingzero";
        Assert.Contains("RefundsQueue refunds Billing:Shards:0", await TriggersAsync("queueTrigger", Shown, settings));

        static string Shown(string name, JsonElement binding) =>
            $"{name} {binding.GetProperty("queueName").GetString()} {(binding.TryGetProperty("connection", out var connection) ? connection.GetString() : "")}";
    }

    [Fact]
    public void The_Functions_host_cannot_read_an_accounts_name_in_the_place_of_a_connection_string()
    {
        var settings = new Dictionary<string, string?>(TestApp.Azure) { ["Billing:Shards:1"] = "stbillingone" };
        Assert.Contains("Billing__Shards__1__accountName", Assert.Throws<SettingsException>(() => TestApp.Build(settings)).Message, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> TriggersAsync(string type, Func<string, JsonElement, string> show, IReadOnlyDictionary<string, string?>? settings = null)
    {
        using var host = TestApp.Build(settings ?? TestApp.Azure);
        var functions = await host.Services.GetRequiredService<IFunctionMetadataManager>().GetFunctionMetadataAsync(AppContext.BaseDirectory);
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
