using System.Diagnostics.CodeAnalysis;
using Billing.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the client into a container.</summary>
public static class BillingServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IBillingClient"/>, one for the process, over the named HttpClient <see cref="BillingClient.HttpClientName"/>. What is missing or
    /// wrong in its options is told when the host starts.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="configure">Address and key at least.</param>
    /// <returns>The HttpClient's builder: handlers of your own come there. They see the key.</returns>
    public static IHttpClientBuilder AddBillingClient(this IServiceCollection services, Action<BillingClientOptions> configure)
    {
        services.TryAddSingleton<IBillingClient>(provider => new BillingClient(provider.ConnectionOf<BillingClientOptions, BillingClient>(BillingClient.HttpClientName)));
        return services.AddConnection(configure, BillingClient.HttpClientName);
    }

    /// <summary>Registers <see cref="IBillingOperator"/>, the same way. Its key may do everything: give it to no service that needs the client alone.</summary>
    /// <inheritdoc cref="AddBillingClient"/>
    public static IHttpClientBuilder AddBillingOperator(this IServiceCollection services, Action<BillingOperatorOptions> configure)
    {
        services.TryAddSingleton<IBillingOperator>(provider => new BillingOperator(provider.ConnectionOf<BillingOperatorOptions, BillingOperator>(BillingOperator.HttpClientName)));
        return services.AddConnection(configure, BillingOperator.HttpClientName);
    }

    private static IHttpClientBuilder AddConnection<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, Action<TOptions> configure, string name)
        where TOptions : BillingOptions, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>>(new BillingOptionsValidation<TOptions>()));
        services.AddOptions<TOptions>().Configure(configure).ValidateOnStart();
        return services.AddHttpClient(name, (provider, http) =>
        {
            var options = provider.GetRequiredService<IOptionsMonitor<TOptions>>().CurrentValue;
            http.BaseAddress = WithSlash(options.BaseAddress!);
            http.Timeout = options.Timeout;
        }).RedactLoggedHeaders(["Authorization", "X-Api-Key"]);
    }

    // A singleton that kept an HttpClient would keep its connections, and with them an address that has moved.
    private static Connection ConnectionOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions, TCategory>(
        this IServiceProvider provider, string name)
        where TOptions : BillingOptions
    {
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        var options = provider.GetRequiredService<IOptionsMonitor<TOptions>>();
        return new Connection(() => factory.CreateClient(name), () => options.CurrentValue, provider.GetRequiredService<ILogger<TCategory>>());
    }

    // Without it, the last part of a path would be lost.
    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
