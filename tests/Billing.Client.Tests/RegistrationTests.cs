using Billing.Client.Testing;
using Billing.Client.Tests.Agreement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Billing.Client.Tests;

/// <summary>What a container is told is checked when the host starts, and is followed when it changes.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public async Task A_registered_client_calls_the_backend()
    {
        await using var billing = BillingFake.Start();
        await using var provider = Provide(services =>
        {
            services.AddBillingClient(options => (options.BaseAddress, options.ServiceKey) = (BillingFake.Address, BillingFake.ServiceKey)).ConfigurePrimaryHttpMessageHandler(billing.CreateHandler);
            services.AddBillingOperator(options => (options.BaseAddress, options.OperatorKey) = (BillingFake.Address, BillingFake.OperatorKey)).ConfigurePrimaryHttpMessageHandler(billing.CreateHandler);
        });
        var account = await provider.GetRequiredService<IBillingOperator>().CreateAccountAsync(new NewAccount("bloom", "Ada", "ada@example.com"));
        var client = provider.GetRequiredService<IBillingClient>();
        Assert.IsType<Admission.Admitted>(await client.AdmitAsync(Customer.OfWorkspace(account.WorkspaceId), Stage.Images(1)));
        Assert.Same(client, provider.GetRequiredService<IBillingClient>());
    }

    [Fact]
    public void All_that_is_missing_is_told_at_start()
    {
        using var provider = Provide(services => services.AddBillingClient(options => (options.MaxAttempts, options.Timeout) = (0, TimeSpan.Zero)));
        var wrong = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(
            ["BaseAddress", "MaxAttempts", "ServiceKey", "Timeout"],
            wrong.Failures.Select(failure => failure.Split(' ')[0].Replace("BillingClientOptions.", "", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData("a key with spaces")]
    [InlineData("schlüssel")]
    public void A_wrong_key_is_not_repeated(string key)
    {
        using var provider = Provide(services => services.AddBillingOperator(options => (options.BaseAddress, options.OperatorKey) = (BillingFake.Address, key)));
        var wrong = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.DoesNotContain(key, wrong.Message, StringComparison.Ordinal);
        Assert.Contains("OperatorKey", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://billing.example", "http://billing.example/api/v1/credits")]
    [InlineData("http://billing.example/", "http://billing.example/api/v1/credits")]
    [InlineData("http://billing.example/behind/proxy", "http://billing.example/behind/proxy/api/v1/credits")]
    public async Task A_path_of_the_address_stays(string address, string called)
    {
        var line = new Recorder();
        await using var provider = Provide(services => services
            .AddBillingClient(options => (options.BaseAddress, options.ServiceKey) = (new Uri(address), "key-1")).ConfigurePrimaryHttpMessageHandler(() => line));
        await Assert.ThrowsAsync<BillingException>(() => provider.GetRequiredService<IBillingClient>().GetCreditsAsync("customer"));
        Assert.Equal(called, line.Requests.Single().Address);
    }

    [Fact]
    public async Task A_key_is_exchanged_without_a_restart()
    {
        var line = new Recorder();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ServiceKey"] = "key-1" }).Build();
        await using var provider = Provide(services =>
        {
            services.AddBillingClient(options => options.BaseAddress = BillingFake.Address).ConfigurePrimaryHttpMessageHandler(() => line);
            services.Configure<BillingClientOptions>(configuration);
        });
        var client = provider.GetRequiredService<IBillingClient>();
        await Assert.ThrowsAsync<BillingException>(() => client.GetCreditsAsync("customer"));
        configuration["ServiceKey"] = "key-2";
        configuration.Reload();
        await Assert.ThrowsAsync<BillingException>(() => client.GetCreditsAsync("customer"));
        Assert.Equal(["Bearer key-1", "Bearer key-2"], line.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public void The_sample_registers_it()
    {
        using var provider = Provide(services => Sample.Registration.AddBilling(services, BillingFake.Address, "key-1"));
        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.IsType<BillingClient>(provider.GetRequiredService<IBillingClient>());
    }

    private static ServiceProvider Provide(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection();
        register(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Notes what is sent, and answers what is none of the backend's.</summary>
    private sealed class Recorder : HttpMessageHandler
    {
        public List<(string Address, string Authorization)> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((request.RequestUri!.AbsoluteUri, request.Headers.Authorization!.ToString()));
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.NotImplemented));
        }
    }
}
