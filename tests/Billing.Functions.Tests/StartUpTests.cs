using System.Reflection;
using Billing.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.Functions.Tests;

public sealed class StartUpTests
{
    [Fact]
    public void Every_function_can_be_made()
    {
        using var host = TestApp.Build(TestApp.Azure);
        var classes = typeof(FunctionsApp).Assembly.GetTypes().Where(type => type.GetMethods().Any(method => method.GetCustomAttribute<FunctionAttribute>() is not null)).ToList();

        Assert.NotEmpty(classes);
        Assert.All(classes, type => Assert.NotNull(ActivatorUtilities.CreateInstance(host.Services, type)));
    }

    [Fact]
    public void Everything_that_is_registered_can_be_made()
    {
        using var host = TestApp.Build(TestApp.Azure, Environments.Development); // where the container checks itself

        Assert.NotEmpty(host.Services.GetServices<IHostedService>());
    }

    [Fact]
    public void In_Azure_a_cold_start_asks_for_no_table_or_queue_and_warms_up_instead()
    {
        using var host = TestApp.Build(TestApp.Azure);
        var services = host.Services.GetServices<IHostedService>().Select(service => service.GetType()).ToList();

        Assert.Contains(typeof(WarmUp), services);
        Assert.DoesNotContain(typeof(StorageSetup), services);
    }

    [Fact]
    public async Task On_a_developers_machine_start_up_makes_the_tables_and_queues()
    {
        using var host = await TestApp.OnEmulatorAsync();
        var setup = new StorageSetup(host.Services.GetRequiredService<TableLedger>(), host.Services.GetRequiredService<QueueDoorbell>());

        await setup.StartingAsync(default);

        Assert.Null(await host.Services.GetRequiredService<ILedger>().ReadAsync(new Partition(Table.Ledger, "ws_1"), "account", default));
        Assert.Equal(0, await host.Services.GetRequiredService<QueueReceiver>().ApproximateCountAsync(Queues.Refunds + Queues.PoisonSuffix, default));
    }

    [Theory]
    [InlineData("Billing:ServiceKeys:0", "", "Billing__ServiceKeys__0")]
    [InlineData("Billing:OperatorKeys:0", "", "Billing__OperatorKeys__0")]
    [InlineData("Billing:SigningKey", "@Microsoft.KeyVault(VaultName=kv;SecretName=signing-key)", "Billing__SigningKey")]
    [InlineData("Billing:OperatorKeys:0", "@Microsoft.KeyVault(VaultName=kv;SecretName=operator-key)", "Billing__OperatorKeys__0")]
    [InlineData("Billing:QueuePrefix", "other-", "Billing__QueuePrefix")]
    public void A_setting_that_would_open_a_door_or_lose_messages_ends_the_start_and_is_named(string name, string value, string named)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => TestApp.Build(new Dictionary<string, string?>(TestApp.Azure) { [name] = value }));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("@Microsoft", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warming_up_without_storage_stops_nothing()
    {
        using var host = TestApp.Build(new Dictionary<string, string?>(TestApp.Azure)
        {
            ["AzureWebJobsStorage"] = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a",
        });
        using var warmUp = new WarmUp(host.Services.GetRequiredService<ILedger>());

        await warmUp.StartAsync(default);
        await warmUp.ExecuteTask!;
    }
}
