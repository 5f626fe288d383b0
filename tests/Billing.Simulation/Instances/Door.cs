using Billing.Api;
using Billing.Api.Callers;
using Billing.Api.Plans;
using Billing.Api.Telemetry;
using Billing.Engine.Committing;
using Billing.Engine.Webhooks;
using Billing.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Billing.Simulation.Instances;

/// <summary>The API of one life of a process: the real one, called without a socket.</summary>
/// <remarks>
/// <para>
/// All that it awaits is storage, by the process's line, and a body that is there already: so it stays on the loop's thread. Its clocks are the process's. Of what
/// the product has beside those, two things go by real time, and neither is in an answer or decides one: the duration of a commit (metrics, which nobody
/// watches here) and a stop-watch of the health check (which nobody calls here).
/// </para>
/// <para>It is never disposed of: what was under way when its process died runs on to its next wait, and it holds nothing but memory.</para>
/// </remarks>
internal sealed class Door
{
    public const string ServiceKey = "sk_service_of_the_simulation_0123456789abcdef";
    public const string OperatorKey = "sk_operator_of_the_simulation_0123456789abcdef";
    private static readonly Lazy<ServiceCollection> Wiring = new(Wire);
    private readonly ServiceProvider _services;
    private readonly BillingApi _api;

    public Door(WriterPorts ports, ShardMap shards, PlanMemory plans, WorkspaceWriter writer, WorkspaceOpener opener, WebhookPorts webhooks, Entropy entropy)
    {
        var services = new ServiceCollection();
        foreach (var service in Wiring.Value)
        {
            ((ICollection<ServiceDescriptor>)services).Add(service);
        }

        services.AddSingleton(ports.Store).AddSingleton(ports.Messages).AddSingleton(ports.Catalogs).AddSingleton(ports.Clock);
        services.AddSingleton(ports).AddSingleton(writer).AddSingleton(opener).AddSingleton(webhooks).AddSingleton(entropy).AddSingleton(plans);
        services.AddSingleton(new CacheTime(ports.Clock)).AddSingleton(shards);
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        _services = services.BuildServiceProvider();
        _api = _services.GetRequiredService<BillingApi>();
    }

    /// <summary>Answers a request.</summary>
    public async Task<WebAnswer?> SendAsync(WebRequest request)
    {
        var http = request.ToContext();
        using var body = new MemoryStream();
        http.Response.Body = body;
        http.RequestServices = _services;
        await (await _api.HandleAsync(http, request.Endpoint)).ExecuteAsync(http);
        return WebAnswer.Of(http.Response, body.ToArray());
    }

    /// <summary>What all lives of all runs share: the wiring as the Host has it, and what nobody here asks for anything.</summary>
    private static ServiceCollection Wire()
    {
        var settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Billing:ServiceKeys:0"] = ServiceKey,
            ["Billing:OperatorKeys:0"] = OperatorKey,
            ["Billing:SigningKeys:0"] = "signs_quotes_and_sessions_of_the_simulation_0123456789",
        };
        var services = new ServiceCollection();
        services.AddBilling(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), development: false);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        var shared = services.BuildServiceProvider();
        services.AddSingleton(shared.GetRequiredService<BillingMetrics>()).AddSingleton(shared.GetRequiredService<QueueReceiver>());
        return services;
    }
}
