using Billing.Testing;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.Functions.Tests;

/// <summary>The whole container, as Program.cs puts it together. It is built, not run: there is no Functions host here.</summary>
internal static class TestApp
{
    public const string OperatorKey = "an-operator-key-of-the-tests";
    public const string ServiceKey = "a-service-key-of-the-tests";

    /// <summary>In Azure, by identity.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Azure = new Dictionary<string, string?>
    {
        ["AzureWebJobsStorage:accountName"] = "stbilling",
        ["Billing:ServiceKeys:0"] = ServiceKey,
        ["Billing:OperatorKeys:0"] = OperatorKey,
        ["Billing:SigningKeys:0"] = "0123456789abcdef0123456789abcdef",
        ["Billing:Catalogs"] = "",
        ["Billing:TablePrefix"] = "",
        ["Billing:QueuePrefix"] = "",
        // What the Functions host says on the worker's command line: where it listens, and whom it started.
        ["Functions:Worker:HostEndpoint"] = "http://127.0.0.1:1",
        ["Functions:Worker:WorkerId"] = "worker",
        ["Functions:Worker:RequestId"] = "request",
        ["Functions:Worker:GrpcMaxMessageLength"] = "1048576",
    };

    public static IHost Build(IReadOnlyDictionary<string, string?> settings, string environment = "Production")
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Environment.EnvironmentName = environment;
        builder.Configuration.AddInMemoryCollection(settings);
        builder.ConfigureFunctionsWebApplication();
        builder.AddBillingFunctions();
        return builder.Build();
    }

    /// <summary>Over the emulator, with tables of its own.</summary>
    public static async Task<IHost> OnEmulatorAsync() => Build(new Dictionary<string, string?>(Azure)
    {
        ["AzureWebJobsStorage"] = (await Azurite.Shared).ConnectionString,
        ["Billing:TablePrefix"] = $"t{Guid.NewGuid().ToString("N")[..8]}",
    });

    /// <summary>An instance of a function's class, made as the worker makes it.</summary>
    public static T Create<T>(this IHost host) => ActivatorUtilities.CreateInstance<T>(host.Services);
}
