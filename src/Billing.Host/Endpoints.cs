using Billing.Api;
using Billing.Api.Development;
using Billing.Api.Http;

namespace Billing.Host;

/// <summary>Maps the table of endpoints.</summary>
internal static class Endpoints
{
    public static void MapBilling(this WebApplication app)
    {
        var api = app.Services.GetRequiredService<BillingApi>();
        foreach (var endpoint in app.Services.GetRequiredService<TimeProvider>() is DevClock ? EndpointTable.All.AddRange(EndpointTable.Development) : EndpointTable.All)
        {
            app.MapMethods("/" + endpoint.Route, [endpoint.Method], http => RunAsync(api, http, endpoint));
        }

        app.MapFallback("{*path}", http => RunAsync(api, http, NoEndpoint.Endpoint));
    }

    private static async Task RunAsync(BillingApi api, HttpContext http, ApiEndpoint endpoint)
    {
        var result = await api.HandleAsync(http, endpoint);
        await result.ExecuteAsync(http);
    }
}
