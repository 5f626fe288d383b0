using Billing.Client;
using Billing.Client.Testing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the fake into a container.</summary>
public static class BillingFakeServiceCollectionExtensions
{
    /// <summary>Has whoever asks for <see cref="IBillingClient"/> or <see cref="IBillingOperator"/> get the fake's, whatever was registered. It stays the test's to dispose of.</summary>
    public static IServiceCollection UseBillingFake(this IServiceCollection services, BillingFake billing)
    {
        ArgumentNullException.ThrowIfNull(billing);
        services.RemoveAll<IBillingClient>().RemoveAll<IBillingOperator>();
        return services.AddSingleton(billing.Client).AddSingleton(billing.Operator);
    }
}
