using System.Reflection;
using Billing.Api.Http;
using Billing.Api.Pages;
using Billing.Engine.Due;
using Billing.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Tests.Drift;

/// <summary>What the Functions app runs is what the Host maps and runs: the same routes and methods, schedules and queues.</summary>
public sealed class FunctionsDriftTests
{
    private const string CatchAll = "ZNoEndpoint";

    [Fact]
    public void Every_function_is_read() => Assert.Equal(FunctionsSource.Attributes, FunctionsSource.Triggers.Length);

    [Fact]
    public void Every_endpoint_of_the_Host_is_a_function_with_its_name_method_and_route()
    {
        var host = EndpointTable.All.AddRange(EndpointTable.Development).Select(endpoint => $"{endpoint.Name}: {endpoint.Method} {endpoint.Route}");
        var functions = HttpTriggers().Select(trigger => $"{trigger.Name}: {trigger.Methods.Single()} {RouteOf(trigger)}");

        Assert.Equal(host.Order(StringComparer.Ordinal), functions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_HTTP_function_hands_over_to_the_endpoint_of_its_name()
    {
        Assert.All(HttpTriggers(), trigger => Assert.Equal(trigger.Name, trigger.Endpoint.Name));
        Assert.Same(NoEndpoint.Endpoint, FunctionsSource.Triggers.Single(trigger => trigger.Name == CatchAll).Endpoint);
    }

    [Fact]
    public void Every_HTTP_function_leaves_authentication_to_the_API() =>
        Assert.All(FunctionsSource.Of("Http"), trigger => Assert.Equal("AuthorizationLevel.Anonymous", trigger.Arguments[0]));

    [Fact]
    public void What_is_nowhere_is_answered_after_all_else_was_tried()
    {
        var last = FunctionsSource.Triggers.Single(trigger => trigger.Name == CatchAll);

        Assert.Equal(("{*path}", 0), (last.Route, last.Methods.Count()));
        // The Functions host tries routes in this order.
        Assert.Equal(CatchAll, FunctionsSource.Triggers.Select(trigger => trigger.Name).Order(StringComparer.OrdinalIgnoreCase).Last());
    }

    [Fact]
    public void No_path_is_taken_by_two_functions_because_the_Functions_host_does_not_choose_the_more_specific()
    {
        var triggers = HttpTriggers().ToList();

        Assert.All(triggers, one => Assert.DoesNotContain(triggers, other => one != other && one.Methods.Intersect(other.Methods).Any() && Overlap(RouteOf(one), RouteOf(other))));
    }

    [Fact]
    public void No_route_lies_where_the_Functions_host_keeps_its_own() =>
        Assert.DoesNotContain(HttpTriggers(), trigger => trigger.Route.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || trigger.Route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Every_timer_of_the_Host_is_a_function_with_its_job_and_schedule()
    {
        // What the Functions host gives up is there under Functions only.
        var functions = FunctionsSource.Of("Timer").Where(trigger => trigger.Name != "PoisonTimer").Select(trigger => (trigger.NamedQueue, trigger.Subject));

        Assert.Equal(Schedules.All.Order(), functions.Order());
        Assert.All(FunctionsSource.Of("Timer"), trigger => Assert.Single(trigger.Arguments)); // no RunOnStartup
    }

    [Fact]
    public void Every_queue_has_a_consumer_and_a_function_that_feeds_it()
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "src", "Billing.Host", "appsettings.Development.json")).Build();
        using var provider = new ServiceCollection().AddLogging().AddBilling(configuration, development: true).BuildServiceProvider();

        var consumers = provider.GetServices<IConsumer>().Select(consumer => consumer.Queue).Order(StringComparer.Ordinal);
        var functions = FunctionsSource.Of("Queue").Where(trigger => trigger.Body.Contains("ConsumeAsync", StringComparison.Ordinal)).ToList();

        Assert.Equal(Queues.All.Order(StringComparer.Ordinal), consumers);
        Assert.Equal(Queues.All.Order(StringComparer.Ordinal), functions.Select(trigger => trigger.Subject).Order(StringComparer.Ordinal));
        Assert.All(functions, trigger => Assert.Equal(trigger.Subject, trigger.NamedQueue));
    }

    [Fact]
    public void Poison_queues_are_nobodys_trigger_because_each_trigger_polls() =>
        Assert.Equal(Queues.All.Length, FunctionsSource.Of("Queue").Count());

    [Fact]
    public void Host_json_says_of_queues_what_the_Hosts_pump_does()
    {
        using var file = HostJson.Open();
        var queues = file.RootElement.GetProperty("extensions").GetProperty("queues");
        var pump = HostType("QueuePump");

        Assert.Equal(Private<int>(pump, "AtOnce"), queues.GetProperty("batchSize").GetInt32());
        Assert.Equal(FunctionsSource.Value("QueueFeed.MostDeliveries"), queues.GetProperty("maxDequeueCount").GetRawText());
        Assert.Equal(Private<TimeSpan>(pump, "Visibility").ToString(), queues.GetProperty("visibilityTimeout").GetString());
        Assert.Equal(Private<TimeSpan>(pump, "LongestIdle").ToString(), queues.GetProperty("maxPollingInterval").GetString());
        Assert.Equal("none", queues.GetProperty("messageEncoding").GetString());
    }

    [Fact]
    public void Host_json_puts_nothing_before_the_routes_and_refuses_no_request_that_the_API_would_answer()
    {
        using var file = HostJson.Open();
        var http = file.RootElement.GetProperty("extensions").GetProperty("http");

        Assert.Equal("", http.GetProperty("routePrefix").GetString());
        Assert.Equal((-1, -1, false), (http.GetProperty("maxOutstandingRequests").GetInt32(), http.GetProperty("maxConcurrentRequests").GetInt32(), http.GetProperty("dynamicThrottlesEnabled").GetBoolean()));
    }

    [Fact]
    public void Host_json_pays_for_no_aggregates_beside_the_metrics()
    {
        using var file = HostJson.Open();

        Assert.Equal("Warning", file.RootElement.GetProperty("logging").GetProperty("logLevel").GetProperty("Host.Aggregator").GetString());
    }

    [Fact]
    public void Host_json_lets_through_what_timers_and_queues_log_and_nothing_of_requests()
    {
        // The Functions host hands this section to the same filters.
        var levels = new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "host.json")).Build().GetSection("logging");
        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(levels).AddConsole());

        Assert.All(FunctionsSource.Triggers, trigger => Assert.Equal(trigger.Kind != "Http", loggers.CreateLogger($"Function.{trigger.Name}.User").IsEnabled(LogLevel.Information)));
        Assert.All(FunctionsSource.Triggers, trigger => Assert.False(loggers.CreateLogger($"Function.{trigger.Name}").IsEnabled(LogLevel.Information)));
    }

    private static IEnumerable<Trigger> HttpTriggers() => FunctionsSource.Of("Http").Where(trigger => trigger.Name != CatchAll);

    // The Functions host takes an empty route for none, so that of the root is spelled so that nothing else fits it.
    private static string RouteOf(Trigger trigger) => trigger.Route == StaticPages.LandingTrigger ? StaticPages.LandingRoute : trigger.Route;

    private static bool Overlap(string one, string other)
    {
        var (left, right) = (one.Split('/'), other.Split('/'));
        return left.Length == right.Length && left.Zip(right).All(pair => pair.First == pair.Second || pair.First.StartsWith('{') || pair.Second.StartsWith('{'));
    }

    private static Type HostType(string name) => Assembly.Load("Billing.Host").GetType($"Billing.Host.{name}", throwOnError: true)!;

    private static T Private<T>(Type type, string name) => (T)type.GetField(name, BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
}
