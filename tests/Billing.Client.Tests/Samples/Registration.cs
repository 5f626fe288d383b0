using Microsoft.Extensions.DependencyInjection;

namespace Sample;

public static class Registration
{
    public static void AddBilling(IServiceCollection services, Uri backend, string serviceKey) => services.AddBillingClient(options =>
    {
        options.BaseAddress = backend;
        options.ServiceKey = serviceKey;
        options.Timeout = TimeSpan.FromSeconds(10);
    });
}
