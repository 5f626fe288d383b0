using Billing.Testing;

namespace Billing.Client.Tests;

/// <summary>A backend on the machine's own clock, as clients that have no other see it: one that verifies a webhook asks how old it is.</summary>
public sealed class RealTimeHost : IAsyncLifetime
{
    private const string ServiceKey = "sk_service_of_the_typescript_tests";
    private const string OperatorKey = "sk_operator_of_the_typescript_tests";
    private HostProcess _host = null!;

    /// <summary>Where it is and what opens it, as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["BILLING_ADDRESS"] = _host.Address.ToString(),
        ["BILLING_SERVICE_KEY"] = ServiceKey,
        ["BILLING_OPERATOR_KEY"] = OperatorKey,
    };

    public async Task InitializeAsync()
    {
        var suffix = Guid.NewGuid().ToString("N")[..8];
        _host = await HostProcess.StartAsync(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["AzureWebJobsStorage"] = (await Azurite.Shared).ConnectionString,
            ["Billing__TablePrefix"] = "t" + suffix,
            ["Billing__QueuePrefix"] = $"t{suffix}-",
            ["Billing__ServiceKeys__0"] = ServiceKey,
            ["Billing__OperatorKeys__0"] = OperatorKey,
        });
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();
}
